"""The frame of the search screen: its top line, the titles of its panes, how dense rows are."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.newsroom import Picture, newsroom, opened
from tui.app.app import MorgueApp
from tui.app.screens.search import SearchScreen
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.narrowing.panel import NarrowPanel
from tui.app.widgets.preview import Preview
from tui.app.widgets.result_list import ResultList
from tui.app.widgets.search_line import SearchLine

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
SIZES = [(80, 24), (120, 35), (200, 50)]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newsroom(tmp_path_factory.mktemp("panels") / "harbour-news", 40)


def app_over(path: Path, query: str = "sanctions") -> MorgueApp:
    return MorgueApp(lambda: opened(path), query, "lexical", path)


def top(app: MorgueApp) -> str:
    return Picture(app).lines[0]


def title(app: MorgueApp) -> str:
    """Return the line above the rows."""
    return Picture(app).lines[app.query_one(ResultList).region.y]


@pytest.mark.parametrize("size", SIZES)
async def test_the_top_line_tells_the_archive_its_articles_and_from_when_to_when(
    archive: Path, until: Until, size: tuple[int, int]
) -> None:
    app = app_over(archive)
    dates = sorted(f"2022-{1 + number % 12:02}-{1 + number % 28:02}" for number in range(40))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: "40 articles" in top(app))
        assert "Morgue · harbour-news · 40 articles" in top(app)
        assert f"{dates[0]} to {dates[-1]}" in top(app)


async def test_the_top_line_tells_what_narrows_the_answer_on_the_screen(archive: Path, until: Until) -> None:
    app = app_over(archive, 'sanctions outlet:"Outlet 3" date:2022-01..2022-06')
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: "only" in top(app))
        assert 'only outlet:"Outlet 3" date:2022-01-01..2022-06-30' in top(app)
        app.query_one(SearchLine).value = "sanctions"
        await until(pilot, lambda: Picture(app).is_at_rest and "only" not in top(app))


@pytest.mark.parametrize("size", SIZES)
async def test_the_list_is_titled_with_the_place_and_the_pane_that_keys_go_to_is_heavy(
    archive: Path, until: Until, size: tuple[int, int]
) -> None:
    app = app_over(archive)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.query_one(ArticleText).page)
        await until(pilot, lambda: re.search(r"Results 1/[24]0\+ ", title(app)))  # as many as the screen has room for
        assert "━" not in title(app)
        await pilot.press("enter", "j", "j")
        await until(pilot, lambda: re.search(r"Results 3/[24]0\+ ", title(app)))
        assert "━" in title(app)
        heavy = [line for line in Picture(app).lines if "━━━" in line]
        assert len(heavy) == 1, "one pane alone"
        await pilot.press("tab")
        await until(pilot, lambda: "━" not in title(app)[:20])
        assert len([line for line in Picture(app).lines if "━━━" in line]) == 1


async def test_a_click_selects_the_row_that_is_under_the_pointer(archive: Path, until: Until) -> None:
    app = app_over(archive)
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, lambda: len(Picture(app).rows) > 3)
        drawn, results = Picture(app).rows[2], app.query_one(ResultList)
        await pilot.click(offset=(10, results.content_region.y + drawn.y))
        await until(pilot, lambda: results.selected == 2)
        await pilot.click(offset=(10, results.region.y))
        assert results.selected == 2, "the title is no row"


@pytest.mark.parametrize("size", SIZES)
async def test_compact_rows_take_one_line_and_the_selected_one_stays_in_sight(
    archive: Path, until: Until, size: tuple[int, int]
) -> None:
    app = app_over(archive)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: len(Picture(app).rows) > 3)
        await pilot.press("enter", "end")
        await until(pilot, lambda: app.query_one(ResultList).selected > 20)
        await pilot.press("home", *["j"] * 9)
        await until(pilot, lambda: (row := Picture(app).selected) is not None and row.rank == 10)
        before = len(Picture(app).rows)
        await pilot.press("d")
        await until(pilot, lambda: len(Picture(app).rows) > before)
        rows = Picture(app).rows
        assert len(rows) >= 1.7 * before
        assert [later.y - row.y for row, later in pairwise(rows)] == [1] * (len(rows) - 1)
        assert (chosen := Picture(app).selected) is not None
        assert chosen.rank == 10
        await pilot.press("d")
        await until(pilot, lambda: len(Picture(app).rows) <= before)
        assert (chosen := Picture(app).selected) is not None
        assert chosen.rank == 10


async def test_there_is_a_third_pane_only_where_there_is_room(archive: Path, until: Until) -> None:
    app = app_over(archive)
    async with app.run_test(size=(200, 50)) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits)
        values, list_, article = app.query_one(NarrowPanel), app.query_one(ResultList), app.query_one(Preview)
        await until(pilot, lambda: values.region.width > 30 and any("Outlet" in line for line in Picture(app).lines))
        assert values.region.right <= list_.region.x < list_.region.right <= article.region.x < 200
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: not values.display)
        await pilot.press("escape", "f")
        await until(pilot, lambda: values.has_focus)
        await pilot.resize_terminal(110, 40)
        await pilot.pause()
        assert values.display


async def test_why_says_the_reason_the_places_and_sums_that_add_up(archive: Path, until: Until) -> None:
    app = app_over(archive)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits)
        await pilot.press("enter", "j", "i")
        await until(pilot, lambda: not isinstance(app.screen, SearchScreen))
        await until(pilot, lambda: "Why this is here" in "\n".join(Picture(app).lines))
        shown = " ".join(" ".join(Picture(app).lines).split())
        hit = app.query_one(ResultList).hit
        assert hit is not None
        assert hit.lexical is not None
        assert f"By words: place {hit.lexical.rank}, score {hit.lexical.score:.4f}" in shown
        assert f"{hit.score:.4f}" in shown
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))
        assert isinstance(app.focused, ResultList)
