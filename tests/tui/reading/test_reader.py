"""The reader: the same beside the list and on a screen of its own."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.events import Paste
from textual.geometry import Offset
from textual.message import Message
from textual.pilot import Pilot

from archive import Archive
from archive.core.article import Span
from index import Hit, Mode, Searcher, build, passage_rule
from tests.archives import empty_archive
from tests.index.world import CheapEncoder
from tests.tui.cells import shown, styled
from tui.app.app import MorgueApp
from tui.app.messages import ArticleRead
from tui.app.screens.article import ArticleScreen
from tui.app.view.article_page import LONG
from tui.app.view.find import finds
from tui.app.widgets import reader as reader_module
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.match_strip import MATCH, MatchStrip
from tui.app.widgets.preview import REST_SECONDS, Preview
from tui.app.widgets.reader import Reader
from tui.app.widgets.result_list import ResultList
from tui.app.widgets.search_line import SearchLine
from tui.app.worker import ArchiveWorker

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]

FILLER = (
    "The harbour council met again on Tuesday and heard eleven speakers. A motion was put off until the spring, "
    "although the chair had promised a decision. Outside the hall, dock workers handed out leaflets.\n\n"
)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an archive of four long articles that hold the same words at several places."""
    folder = tmp_path_factory.mktemp("a-folder-whose-name-is-long-enough-to-need-more-room-than-there-is")
    rows = [
        {
            "id": f"wire-{number}",
            "title": f"Zeppelin number {number} over the harbour, and what the council of the port had to say about it",
            "text": f"{FILLER * 4}A zeppelin was seen, number {number}.\n\n{FILLER * 6}The café closed.\n\n"
            f"{FILLER * 6}The zeppelin left for the CAFE\u0301 of zeppelins, number {number}.\n",
            "outlet": "The Harbour Evening Post and Shipping Gazette",
            "author": "A. Author of the Long Name, B. Author of a Longer One",
            "url": f"https://www.harbourpost.example/2022/01/07/shipping/zeppelin-seen-over-the-harbour-{number}",
            "published": "2022-01-07",
        }
        for number in range(4)
    ]
    source = folder / "wire.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    root = folder / "archive"
    with Archive.open(empty_archive(root)) as archive:
        archive.add([source], passage_rule(archive.settings))
        build(archive, encoder=CheapEncoder)
    return root


def application(root: Path, query: str = "zeppelin") -> MorgueApp:
    return MorgueApp(lambda: Searcher.open(root), query, "lexical")


async def selected(pilot: Pilot[None], until: Until) -> Preview:
    """Go into the list and wait until the selected article is beside it."""
    app = pilot.app
    await until(pilot, lambda: app.query_one(ResultList).hits)
    await pilot.press("enter")
    preview = app.query_one(Preview)
    await until(pilot, lambda: preview.page is not None and preview.page.whole)
    return preview


async def opened(pilot: Pilot[None], until: Until) -> Reader:
    """Open the first article on the whole screen."""
    await selected(pilot, until)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, ArticleScreen))
    reader = pilot.app.screen.query_one(Reader)
    await until(pilot, lambda: reader.page is not None and reader.page.whole)
    return reader


@pytest.mark.parametrize("size", [(80, 24), (120, 35), (160, 45)])
@pytest.mark.parametrize("whole_screen", [False, True])
async def test_source_date_rank_reason_and_place_are_always_in_sight(
    newsroom: Path, until: Until, size: tuple[int, int], whole_screen: bool
) -> None:
    app = application(newsroom)
    async with app.run_test(size=size) as pilot:
        reader = await (opened if whole_screen else selected)(pilot, until)
        await pilot.press(*(["end"] if whole_screen else ["tab", "end"]))
        assert reader.page is not None
        drawn = shown(app)
        passage, number = reader.page.hit.passage, reader.page.hit.article.record
        assert f"wire.jsonl #{number} ¶" in drawn
        assert f"{passage.start}-{passage.end}" in drawn
        assert "2022-01-07 (stated in the file)" in drawn
        assert "The Harb" in drawn
        assert f"{reader.page.hit.rank} of " in drawn
        assert "why: " in drawn


