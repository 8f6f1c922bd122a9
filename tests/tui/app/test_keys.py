"""Every key that works is in the one list of actions, of which footer, help and pages are made; none clashes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.events import Key
from textual.pilot import Pilot

from docs import tables
from index import Searcher
from tui.app import keys
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.screens.search import SearchScreen
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.result_list import ResultList
from tui.app.widgets.search_line import SearchLine

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
ROWS = [row for place in keys.PLACES for row in place.actions]
NEARER = {
    "walk": {"n", "N"}, "enter and escape": {"enter", "escape"},
    "find before ask": {"slash"}, "narrowing by a value": {"x"}, "units of the timeline": {"d", "m", "w"},
    "copy": {"ctrl+c", "super+c", "c", "y", "u"},
}  # fmt: skip
"""Keys that do one thing in a pane, and another, or the like, around it."""


def keys_of(row: Binding) -> list[str]:
    return row.key.split(",")


def active(app: MorgueApp) -> set[str]:
    return {f"{key} {found.binding.id}" for key, found in app.screen.active_bindings.items()}


async def test_every_key_that_works_anywhere_is_listed(seed_archive: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "sanctions", "lexical")
    working = set()
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: app.query_one(ArticleText).page)
        working |= active(app)
        await pilot.press("enter")
        working |= active(app)
        await pilot.press("tab")
        assert isinstance(app.focused, ArticleText)
        working |= active(app)
        app.query_one(ResultList).focus()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))
        working |= active(app)

    assert {"n next-match", "f1 help", "slash find", "escape leave-article", "ctrl+q quit"} <= working
    assert working - {f"{key} {row.id}" for row in ROWS for key in keys_of(row)} == set()


def test_every_action_has_a_name_of_its_own_and_says_what_it_does() -> None:
    assert [name for name, count in Counter(row.id for row in ROWS).items() if count > 1] == []
    assert [row.id for row in ROWS if not (row.id and row.tooltip and row.id == row.id.lower().replace("_", "-"))] == []


def test_every_action_is_in_a_place_and_its_place_is_among_those_that_work_together() -> None:
    assert {row.id for rows in keys.TOGETHER for row in rows} == {row.id for row in ROWS}


@pytest.mark.parametrize("place", keys.PLACES, ids=lambda place: place.title)
def test_no_key_does_two_things_in_one_place(place: keys.Place) -> None:
    assert [
        key for key, count in Counter(key for row in place.actions for key in keys_of(row)).items() if count > 1
    ] == []


@pytest.mark.parametrize("rows", keys.TOGETHER)
def test_what_works_together_has_the_same_keys_only_where_that_is_meant(rows: tuple[Binding, ...]) -> None:
    counts = Counter(key for row in rows for key in keys_of(row))
    scrolling = {"down", "j", "up", "k", "pagedown", "pageup", "space", "home", "g", "end", "G"}
    assert {key for key, count in counts.items() if count > 1} - set().union(*NEARER.values()) - scrolling == set()


def test_no_key_of_ours_is_one_that_terminals_and_multiplexers_take() -> None:
    taken = {"ctrl+a", "ctrl+b", "ctrl+s", "f10", "f11", "f12", "alt+f4", "shift+pageup", "shift+pagedown"}
    assert taken & {key for row in ROWS for key in keys_of(row)} == set()


async def test_no_key_but_one_ends_the_session(seed_archive: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "sanctions", "lexical")
    elsewhere = {"o", "E", "delete"}  # what they begin goes on beside the session, and writes to the archive
    pressed = sorted({key for row in ROWS for key in keys_of(row)} - {"ctrl+q", *elsewhere})
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits)
        for key in pressed:
            for focus in (SearchLine, ResultList, ArticleText):
                while not isinstance(app.screen, SearchScreen):
                    app.pop_screen()
                    await pilot.pause()
                app.screen.query(focus).first().focus()
                await pilot.press(key, "q")
                assert app.is_running, f"{key} in {focus.__name__}"
        await pilot.press("ctrl+q")
    assert not app.is_running


def test_pages_show_the_keys_as_they_are(tmp_path: Path) -> None:
    assert tables.stale_tables() == []
    page = tables.keys_filled("<!-- keys: all -->\nwhat was there\n<!-- end -->\n")
    assert all(row.tooltip in page and f"`{row.id}`" in page for row in ROWS)
    assert "what was there" not in page
    few = tables.keys_filled("<!-- keys: few -->\n<!-- end -->\n")
    assert [row.id for row in ROWS if row.show and row.tooltip not in few] == []


def test_the_example_of_contributing_is_an_action_that_could_be_added() -> None:
    page = (Path(__file__).parents[3] / "CONTRIBUTING.md").read_text("utf-8")
    (name, written, method), *more = re.findall(r'_key\("([^"]+)", "([^"]+)", "([^"]+)"', page)
    assert more == []
    assert name not in {row.id for row in ROWS}
    assert f"`action_{method}`" in page
    around = {key for rows in keys.TOGETHER if set(keys.SEARCH) <= set(rows) for row in rows for key in keys_of(row)}
    assert set(written.split(",")) & around == set()


def test_keys_are_labelled_as_on_the_keyboard() -> None:
    assert [keys.label(key) for key in ("f1", "ctrl+q", "slash", "N", "enter", "pagedown")] == [
        "F1",
        "Ctrl+Q",
        "/",
        "N",
        "Enter",
        "PgDn",
    ]


@pytest.mark.parametrize(
    ("keys", "left"), [(("ctrl+u", "m", "a"), "ma"), (("ctrl+w", "m"), "old m"), (("home", "m"), "mold zebra")]
)
async def test_letters_never_overtake_a_key_that_edits(
    seed_archive: Path, until: Until, keys: tuple[str, ...], left: str
) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "old zebra", "lexical")
    async with app.run_test() as pilot:
        line = app.screen.query_one(SearchLine)
        await until(pilot, lambda: line.has_focus)
        for key in keys:  # as a terminal gives them that was typed in quickly
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: line.value == left)
        await pilot.pause(0.1)
        assert line.value == left
