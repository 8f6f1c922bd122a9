"""Copies of one passage are folded under the best, and a key lists them where they stand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from index import Searcher
from tests.conftest import built_archive
from tui.app import MorgueApp
from tui.screens.article import ArticleScreen
from tui.widgets.result_list import ResultList

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
Picture = Callable[[MorgueApp], str]
TRAM = "The council approved the new tram line after a night of talks about its cost."


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three outlets with one agency's words, and something else about trams."""
    folder = tmp_path_factory.mktemp("news")
    for name, before in (("one", ""), ("two", "  "), ("three", "\t")):
        words = TRAM if name == "one" else TRAM.replace("tram line", "TRAM line")
        (folder / f"{name}.html").write_text(
            f"<html><head><title>Tram line approved {name}</title></head><body><article><p>{before}{words}</p>"
            f"</article></body></html>",
            "utf-8",
        )
    (folder / "other.txt").write_text("Depots\n\nA tram depot will be built beside the harbour next year.\n", "utf-8")
    return built_archive(tmp_path_factory.mktemp("copied") / "archive", folder)


async def test_a_key_lists_the_copies_under_their_best_and_folds_them_again(
    copied: Path, until: Until, picture: Picture
) -> None:
    app = MorgueApp(lambda: Searcher.open(copied), "tram line cost", "lexical")
    async with app.run_test(size=(120, 40)) as pilot:
        results = app.query_one(ResultList)
        await until(pilot, lambda: len(results.hits) == 2)
        assert results.hits[0].copies == 2
        await pilot.press("enter", "x")
        await until(pilot, lambda: len(results.hits) == 4)
        assert [hit.rank for hit in results.hits] == [1, 1, 1, 2]
        assert len({hit.article.id for hit in results.hits[:3]}) == 3
        for hit in results.hits[:3]:
            marked = {hit.passage.text[mark.start : mark.end].lower() for mark in hit.highlights}
            assert marked == {"tram", "line", "cost"}
        assert "  = " in picture(app)
        assert "1 of 2" in picture(app)
        await pilot.press("j")
        chosen = results.hits[1]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))
        await until(pilot, lambda: chosen.article.title in picture(app))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen.query(ResultList))
        assert results.hit == chosen
        await pilot.press("x")
        await until(pilot, lambda: len(results.hits) == 2)
        assert results.selected == 0


async def test_without_copies_the_key_says_so_and_another_question_folds_them(
    copied: Path, until: Until, picture: Picture
) -> None:
    app = MorgueApp(lambda: Searcher.open(copied), "tram line cost", "lexical")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        results = app.query_one(ResultList)
        await until(pilot, lambda: len(results.hits) == 2)
        await pilot.press("enter", "j", "x")
        await until(pilot, lambda: "No copies" in picture(app))
        await pilot.press("g", "x")
        await until(pilot, lambda: len(results.hits) == 4)
        await pilot.press("slash", "end", "s")
        await until(pilot, lambda: len(results.hits) == 2)
