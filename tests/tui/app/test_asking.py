"""Asking: what stands in the line, what is selected, what is fetched; read from the drawn cells."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot

from index import Group, Mode
from tests.tui.newsroom import Delayed, Picture, newsroom, opened
from tui.app import worker as worker_module
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.screens.search import SearchScreen
from tui.app.widgets.notice import NoticePanel, Warnings
from tui.session import request as request_module
from tui.session.request import FIRST_PAGE, ModeName

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
SIZE = (110, 40)


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newsroom(tmp_path_factory.mktemp("newsroom") / "archive", 90)


def app_over(path: Path, query: str = "", mode: ModeName = "lexical") -> MorgueApp:
    return MorgueApp(lambda: opened(path, Delayed), query, mode, path)


def searching(app: MorgueApp) -> SearchScreen:
    screen = app.screen_stack[0]
    assert isinstance(screen, SearchScreen)
    return screen


def titles(path: Path, question: str, mode: str, k: int = 90, group: str = "article") -> list[str]:
    """Ask as the command does."""
    with opened(path) as searcher:
        searcher.warm()
        return [hit.article.title[:5] for hit in searcher.search(question, k, Mode(mode), Group(group))]


@pytest.fixture
def slow_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let meaning take longer than words, as in any large archive."""
    monkeypatch.setattr(request_module, "AT_ONCE_MS", -1.0)
    monkeypatch.setattr(worker_module, "PAUSE_SECONDS", 0.5)


@pytest.mark.parametrize("question", ["sanctions threats ferry", "sanctions pipeline ferry"])
@pytest.mark.usefixtures("slow_meaning")
async def test_enter_goes_to_the_first_row_of_the_whole_answer_and_twice_reads_it(
    news: Path, until: Until, question: str
) -> None:
    expected = titles(news, question, "hybrid")
    assert expected[0] != titles(news, question, "lexical")[0]
    app = app_over(news, mode="hybrid")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "words and meaning ·" in Picture(app).status)
        await pilot.press(*("space" if letter == " " else letter for letter in question), "enter")
        await until(pilot, lambda: app.focused is searching(app).results)
        selected = Picture(app).selected
        assert selected is not None
        assert (selected.rank, selected.title, selected.y) == (1, expected[0], 0)
        await pilot.press("slash", "end", "s", "enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))
        assert searching(app).session.selected == 0


async def test_enter_as_a_terminal_sends_it_that_was_not_taken_over_yet_is_enter(news: Path, until: Until) -> None:
    app = app_over(news)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"council", "ctrl+j", "ctrl+j")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))


async def test_moving_down_appends_rows_and_last_is_the_last_of_all(news: Path, until: Until) -> None:
    expected = titles(news, "sanctions", "lexical")
    assert len(expected) > 3 * FIRST_PAGE
    app = app_over(news, "sanctions")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(app).rows)
        await pilot.press("enter")
        for rank in range(2, FIRST_PAGE + 5):
            await pilot.press("j")
            await until(pilot, partial(_selects, app, rank, expected))
        await pilot.press("G")
        await until(pilot, lambda: _selects(app, len(expected), expected))
        assert f"{len(expected)} of {len(expected)} articles" in Picture(app).status


def _heads(app: MorgueApp, title: str) -> bool:
    return title in "".join(Picture(app).lines[:3])


def _has_left(app: MorgueApp, article: str) -> bool:
    hit = searching(app).hit
    return hit is not None and hit.article.id != article


def _selects(app: MorgueApp, rank: int, expected: list[str]) -> bool:
    selected = Picture(app).selected
    return selected is not None and (selected.rank, selected.title) == (rank, expected[rank - 1])


async def test_the_next_article_is_read_as_far_as_the_list_goes(news: Path, until: Until) -> None:
    expected = titles(news, "sanctions", "lexical")
    app = app_over(news, "sanctions")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(app).rows)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))
        for title in expected[1 : FIRST_PAGE + 3]:
            await pilot.press("right_square_bracket")
            await until(pilot, partial(_heads, app, title))
        await pilot.press("escape")
        await until(pilot, lambda: _selects(app, FIRST_PAGE + 3, expected))


async def test_by_passage_the_next_article_is_not_another_passage_of_the_same(news: Path, until: Until) -> None:
    app = app_over(news, "sanctions")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(app).rows)
        await pilot.press("f8")
        await until(pilot, lambda: "by passage" in Picture(app).status and Picture(app).is_at_rest)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))
        for _ in range(12):
            before = searching(app).hit
            await pilot.press("right_square_bracket")
            assert before is not None
            await until(pilot, partial(_has_left, app, before.article.id))


async def test_the_word_being_written_is_asked_as_a_beginning_and_the_line_shows_that(news: Path, until: Until) -> None:
    app = app_over(news)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Ask a topic in plain" in "".join(Picture(app).lines))
        await pilot.press(*"sanct")
        await until(pilot, lambda: Picture(app).rows)
        assert Picture(app).line == "sanct*"
        assert [row.title for row in Picture(app).rows] == titles(news, "sanct*", "lexical")[: len(Picture(app).rows)]
        assert searching(app).line.value == "sanct"
        await pilot.press("space")
        await until(pilot, lambda: "No passage holds these words" in "".join(Picture(app).lines))
        assert Picture(app).line == "sanct"