async def test_the_reader_beside_the_list_shows_that_keys_go_there_and_has_the_same_powers(
    newsroom: Path, until: Until
) -> None:
    app = application(newsroom)
    async with app.run_test(size=(120, 35)) as pilot:
        preview = await selected(pilot, until)
        page = preview.page
        assert page is not None
        assert preview.text.current is not None
        first, count = preview.text.current, len(page.matches)
        assert "━━ Article" not in shown(app)
        await pilot.press("tab")
        assert preview.has_focus_within
        assert f"━━ Article · match {first + 1} of {count} " in shown(app)
        await pilot.press("n")
        assert f"━━ Article · match {(first + 1) % count + 1} of {count} " in shown(app)
        await pilot.press("escape", "n")
        assert f"── Article · match {(first + 2) % count + 1} of {count} " in shown(app), "n in the list"
        await pilot.press("tab", "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))


@pytest.mark.parametrize("whole_screen", [False, True])
async def test_words_are_found_within_the_article_and_walked_through(
    newsroom: Path, until: Until, whole_screen: bool
) -> None:
    app = application(newsroom)
    async with app.run_test(size=(120, 35)) as pilot:
        reader = await (opened if whole_screen else selected)(pilot, until)
        first = reader.text.current
        assert first is not None
        await pilot.press(*(["home"] if whole_screen else ["tab", "home"]))
        await pilot.press("slash", *"CAFE")
        await until(pilot, lambda: reader.text.finds)
        assert "“CAFE”: 1 of 2" in shown(app)
        assert "The café closed." in shown(app), "the text is scrolled there"
        await pilot.press("enter", "n")
        assert "“CAFE”: 2 of 2" in shown(app)
        light = app.get_css_variables()["foreground"].casefold()
        blocks = [text for _, _, text, style in styled(app) if style.bgcolor and style.bgcolor.name == light]
        assert [text for text in blocks if text.strip()] == ["CAFE\u0301"]
        await pilot.press("n")
        assert "“CAFE”: 1 of 2" in shown(app), "around the end"
        await pilot.press("slash", *"xyz")
        await until(pilot, lambda: reader.text.finds == ())
        assert "“xyz” is not in this article" in shown(app)
        await pilot.press("escape")
        assert reader.text.has_focus
        assert f"match {first + 1} of " in shown(app), "the question's matches again"


async def test_brackets_go_on_to_other_articles_and_braces_to_other_passages(newsroom: Path, until: Until) -> None:
    app = application(newsroom)
    async with app.run_test(size=(120, 35)) as pilot:
        reader = await opened(pilot, until)
        rows = app.get_default_screen().session.rows
        articles = [row.hit.article.id for row in rows]
        assert len({*articles}) == len(rows) == 4, "no text is a copy of another"
        assert rows[0].passages, "of the first article more is found"
        first = rows[0].hit.passage
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: reader.page is not None and reader.page.hit.passage != first)
        assert reader.page is not None
        assert reader.page.article.id == articles[0], "another passage of the same article"
        await pilot.press("left_curly_bracket")
        await until(pilot, lambda: reader.page is not None and reader.page.hit.passage == first)
        for article in articles[1:]:
            await pilot.press("right_square_bracket")
            await until(pilot, lambda: reader.page is not None and reader.page.article.id == article)  # noqa: B023
        await pilot.press("right_square_bracket")
        assert reader.page is not None
        assert reader.page.article.id == articles[-1], "the list ends here"
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: reader.page is not None and reader.page.article.id == articles[-2])
        await pilot.press("escape")
        hit = app.get_default_screen().hit
        assert hit is not None
        assert hit.article.id == articles[-2]


