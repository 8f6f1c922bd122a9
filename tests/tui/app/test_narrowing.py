"""Narrowing by values and by time, and the order of rows: read from the drawn cells, held to the command's answer."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot

from index import Facets, Group, Mode, Order, Searcher
from tests.tui.newsroom import Delayed, Picture, newsroom, opened
from tui.app.app import MorgueApp
from tui.app.screens.search import SearchScreen
from tui.app.view.timeline import Window
from tui.app.widgets.narrowing.chips import ChipLine
from tui.app.widgets.narrowing.panel import NarrowPanel
from tui.app.widgets.narrowing.time_strip import TimeStrip

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
SIZES = [(120, 40), (80, 24)]
CHIP = re.compile(r"[-\w]+:(?:=\"[^\"]*\"|\S+)(?= ×)")


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newsroom(tmp_path_factory.mktemp("narrowing") / "archive", 90)


def app_over(path: Path, query: str = "", kind: type[Searcher] = Delayed) -> MorgueApp:
    return MorgueApp(lambda: opened(path, kind), query, "lexical", path)


def searching(app: MorgueApp) -> SearchScreen:
    assert isinstance(app.screen, SearchScreen)
    return app.screen


def titles(path: Path, question: str, order: Order = Order.BEST) -> list[str]:
    """Ask as the command does."""
    with opened(path) as searcher:
        answer = searcher.search(question, 90, Mode.LEXICAL, Group.ARTICLE, order=order)
        return [hit.article.title[:5] for hit in answer]


def chips(app: MorgueApp) -> list[str]:
    """Return the chips as they are drawn."""
    picture = Picture(app)
    region = app.query_one(ChipLine).region
    line = picture.lines[region.y] if app.query_one(ChipLine).display else ""
    return CHIP.findall(line)


def shows(app: MorgueApp, expected: list[str]) -> bool:
    """Tell whether the rows are a stretch of an answer, and drawn as one that is at rest."""
    picture = Picture(app)
    drawn = [(row.rank, row.title) for row in picture.rows]
    ranked = list(enumerate(expected, 1))
    first = drawn[0][0] if drawn else None
    return first is not None and picture.is_at_rest and drawn == ranked[first - 1 : first - 1 + len(drawn)]


def counts_are_there(app: MorgueApp) -> bool:
    return searching(app).session.counts is not None and not searching(app).session.counts_are_old


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("key", "sign"), [("space", ""), ("x", "-"), ("minus", "-"), ("enter", "")])
async def test_a_value_is_demanded_or_left_out_by_two_keys(
    news: Path, until: Until, size: tuple[int, int], key: str, sign: str
) -> None:
    app = app_over(news, "sanctions")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: Picture(app).rows and counts_are_there(app))
        await pilot.press("enter", "f", key)
        await until(pilot, lambda: len(chips(app)) == 1)
        (chip,) = chips(app)
        assert re.fullmatch(rf'{sign}outlet:="Outlet \d"', chip)
        expected = titles(news, f"sanctions {chip}")
        assert 0 < len(expected) < len(titles(news, "sanctions"))
        await until(pilot, lambda: shows(app, expected))
        assert {int(title[1:]) % 7 == int(chip[-2]) for title in expected} == {not sign}
        mark = "[-]" if sign else "[x]"
        assert any(f"{mark} {chip[-9:-1]}" in line for line in Picture(app).lines)
        await pilot.press(key)
        await until(pilot, lambda: not chips(app) and shows(app, titles(news, "sanctions")))


async def test_rows_are_drawn_as_old_until_the_narrowed_answer_is_there(
    news: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_over(news, "sanctions")
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: Picture(app).rows and counts_are_there(app))
        await pilot.press("enter", "f")
        monkeypatch.setattr(Delayed, "longest", 3.0)
        monkeypatch.setattr(Delayed.drawn, "random", lambda: 1.0)
        await pilot.press("space")
        await until(pilot, lambda: all(row.rank is None for row in Picture(app).rows))  # they fade a moment later
        picture = Picture(app)
        assert picture.rows
        assert "old rows, of “sanctions”" in picture.status
        assert "counting …" in "".join(picture.lines)
        monkeypatch.setattr(Delayed, "longest", 0.0)
        await until(pilot, lambda: shows(app, titles(news, f"sanctions {chips(app)[0]}")))


async def test_values_of_one_thing_are_alternatives_and_their_counts_stay_to_choose_from(
    news: Path, until: Until
) -> None:
    app = app_over(news, "sanctions")
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: Picture(app).rows and counts_are_there(app))
        await pilot.press("enter", "f", "space")
        await until(pilot, lambda: chips(app) and counts_are_there(app))
        await pilot.press("j", "space")
        await until(pilot, lambda: len(chips(app)) == 2 and counts_are_there(app))
        first, second = chips(app)
        await until(pilot, lambda: shows(app, titles(news, f"sanctions ({first} OR {second})")))
        assert sum(row.by == "outlet" and row.articles > 0 for row in app.query_one(NarrowPanel).rows) >= 7


@pytest.mark.parametrize("size", SIZES)
async def test_backspace_takes_the_last_chip_away_and_undo_brings_it_back(
    news: Path, until: Until, size: tuple[int, int]
) -> None:
    app = app_over(news, "sanctions")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: Picture(app).rows and counts_are_there(app))
        await pilot.press("enter", "f", "space", "escape")
        await until(pilot, lambda: chips(app) and app.focused is searching(app).results)
        assert not app.query_one(NarrowPanel).display
        (chip,) = chips(app)
        await pilot.press("backspace")
        await until(pilot, lambda: not chips(app) and shows(app, titles(news, "sanctions")))
        await pilot.press("U")
        await until(pilot, lambda: chips(app) == [chip] and shows(app, titles(news, f"sanctions {chip}")))
        await pilot.press("slash", "end", "ctrl+u", "backspace")
        await until(pilot, lambda: not chips(app))


async def test_the_question_is_copied_with_all_that_narrows_it(news: Path, until: Until) -> None:
    app = app_over(news, "sanctions")
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: Picture(app).rows and counts_are_there(app))
        await pilot.press("enter", "f", "x", "Y")
        await until(pilot, lambda: chips(app) and app.clipboard)
        assert app.clipboard == f"sanctions {chips(app)[0]}"


async def test_what_narrows_alone_lists_the_archive_and_a_word_narrows_that(news: Path, until: Until) -> None:
    app = app_over(news)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: "Ask a topic in plain" in "".join(Picture(app).lines))
        await pilot.press("f9")
        await until(pilot, lambda: counts_are_there(app))
        assert any("[ ] Outlet 0" in line for line in Picture(app).lines)
        await pilot.press("space")
        await until(pilot, lambda: len(chips(app)) == 1)
        chip = chips(app)[0]
        await until(pilot, lambda: shows(app, titles(news, chip)))
        await pilot.press("slash", *"ferry", "enter")
        await until(pilot, lambda: shows(app, titles(news, f"ferry {chip}")))


async def test_totals_stand_beside_the_chips_once_the_question_is_asked(news: Path, until: Until) -> None:
    app = app_over(news)
    count = len(titles(news, "sanctions"))
    words = f"{count} articles by words, 7 outlets, Jan 2022 - Dec 2022"
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: "Ask a topic in plain" in "".join(Picture(app).lines))
        await pilot.press(*"sanctions")
        await until(pilot, lambda: Picture(app).rows)
        assert words not in "".join(Picture(app).lines)
        await pilot.press("enter")
        await until(pilot, lambda: words in "".join(Picture(app).lines))


class Counting(Searcher):
    """A searcher whose counts wait to be let go."""

    let = Event()

    def facets(self, *args: Any, **options: Any) -> Facets:
        assert self.let.wait(60)
        return super().facets(*args, **options)


async def test_an_answer_never_waits_for_counts(news: Path, until: Until) -> None:
    Counting.let.clear()
    app = app_over(news, "sanctions", Counting)
    async with app.run_test(size=SIZES[0]) as pilot:
        try:
            await until(pilot, lambda: shows(app, titles(news, "sanctions")))
            await pilot.press("f9")
            await until(pilot, lambda: "counting …" in "".join(Picture(app).lines))
            await pilot.press("slash", "end", "ctrl+u", *"ferry", "enter")
            await until(pilot, lambda: shows(app, titles(news, "ferry")))
            assert searching(app).session.counts is None
        finally:
            Counting.let.set()
        await until(pilot, lambda: counts_are_there(app))
        assert f"{len(titles(news, 'ferry'))} articles by words" in "".join(Picture(app).lines)


async def test_one_key_goes_through_the_orders_and_the_status_says_which(news: Path, until: Until) -> None:
    app = app_over(news, "sanctions")
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: shows(app, titles(news, "sanctions")))
        assert "first" not in Picture(app).status
        await pilot.press("enter", "j", "j", "s")
        for order in (Order.NEWEST, Order.OLDEST, Order.BEST):
            expected = titles(news, "sanctions", order)
            await until(pilot, partial(shows, app, expected))
            picture = Picture(app)
            assert (f"{order} first" in picture.status) is (order != Order.BEST)
            assert picture.selected is not None
            assert picture.selected.rank == 1
            await pilot.press("s")


@pytest.mark.parametrize("size", SIZES)
async def test_a_span_of_time_is_picked_on_the_timeline(news: Path, until: Until, size: tuple[int, int]) -> None:
    app = app_over(news, "sanctions")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: Picture(app).rows and counts_are_there(app))
        await pilot.press("enter", "t", "m", "enter")
        await until(pilot, lambda: chips(app) == ["date:2022-12"])
        await until(pilot, lambda: shows(app, titles(news, "sanctions date:2022-12")))
        assert "by month" in "".join(Picture(app).lines)
        await until(pilot, lambda: counts_are_there(app))
        await pilot.press("left", "left", "enter")
        await until(pilot, lambda: chips(app) == ["date:2022-10..2022-12"])
        await pilot.press("home", "shift+right", "shift+right", "enter")
        await until(pilot, lambda: chips(app) == ["date:2022-01..2022-03"])
        await until(pilot, lambda: shows(app, titles(news, "sanctions date:2022-01..2022-03")))
        assert "Jan - 31 Mar 2022" in "".join(Picture(app).lines)
        await pilot.press("w")
        assert "by week" in "".join(Picture(app).lines)
        await pilot.press("escape")
        assert app.focused is searching(app).results
        assert not app.query_one(TimeStrip).display


async def test_the_mouse_marks_values_takes_chips_away_and_draws_spans(news: Path, until: Until) -> None:
    app = app_over(news, "sanctions")
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: Picture(app).rows and counts_are_there(app))
        await pilot.press("f9")
        await until(pilot, lambda: app.query_one(NarrowPanel).rows)
        await pilot.click(NarrowPanel, offset=(8, 2))
        await until(pilot, lambda: chips(app) and counts_are_there(app))
        assert chips(app)[0].startswith("outlet:=")
        await pilot.click(NarrowPanel, offset=(8, 3), button=3)
        await until(pilot, lambda: len(chips(app)) == 2 and counts_are_there(app))
        assert chips(app)[1].startswith("-outlet:=")
        cross = Picture(app).lines[app.query_one(ChipLine).region.y].index("×")
        await pilot.click(ChipLine, offset=(cross, 0))
        await until(pilot, lambda: len(chips(app)) == 1 and chips(app)[0].startswith("-outlet:="))
        await pilot.press("escape", "t", "m")
        strip = app.query_one(TimeStrip)
        await until(pilot, lambda: strip.picking is not None and counts_are_there(app))
        assert strip.picking is not None
        cells = Window.of(strip.picking, strip.size.width).cells
        await pilot.mouse_down(TimeStrip, offset=(1 + 2 * cells, 1))
        await pilot.hover(TimeStrip, offset=(1 + 4 * cells, 1))
        await pilot.mouse_up(TimeStrip, offset=(1 + 4 * cells, 1))
        await until(pilot, lambda: chips(app)[1:] == ["date:2022-03..2022-05"])


async def test_conditions_that_leave_nothing_can_be_taken_away_again(news: Path, until: Until) -> None:
    app = app_over(news, "sanctions outlet:nowhere")
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: "No article meets" in "".join(Picture(app).lines))
        await pilot.press("slash", "end", *["ctrl+u"], *"sanctions", "enter")
        await until(pilot, lambda: Picture(app).rows and counts_are_there(app))
        await pilot.press("f", *["x", "j"] * 7)
        await until(pilot, lambda: len(chips(app)) >= 1 and "Backspace takes away" in "".join(Picture(app).lines))
        await pilot.press("backspace")
        await until(pilot, lambda: Picture(app).rows)