async def test_no_prefix_of_a_question_with_an_answer_takes_the_rows_away(news: Path, until: Until) -> None:
    app = app_over(news)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Ask a topic in plain" in "".join(Picture(app).lines))
        await pilot.press(*"ferry")
        await until(pilot, lambda: Picture(app).rows)
        keys = ["space", "z", "q", "backspace", "backspace", "quotation_mark", *"strike", "space", *"vote"]
        for key in [*keys, "quotation_mark", "space", "plus", "b"]:
            await pilot.press(key)
            await until(pilot, lambda: Picture(app).is_at_rest)
            picture = Picture(app)
            assert picture.rows, f"after {picture.line}"
            if picture.rows[0].rank is None:
                assert "old rows, of “" in picture.status


async def test_a_stray_operator_does_not_list_the_archive(news: Path, until: Until) -> None:
    app = app_over(news)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Ask a topic in plain" in "".join(Picture(app).lines))
        await pilot.press("quotation_mark")
        await until(pilot, lambda: "Go on writing" in "".join(Picture(app).lines))
        assert not Picture(app).rows


async def test_letters_that_are_no_keys_of_the_list_begin_another_question(news: Path, until: Until) -> None:
    app = app_over(news, "sanctions")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(app).rows)
        await pilot.press("enter", *"quarantine")
        assert app.is_running
        assert Picture(app).line.rstrip("*") == "quarantine"
        assert app.focused is searching(app).line


async def test_a_quotation_of_several_lines_is_pasted_whole(news: Path, until: Until) -> None:
    app = app_over(news)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: app.focused is searching(app).line)
        app.post_message(Paste("tough sanctions\r\nagainst Russian\nbanks"))
        await until(pilot, lambda: Picture(app).line.startswith("tough sanctions against Russian banks"))


def test_what_is_typed_before_the_first_picture_is_asked(news: Path, drive: Callable[..., Any]) -> None:
    ended = drive(news, steps=[(b"", b"sanctions harbour\r"), (b"1 of 20+ articles", b"\x11")])

    assert b"sanctions harbour" in ended.written
    assert ended.status == 0


async def test_advice_names_the_archive_that_is_open(tmp_path: Path, until: Until) -> None:
    from archive import Archive

    root = tmp_path / "my news"
    Archive.create(root).close()
    app = app_over(root)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Opening" not in app.query_one(NoticePanel).notice.heading)
        advice = "\n".join(app.query_one(NoticePanel).advice)
        assert advice.count(f"morgue --archive '{root}' add FOLDER") == 1
    nowhere = tmp_path / "nowhere"
    app = app_over(nowhere)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Opening" not in app.query_one(NoticePanel).notice.heading)
        assert f"morgue --archive {nowhere} add FOLDER" in "\n".join(app.query_one(NoticePanel).advice)


async def test_conditions_that_no_article_meets_are_told_once(news: Path, until: Until) -> None:
    app = app_over(news, "outlet:nowhere", "hybrid")
    async with app.run_test(size=SIZE) as pilot:
        panel = app.query_one(NoticePanel)
        await until(pilot, lambda: "No article meets the conditions" in panel.notice.heading)
        assert "F3" not in "\n".join(panel.advice)
        assert "No article meets" not in str(app.query_one(Warnings).content)


async def test_keys_with_priority_do_not_overtake_the_letters_before_them(news: Path, until: Until) -> None:
    app = app_over(news)
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: searching(app).line.has_focus and searching(app).is_open)
        for letter in "sanctions":
            app.post_message(Key(letter, letter))
        for _ in range(2):
            app.post_message(Key("enter", "\r"))
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))
        assert (searching(app).line.value, searching(app).session.request.typing) == ("sanctions", False)


async def test_the_sentence_nearest_in_meaning_stays_marked_in_the_list_by_a_newer_answer(
    news: Path, until: Until
) -> None:
    app = app_over(news, "sanctions threats ferry", "hybrid")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "words and meaning ·" in Picture(app).status and Picture(app).is_at_rest)
        await pilot.press("enter")
        await until(pilot, lambda: _marks_nearest(app))
        answer = searching(app).session.answer
        searching(app).action_look_again()
        await until(pilot, lambda: searching(app).session.answer is not answer)
        assert _marks_nearest(app)
        await pilot.press("j")
        await until(pilot, lambda: _marks_nearest(app) == 2)
        await pilot.press("slash", "end", "space", *"border", "space")
        await until(pilot, lambda: Picture(app).is_at_rest and not searching(app).session.is_old)
        await until(pilot, lambda: _marks_nearest(app) == 1)


def _marks_nearest(app: MorgueApp) -> int:
    """Count the results in which the nearest sentence is marked."""
    return sum(row.passage in searching(app).results._nearest for row in searching(app).session.rows)
