"""What the panes of values and time show when nothing matches or cannot be counted, and how they are left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from archive.core.errors import Damaged
from index import Facets, Searcher
from tests.tui.newsroom import Picture, newsroom, opened
from tui.app.app import MorgueApp
from tui.app.screens.search import SearchScreen
from tui.app.widgets.narrowing.panel import NarrowPanel
from tui.app.widgets.narrowing.time_strip import TimeStrip
from tui.app.widgets.search_line import SearchLine

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
SIZE = (120, 40)
WHY = "The columns cannot be read."


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newsroom(tmp_path_factory.mktemp("counting") / "archive", 30)


class Failing(Searcher):
    """A searcher whose counts of values fail."""

    fails = True

    def facets(self, query: Any, by: Any = (), *args: Any, **options: Any) -> Facets:
        if by and self.fails:
            raise Damaged(WHY)
        return super().facets(query, by, *args, **options)


def app_over(path: Path, query: str, kind: type[Searcher] = Searcher) -> MorgueApp:
    return MorgueApp(lambda: opened(path, kind), query, "lexical", path)


def drawn(app: MorgueApp) -> str:
    return "\n".join(Picture(app).lines)


def searching(app: MorgueApp) -> SearchScreen:
    assert isinstance(app.screen, SearchScreen)
    return app.screen


def counted(app: MorgueApp) -> bool:
    return searching(app).session.counts is not None and not searching(app).session.counts_are_old


async def test_a_question_that_nothing_matches_has_no_values_and_that_is_said(news: Path, until: Until) -> None:
    app = app_over(news, "zzqqxx")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "No passage holds these words" in drawn(app))
        await pilot.press("f9")
        await until(pilot, lambda: counted(app))
        assert "Nothing matches." in drawn(app)
        assert "ounting" not in drawn(app)


async def test_why_nothing_is_counted_is_said_until_it_is(
    news: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_over(news, "sanctions", Failing)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(app).rows)
        await pilot.press("f9", "t")
        await until(pilot, lambda: drawn(app).count(WHY) >= 2)
        assert "ounting" not in drawn(app)
        assert drawn(app).count("not counted") == 2
        monkeypatch.setattr(Failing, "fails", False)
        await pilot.press("f5")
        await until(pilot, lambda: counted(app))
        await until(pilot, lambda: app.query_one(NarrowPanel).rows)
        app.clear_notifications()
        await until(pilot, lambda: WHY not in drawn(app))
        monkeypatch.setattr(Failing, "fails", True)
        await pilot.press("slash", "end", "ctrl+u", *"ferry", "enter")
        await until(pilot, lambda: WHY in drawn(app))
        assert app.query_one(NarrowPanel).rows, "those of the question before"
        await pilot.press("f")
        await pilot.press("home", "space")
        await until(pilot, lambda: len(searching(app).session.request.narrowing.chips) == 1)


@pytest.mark.parametrize("way", ["closed", "emptied"])
async def test_the_mouse_is_let_go_when_the_timeline_goes_while_it_is_held(news: Path, until: Until, way: str) -> None:
    app = app_over(news, "sanctions")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(app).rows and counted(app))
        await pilot.press("enter", "t")
        strip = app.query_one(TimeStrip)
        await until(pilot, lambda: strip.picking is not None)
        await pilot.mouse_down(TimeStrip, offset=(3, 1))
        assert app.mouse_captured is strip
        if way == "closed":
            await pilot.press("escape", "escape")
            await until(pilot, lambda: not strip.display)
        else:
            strip.picking = None
            await pilot.mouse_up(TimeStrip, offset=(5, 1))
        await until(pilot, lambda: app.mouse_captured is None)
        assert searching(app).session.request.narrowing.chips == ()


async def backspace(app: MorgueApp, pilot: Pilot[None], *times: float) -> None:
    """Send Backspace as it comes from a terminal, at these times in seconds."""
    for time in times:
        event = Key("backspace", "\x7f")
        event.time = time
        app.post_message(event)
        await pilot.pause()


async def test_backspace_that_is_held_to_empty_the_line_leaves_what_narrows(news: Path, until: Until) -> None:
    app = app_over(news, "sanctions")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(app).rows and counted(app))
        await pilot.press("enter", "f", "space", "j", "space", "escape", "slash", "end", "ctrl+u", *"ab")
        line, screen = app.query_one(SearchLine), searching(app)
        await until(pilot, lambda: line.value == "ab")
        assert len(screen.session.request.narrowing.chips) == 2
        await backspace(app, pilot, 1000.0, 1000.5, 1000.53, 1000.56, 1000.59, 1000.62)
        assert line.value == ""
        assert len(screen.session.request.narrowing.chips) == 2
        await backspace(app, pilot, 1001.0)
        assert len(screen.session.request.narrowing.chips) == 1
        await pilot.press("a")
        await backspace(app, pilot, 1010.0, 1010.6, 1010.63)
        assert len(screen.session.request.narrowing.chips) == 1, "the first repetition comes late"
        await backspace(app, pilot, 1011.0)
        assert screen.session.request.narrowing.chips == ()
