"""What is folded under a result, copies or passages of its article, is listed by a key where it stands."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from index import Searcher
from tests.archives import built_archive
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.widgets.result_list import ResultList
from tui.app.widgets.status_line import StatusLine
from tui.session.rows import Kind

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
Picture = Callable[[MorgueApp], str]
TRAM = "The council approved the new tram line after a night of talks about its cost."


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three outlets with one agency's words, and something else about trams."""
    folder = tmp_path_factory.mktemp("news")
    _write_wire(folder, TRAM)
    (folder / "other.txt").write_text("Depots\n\nA tram depot will be built beside the harbour next year.\n", "utf-8")
    return built_archive(tmp_path_factory.mktemp("copied") / "archive", folder)


def _write_wire(folder: Path, wire: str) -> None:
    for name, before in (("one", ""), ("two", "  "), ("three", "\t")):
        words = wire if name == "one" else wire.replace("tram line", "TRAM line")
        (folder / f"{name}.html").write_text(
            f"<html><head><title>Tram line approved {name}</title></head><body><article><p>{before}{words}</p>"
            f"</article></body></html>",
            "utf-8",
        )


@pytest.mark.parametrize("group", ["article", "passage"])
async def test_a_key_lists_the_copies_under_their_best_and_folds_them_again(
    copied: Path, until: Until, picture: Picture, group: str
) -> None:
    app = MorgueApp(lambda: Searcher.open(copied), "tram line cost", "lexical")
    async with app.run_test(size=(120, 40)) as pilot:
        results = app.query_one(ResultList)
        await pilot.press(*(["f8"] if group == "passage" else []))
        await until(pilot, lambda: len(results.hits) == 2)
        assert results.rows[0].copies == 2
        assert "=2" in picture(app)
        await pilot.press("enter", "x")
        await until(pilot, lambda: len(results.hits) == 4)
        assert [row.kind for row in results.rows] == [Kind.BEST, Kind.COPY, Kind.COPY, Kind.BEST]
        assert len({hit.article.id for hit in results.hits[:3]}) == 3
        for hit in results.hits[:3]:
            marked = {hit.passage.text[mark.start : mark.end].lower() for mark in hit.highlights}
            assert marked == {"tram", "line", "cost"}
        assert "  = no date" in picture(app)
        assert f"1 of 2 {group}s" in picture(app)
        assert [row.rank for row in results.rows] == [1, 1, 1, 2]
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
        await until(pilot, lambda: "Nothing is folded" in picture(app))
        await pilot.press("g", "x")
        await until(pilot, lambda: len(results.hits) == 4)
        await pilot.press("slash", "end", "s")
        await until(pilot, lambda: len(results.hits) == 2)


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article with trams in each of its passages, and another with one."""
    folder = tmp_path_factory.mktemp("news")
    part = "Line {0} of the tram was closed for repairs of its tracks, the operator of trams said. " * 8
    text = "\n\n".join(part.format(number) for number in range(4))
    (folder / "lines.txt").write_text(f"Lines closed\n\n{text}\n", "utf-8")
    (folder / "depot.txt").write_text("Depots\n\nA tram depot will be built beside the harbour.\n", "utf-8")
    return built_archive(tmp_path_factory.mktemp("long") / "archive", folder)


async def test_a_key_groups_by_article_and_another_unfolds_the_passages(
    long: Path, until: Until, picture: Picture
) -> None:
    app = MorgueApp(lambda: Searcher.open(long), "tram tracks", "lexical")
    async with app.run_test(size=(120, 40)) as pilot:
        results, status = app.query_one(ResultList), app.query_one(StatusLine)
        await until(pilot, lambda: len(results.hits) == 2)
        assert "by article" in status.text
        await pilot.press("f8")
        await until(pilot, lambda: len(results.hits) > 3)
        passages = {hit.passage.id for hit in results.hits}
        assert "by passage" in status.text
        await pilot.press("enter", "j", "j")
        chosen = results.hit
        assert chosen is not None
        await pilot.press("z")
        await until(pilot, lambda: len(results.hits) == 2)
        assert "by article" in status.text
        assert results.hit is not None
        assert results.hit.article.id == chosen.article.id
        folded = len(passages) - 2
        assert f"+{folded} ¶" in picture(app)
        await pilot.press("f7")
        await until(pilot, lambda: len(results.hits) == len(passages))
        assert {hit.passage.id for hit in results.hits} == passages
        assert "     ¶ " in picture(app)
        assert "1 of 2" in status.text
        await pilot.press("f8")
        await until(pilot, lambda: "by passage" in status.text and [hit.folded for hit in results.hits][:1] == [0])
        assert [row.rank for row in results.rows] == [*range(1, len(passages) + 1)]
        await pilot.press("f8")
        await until(pilot, lambda: len({row.rank for row in results.rows}) == 2)
        assert {hit.passage.id for hit in results.hits} == passages
        await pilot.press("x")
        await until(pilot, lambda: len(results.hits) == 2)
        await pilot.press("slash", "f8")
        await until(pilot, lambda: len(results.hits) == len(passages))


async def test_another_mode_folds_its_own(long: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(long), "tram tracks", "lexical")
    async with app.run_test(size=(120, 40)) as pilot:
        results = app.query_one(ResultList)
        await until(pilot, lambda: results.hits)
        await until(pilot, lambda: len(results.hits) == 2)
        await pilot.press("enter", "x")
        await until(pilot, lambda: len(results.hits) > 2)
        await pilot.press("m")
        await until(pilot, lambda: results.hits and results.hits[0].semantic and len(results.hits) == 2)
        await pilot.press("m", "m")
        await until(pilot, lambda: len(results.hits) > 2 and results.hits[0].semantic is None)


@pytest.fixture(scope="module")
def wires(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One agency's words about trams in thirty articles, and others in a hundred."""
    lines = [{"id": n, "title": f"Wire {n}", "text": TRAM, "published": f"2022-01-{1 + n % 28:02}"} for n in range(30)]
    for number in range(100):
        text = f"Report {number} is about a tram of town {number}, its tracks and what they cost the town of {number}."
        lines.append({"id": 100 + number, "title": f"Town {number}", "text": text, "published": "2022-02-01"})
    folder = tmp_path_factory.mktemp("news")
    (folder / "all.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return built_archive(tmp_path_factory.mktemp("wires") / "archive", folder)


@pytest.mark.parametrize(("size", "keys"), [((120, 60), ()), ((120, 40), ("d",))])
async def test_results_are_fetched_until_the_screen_is_full_and_numbered_in_a_row(
    wires: Path, until: Until, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    app = MorgueApp(lambda: Searcher.open(wires), "tram line cost", "lexical")
    async with app.run_test(size=size) as pilot:
        results, status = app.query_one(ResultList), app.query_one(StatusLine)
        await until(pilot, lambda: results.rows)
        await pilot.press("enter", *keys)
        await until(pilot, lambda: results.virtual_size.height >= results.size.height and "more …" not in status.text)
        assert [row.rank for row in results.rows] == [*range(1, len(results.rows) + 1)]
        assert len(results.rows) < 101, "no more than are needed"
        assert results.selected == 0
        await pilot.press("end")
        await until(pilot, lambda: "101 of 101 articles" in status.text)
        assert "Results 101/101" in str(results.border_title)


async def test_a_list_that_fills_its_screen_fetches_nothing_more(wires: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(wires), "town tracks", "lexical")
    async with app.run_test(size=(120, 40)) as pilot:
        results = app.query_one(ResultList)
        await until(pilot, lambda: results.rows)
        await pilot.pause(0.3)
        assert len(results.rows) == 20


async def test_the_file_of_results_has_their_numbers_on_the_list(
    copied: Path, until: Until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = MorgueApp(lambda: Searcher.open(copied), "tram line cost", "lexical")
    async with app.run_test(size=(120, 40)) as pilot:
        results = app.query_one(ResultList)
        await until(pilot, lambda: len(results.hits) == 2)
        first, second = (hit.passage.id for hit in results.hits)
        await pilot.press("enter", "w", "ctrl+u", *"all.jsonl", "enter")
        await until(pilot, lambda: (tmp_path / "all.jsonl").exists() and app.screen.query(ResultList))
    written = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("utf-8").splitlines()]
    assert [hit["rank"] for hit in written] == [1, 1, 1, 2]
    assert (written[0]["passage_id"], written[3]["passage_id"]) == (first, second)