async def test_the_strip_shows_where_matches_are_and_a_click_goes_there(newsroom: Path, until: Until) -> None:
    app = application(newsroom)
    async with app.run_test(size=(120, 35)) as pilot:
        reader = await opened(pilot, until)
        page, strip = reader.page, reader.query_one(MatchStrip)
        assert page is not None
        region = strip.region
        rows = {match.start * region.height // len(page.text) for match in page.matches}
        drawn = {number - region.y for number, cell, text, _ in styled(app) if (cell, text) == (region.x, MATCH)}
        assert drawn == rows
        await pilot.click(MatchStrip, offset=Offset(0, region.height - 1))
        assert "of zeppelins" in shown(app)
        assert reader.text.progress == 100
        await pilot.click(MatchStrip, offset=Offset(0, 0))
        assert reader.text.scroll_offset.y == 0


async def test_more_like_a_passage_is_asked_on_the_search_screen(newsroom: Path, until: Until) -> None:
    app = application(newsroom)
    async with app.run_test(size=(120, 35)) as pilot:
        reader = await opened(pilot, until)
        assert reader.text.passage is not None
        question = f"like:{reader.text.passage.id}"
        await pilot.press("l")
        await until(pilot, lambda: app.screen is app.get_default_screen())
        assert app.query_one(SearchLine).value == question
        await until(pilot, lambda: app.query_one(ResultList).has_focus)
        assert app.query_one(ArticleText).is_mounted


async def test_a_long_article_opens_before_all_of_it_is_read(tmp_path: Path, until: Until) -> None:
    source, root = tmp_path / "long.txt", tmp_path / "archive"
    source.write_text(f"{FILLER * 500}A zeppelin landed.\n\n{FILLER * 500}The zeppelin left.\n", "utf-8")
    with Archive.open(empty_archive(root)) as archive:
        archive.add([source], passage_rule(archive.settings))
        build(archive, encoder=CheapEncoder)
    app = application(root)
    async with app.run_test(size=(120, 35)) as pilot:
        reader = await opened(pilot, until)
        page = reader.page
        assert page is not None
        assert len(page.text) > LONG
        assert len(page.matches) == 2, "those of all passages"
        assert (number := page.number_of(page.hit.passage)) is not None
        assert page.passages[number - 1] == page.hit.passage
        assert f"¶{number} {page.hit.passage.start}-{page.hit.passage.end}" in shown(app)
        await pilot.press("N" if "left" in page.hit.passage.text else "n")
        assert reader.text.passage is not None
        assert "zeppelin" in reader.text.passage.text
        assert reader.text.passage != page.hit.passage
        assert f" {reader.text.passage.start}-{reader.text.passage.end}" in shown(app), "the place of what is marked"


def test_what_was_read_for_a_passage_that_is_not_selected_any_more_is_told_to_nobody(newsroom: Path) -> None:
    told: list[Message] = []
    worker = ArchiveWorker(lambda: Searcher.open(newsroom))
    worker.open(told.append)
    try:
        with worker.pool.lend() as searcher:
            answer = searcher.search("zeppelin", mode=Mode.LEXICAL)
        told.clear()
        worker.read_article(answer.hits[0], answer.query, told.append, lambda: True)
        assert told == []
        worker.read_article(answer.hits[0], answer.query, told.append, lambda: False)
        assert [message.page.hit for message in told if isinstance(message, ArticleRead)] == [answer.hits[0]]
    finally:
        worker.pool.replace(None)


async def test_a_list_that_is_run_through_ends_with_the_article_that_is_selected(newsroom: Path, until: Until) -> None:
    app = application(newsroom)
    async with app.run_test(size=(120, 35)) as pilot:
        preview = await selected(pilot, until)
        await pilot.press("j", "j", "k", "j", "j", "k")
        chosen = app.query_one(ResultList).hit
        assert chosen is not None
        await until(pilot, lambda: preview.page is not None and preview.page.hit.passage == chosen.passage)
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert preview.page is not None
        assert preview.page.hit.passage == chosen.passage


async def test_the_article_beside_the_list_is_not_read_again_by_a_newer_answer_and_goes_on_being_searched(
    newsroom: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, gate = list[str](), Event()
    read_article = ArchiveWorker.read_article

    def counting(worker: ArchiveWorker, hit: Hit, *others: Any) -> None:
        read.append(hit.passage.id)
        read_article(worker, hit, *others)

    def waiting(*arguments: Any) -> tuple[Span, ...]:
        assert gate.wait(60)
        return finds(*arguments)

    monkeypatch.setattr(ArchiveWorker, "read_article", counting)
    monkeypatch.setattr(reader_module, "finds", waiting)
    app = application(newsroom)
    async with app.run_test(size=(120, 35)) as pilot:
        preview = await selected(pilot, until)
        before, answer = len(read), app.get_default_screen().session.answer
        await pilot.press("tab", "slash", "c")
        app.get_default_screen().action_look_again()
        await until(pilot, lambda: app.get_default_screen().session.answer is not answer)
        await pilot.pause(2 * REST_SECONDS)
        gate.set()
        await until(pilot, lambda: preview.text.finds)
        assert len(read) == before
        assert preview.page is not None
        assert preview.page.hit is app.get_default_screen().hit


async def test_what_was_looked_for_is_looked_for_again_when_what_is_hidden_is_shown(
    tmp_path: Path, until: Until
) -> None:
    source, root = tmp_path / "a.txt", tmp_path / "archive"
    source.write_text(
        f"{FILLER}A zeppelin took the ferry.\n\nRead more: The ferry stops\n\n{FILLER}The ferry left.\n", "utf-8"
    )
    with Archive.open(empty_archive(root)) as archive:
        archive.add([source], passage_rule(archive.settings))
        build(archive, encoder=CheapEncoder)
    app = application(root)
    async with app.run_test(size=(120, 35)) as pilot:
        reader = await opened(pilot, until)
        assert reader.page is not None
        assert reader.page.version.hidden
        await pilot.press("slash")
        app.post_message(Paste("the\r\nferry"))
        await until(pilot, lambda: reader.text.finds)
        assert "“the ferry”: 1 of 2" in shown(app)
        await pilot.press("enter", "N", "h")
        await until(pilot, lambda: len(reader.text.finds or ()) == 3)
        assert "“the ferry”: 3 of 3" in shown(app)
        await pilot.press("h")
        await until(pilot, lambda: len(reader.text.finds or ()) == 2)
        assert "“the ferry”: 2 of 2" in shown(app)
