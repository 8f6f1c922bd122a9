"""The lists of what is kept: clips, saved questions, measures."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from archive import Archive
from index import Searcher, build, passage_rule
from tests.index.world import CheapEncoder
from tests.tui.cells import shown
from tests.tui.conftest import Until
from tests.tui.keeping.conftest import QUESTION, SIZE, in_list, on_disk, said
from tests.tui.newsroom import Picture, opened
from tui.app.app import MorgueApp
from tui.app.screens.notebook.clips import ClipsScreen
from tui.app.screens.notebook.judging import JudgingScreen
from tui.app.screens.notebook.saved import SavedScreen

Make = Callable[..., MorgueApp]


def clip(news: Path, question: str = QUESTION, article: int = 0) -> str:
    """Mark the first passage of an article; return its text."""
    with Archive.open(news) as archive:
        one = list(archive.articles())[article]
        passage = archive.passages(one.id, one.version)[0]
        archive.notebook.add_clip(one.id, one.version, passage.start, passage.end, question=question)
        return passage.text


def add(news: Path, name: str, words: str) -> None:
    """Add an article and index it."""
    file = news.parent / f"{name}.jsonl"
    file.write_text(json.dumps({"id": name, "title": f"T{name} late", "text": words}) + "\n", "utf-8")
    with Archive.open(news) as archive:
        archive.add([file], passage_rule(archive.settings))
        build(archive, encoder=CheapEncoder)


def save(news: Path, *questions: str) -> None:
    """Save questions; what answers them now counts as seen."""
    with opened(news) as searcher:
        for question in questions:
            searcher.archive.notebook.save(question, "lexical", seen=searcher.change)


async def test_clips_stand_under_their_questions_and_are_noted_dropped_and_brought_back(
    news: Path, app: Make, until: Until
) -> None:
    first, _ = clip(news), clip(news, "ferry", 1)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("C")
        await until(pilot, lambda: "2 clips" in shown(application))
        assert isinstance(application.screen, ClipsScreen)
        words = shown(application)
        assert words.index(QUESTION) < words.index(first[:30]) < words.index("ferry", words.index(first[:30]) + 400)
        assert "word for word as the text has it" in words
        await pilot.press("e", *"call", "space", *"d", "enter")
        await until(pilot, lambda: "note: call d" in shown(application))
        await pilot.press("e", *"xx", "escape", "d")
        await until(pilot, lambda: "1 clip " in shown(application).replace("1 clip taken", ""))
        assert [one.question for one in on_disk(news).clips] == ["ferry"]
        await pilot.press("U")
        await until(pilot, lambda: "2 clips" in shown(application))
        assert [one.note for one in on_disk(news).clips] == ["call d", ""]
        await pilot.press("home", "enter")
        await until(pilot, lambda: Picture(application).searches)
        assert Picture(application).line == QUESTION


@pytest.mark.parametrize("suffix", [".md", ".csv", ".txt"])
async def test_clips_are_written_to_a_new_file_and_never_over_one(
    news: Path, app: Make, until: Until, suffix: str
) -> None:
    text, target = clip(news), news.parent / f"out{suffix}"
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("C")
        await until(pilot, lambda: "1 clip" in shown(application))
        for _ in range(2):
            await pilot.press("w")
            application.screen.prompt.value = str(target)  # type: ignore[attr-defined]
            await pilot.press("enter")
            await until(pilot, lambda: said(application, "Wrote 1 clip to") or said(application, "there already"))
            if not said(application, "there already"):
                with target.open(encoding="utf-8", newline="") as file:
                    written = file.read()
                target.write_text(f"{written}mine\n", "utf-8")
                application.clear_notifications()
        await until(pilot, lambda: said(application, "there already"))
    assert target.read_text("utf-8").endswith("mine\n")
    if suffix == ".csv":
        (row,) = csv.DictReader(io.StringIO(written, newline=""))
        assert row["quotation"] == text
    else:
        assert " ".join(text.split()) in " ".join(written.replace("> ", " ").replace("│", " ").split())


async def test_another_ending_is_refused_and_the_name_stays_to_be_mended(news: Path, app: Make, until: Until) -> None:
    clip(news)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("C")
        await until(pilot, lambda: "1 clip" in shown(application))
        await pilot.press("w", *"x", "enter")
        await until(pilot, lambda: said(application, "End the name with .md"))
        assert "clips.mdx" in shown(application)


async def test_a_clip_whose_article_was_removed_says_so(news: Path, app: Make, until: Until) -> None:
    clip(news)
    with Archive.open(news) as archive:
        archive.remove(next(iter(archive.articles())).id)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("C")
        await until(pilot, lambda: "the article was removed from the archive" in shown(application))


async def test_saved_questions_tell_what_is_new_and_asking_one_counts_it_as_seen(
    news: Path, app: Make, until: Until
) -> None:
    application = app("+gasworks")
    async with application.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "No article meets the conditions" in shown(application))
        await pilot.press("ctrl+o")
        await until(pilot, lambda: said(application, "Question saved"))
        assert [one.question for one in on_disk(news).saved] == ["+gasworks"]
        await pilot.press("ctrl+o")
        await until(pilot, lambda: said(application, "saved already"))
    add(news, "7777", "The gasworks was closed.")
    application = app("ferry")
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await until(pilot, lambda: "1 new article answers questions that you saved" in shown(application))
        await pilot.press("Q")
        await until(pilot, lambda: isinstance(application.screen, SavedScreen))
        await until(pilot, lambda: "+1 new since last seen +gasworks" in shown(application))
        await pilot.press("enter")
        await until(pilot, lambda: [row.title for row in Picture(application).rows] == ["T7777"])
        await until(pilot, lambda: "questions that you saved" not in shown(application))
        await pilot.press("Q")
        await until(pilot, lambda: "1 saved question" in shown(application))
        assert "new since" not in shown(application)
        await pilot.press("d")
        await until(pilot, lambda: "No saved questions yet" in shown(application))
        await pilot.press("U")
        await until(pilot, lambda: "1 saved question" in shown(application))
    assert len(on_disk(news).saved) == 1


async def test_measures_are_those_of_eval_over_ones_own_judgements(news: Path, app: Make, until: Until) -> None:
    from index.evaluation.measures import evaluate_notebook
    from tui.formats.notebook.evaluation import evaluation_lines

    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("J")
        await until(pilot, lambda: "Nothing was judged to answer a question" in shown(application))
        await pilot.press("escape", "plus", "j", "minus")
        await until(pilot, lambda: len(on_disk(news).judged) == 2)
        await until(pilot, lambda: len(application.kept.judged) == 2)
        await pilot.press("J")
        await until(pilot, lambda: isinstance(application.screen, JudgingScreen))
        await until(pilot, lambda: "nDCG@10 R@100 MRR@10" in shown(application))
        with opened(news) as searcher:
            lines = [" ".join(line.split()) for line in evaluation_lines(evaluate_notebook(searcher))]
        assert [line for line in lines if line in shown(application)] == lines
        assert f"1 ✓ 1 ✗ {QUESTION}" in shown(application)
        await pilot.press("J")
        assert Picture(application).searches


async def test_markup_and_escapes_in_questions_and_notes_are_drawn_as_they_are(
    news: Path, app: Make, until: Until
) -> None:
    clip(news, "[red]q[/] \x1b[31m")
    with Archive.open(news) as archive:
        archive.notebook.note_clip(archive.notebook.clips()[0].id, "[@click=app.bell]call[/] \x1b]0;x\x07")
        archive.notebook.save("[b]s[/] \x1b[2J", "lexical")
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("C")
        await until(pilot, lambda: "[red]q[/]" in shown(application))
        assert "[@click=app.bell]call[/]" in shown(application)
        await pilot.press("escape", "Q")
        await until(pilot, lambda: "[b]s[/]" in shown(application))
        assert "\x1b" not in shown(application)


async def test_a_click_selects_a_clip_and_a_double_click_asks_its_question(news: Path, app: Make, until: Until) -> None:
    clip(news), clip(news, "ferry", 1)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("C")
        await until(pilot, lambda: "2 clips" in shown(application))
        screen = application.screen
        assert isinstance(screen, ClipsScreen)
        before = screen.selected
        lines = [strip.text for strip in screen._compositor.render_strips()]
        y = max(number for number, line in enumerate(lines) if "word for word" in line)
        await pilot.click(offset=(30, y))
        assert screen.selected not in (None, before)
        assert application.screen is screen
        await pilot.click(offset=(30, y), times=2)
        await until(pilot, lambda: Picture(application).searches)
        assert Picture(application).line == "ferry"


async def test_a_note_goes_to_the_clip_it_was_begun_for(news: Path, app: Make, until: Until) -> None:
    clip(news), clip(news, QUESTION, 1)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("C")
        await until(pilot, lambda: "2 clips" in shown(application))
        screen = application.screen
        assert isinstance(screen, ClipsScreen)
        begun = screen.selected
        await pilot.press("e", *"mine")
        screen.list.action_cursor_down()
        assert screen.selected != begun
        await pilot.press("enter")
        await until(pilot, lambda: "note: mine" in shown(application))
    assert [one.id for one in on_disk(news).clips if one.note == "mine"] == [begun]


async def test_a_name_that_begins_like_the_folder_of_nobody_is_one_of_a_file(
    news: Path, app: Make, until: Until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    clip(news)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("C")
        await until(pilot, lambda: "1 clip" in shown(application))
        await pilot.press("w")
        screen = application.screen
        assert isinstance(screen, ClipsScreen)
        screen.prompt.value = "~draft.md"
        await pilot.press("enter")
        await until(pilot, lambda: said(application, "Wrote 1 clip"))
    assert (tmp_path / "~draft.md").is_file()


async def test_what_is_new_counts_as_seen_only_where_nothing_was_missing(
    news: Path, app: Make, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.search import news as looked_up

    def lacking(*arguments: Any) -> looked_up.News:
        return replace(whole(*arguments), degraded=("The vectors could not be read.",))

    save(news, "+gasworks")
    add(news, "7777", "The gasworks was closed.")
    whole = looked_up.news
    monkeypatch.setattr(looked_up, "news", lacking)
    before = on_disk(news).saved
    application = app("ferry")
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await until(pilot, lambda: "1 new article answers" in shown(application))
        await pilot.press("Q")
        await until(pilot, lambda: "+1 new since last seen +gasworks" in shown(application))
        await pilot.press("enter")
        await until(pilot, lambda: said(application, "Not counted as seen"))
        assert said(application, "The vectors could not be read.")
        await until(pilot, lambda: [row.title for row in Picture(application).rows] == ["T7777"])
        await until(pilot, lambda: not application.workers._workers)
        assert on_disk(news).saved == before


async def test_an_article_that_is_new_of_two_questions_counts_once_and_of_a_dropped_one_not_at_all(
    news: Path, app: Make, until: Until
) -> None:
    save(news, "+gasworks", "+closed")
    add(news, "7777", "The gasworks was closed.")
    application = app("ferry")
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await until(pilot, lambda: "1 new article answers" in shown(application))
        await pilot.press("Q")
        await until(pilot, lambda: "2 saved questions" in shown(application))
        await pilot.press("d", "d")
        await until(pilot, lambda: "No saved questions yet" in shown(application))
        await pilot.press("escape")
        await until(pilot, lambda: "questions that you saved" not in shown(application))
        await pilot.press("U")
        await until(pilot, lambda: "1 new article answers" in shown(application))


async def test_measures_that_are_asked_for_before_the_archive_is_open_say_so(until: Until, news: Path) -> None:
    may_open = Event()

    def opener() -> Searcher:
        assert may_open.wait(60)
        return opened(news)

    application = MorgueApp(opener, QUESTION, "lexical", news)
    async with application.run_test(size=SIZE) as pilot:
        try:
            application.set_focus(None)
            await pilot.press("J")
            await until(pilot, lambda: isinstance(application.screen, JudgingScreen))
            await until(pilot, lambda: "The archive is not open yet." in shown(application))
        finally:
            may_open.set()
