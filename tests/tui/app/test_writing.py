"""Writing what is listed to a file: what the file holds, and that nothing is ever written over."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from tests.tui.cells import shown
from tests.tui.conftest import Until
from tests.tui.newsroom import Picture, newsroom, opened
from tui.app.app import MorgueApp
from tui.app.screens.notebook.clips import ClipsScreen
from tui.app.screens.notebook.list_file import ENDINGS, ListFile
from tui.app.screens.notebook.prompt_line import PromptLine
from tui.copying.new_file import place_of, unused

SIZE = (120, 40)
QUESTION = "harbour council"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return newsroom(tmp_path / "archive", 12)


def app_over(archive: Path, query: str = QUESTION) -> MorgueApp:
    return MorgueApp(lambda: opened(archive), query, archive=archive)


def said(app: MorgueApp, words: str) -> bool:
    return any(words in note.message for note in app._notifications)


def titles(path: Path) -> list[str]:
    """Return the titles in a file of any form, in its order."""
    text = path.read_text("utf-8")
    if path.suffix == ".csv":
        return [row["title"] for row in csv.DictReader(text.splitlines())]
    if path.suffix == ".jsonl":
        return [json.loads(line)["title"] for line in text.splitlines()]
    return re.findall(r"^(?:## )? *\d+\. (T\d{4} report)$", text, re.MULTILINE)


@pytest.mark.parametrize("suffix", ["md", "csv", "txt", "jsonl"])
async def test_the_rows_of_the_list_are_written_in_their_order(archive: Path, until: Until, suffix: str) -> None:
    app, target = app_over(archive), archive.parent / f"mine.{suffix}"
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(app).rows and Picture(app).is_at_rest)
        await pilot.press("enter", "w")
        await until(pilot, lambda: isinstance(app.screen, ListFile))
        assert app.screen.query_one(PromptLine).value == "results.md"
        await pilot.press("ctrl+u", *str(target), "enter")
        await until(pilot, lambda: said(app, f"Wrote 12 results to {target}"))
        assert Picture(app).searches
        drawn = [f"{row.title} report" for row in Picture(app).rows]

    assert titles(target)[: len(drawn)] == drawn
    assert len(titles(target)) == 12


async def test_a_file_that_is_there_and_an_unknown_ending_are_refused_and_the_name_stays(
    archive: Path, until: Until
) -> None:
    app, mine = app_over(archive), archive.parent / "mine.md"
    mine.write_text("mine", "utf-8")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(app).rows and Picture(app).is_at_rest)
        await pilot.press("enter", "w", "ctrl+u", *"mine.md", "enter")
        await until(pilot, lambda: said(app, "the file is there already"))
        await pilot.press("x", "enter")
        await until(pilot, lambda: said(app, ENDINGS))
        assert app.screen.query_one(PromptLine).value == "mine.mdx"
        await pilot.press("escape")
        assert Picture(app).searches
    assert mine.read_text("utf-8") == "mine"
    assert {path.name for path in archive.parent.iterdir()} == {"archive", "archive.jsonl", "mine.md"}


async def test_a_list_that_may_go_on_says_so_and_an_empty_one_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, until: Until
) -> None:
    monkeypatch.chdir(tmp_path)
    app = app_over(newsroom(tmp_path / "archive", 30), "")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(app).is_at_rest)
        await pilot.press("f9", "w")
        await until(pilot, lambda: said(app, "no results to write"))
        await pilot.press("escape", *QUESTION, "enter")
        await until(pilot, lambda: Picture(app).rows and Picture(app).is_at_rest)
        await pilot.press("w")
        await until(pilot, lambda: "the first 20 results; G on the list" in shown(app))


async def test_clips_are_written_from_the_list_by_one_key_and_enter(archive: Path, until: Until) -> None:
    app = app_over(archive)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(app).rows and Picture(app).is_at_rest)
        await pilot.press("enter", "space", "j", "space", "W", "enter")
        await until(pilot, lambda: said(app, "Wrote 2 clips to"))
        assert isinstance(app.screen, ClipsScreen)
        await pilot.press("w")
        assert app.screen.query_one(PromptLine).value == "clips-2.md"
        await pilot.press("escape", "escape")
        assert Picture(app).searches
    assert (archive.parent / "clips.md").read_text("utf-8").count("version ") == 2


async def test_another_question_takes_the_place_of_the_one_in_the_line(archive: Path, until: Until) -> None:
    app = app_over(archive)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(app).rows and Picture(app).is_at_rest)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: not Picture(app).searches)
        await pilot.press("escape", "slash", *"ferry")
        assert Picture(app).line == "ferry*"
        await pilot.press("enter", "slash", "end", *" strike")
        assert Picture(app).line == "ferry strike*"


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert unused("results.md") == "results.md"
    for name in ("results.md", "results-2.md"):
        (tmp_path / name).touch()
    assert unused("results.md") == "results-3.md"


def test_the_home_of_nobody_is_a_name_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/reporter")
    assert place_of(" ~/notes.md ") == Path("/home/reporter/notes.md")
    assert place_of("~nobody-at-all/notes.md") == Path("~nobody-at-all/notes.md")
