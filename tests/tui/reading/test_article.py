"""Reading an article: walking matches, what cleaning hid, very long texts, selecting and copying."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.selection import Selection

from archive import Archive
from archive.core.article import Article, Passage, Span, Version
from index import Hit, Searcher, build, passage_rule
from tests.archives import empty_archive
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.view.article_page import Page
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.heading import PlaceRule
from tui.app.widgets.result_list import ResultList

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
Picture = Callable[[MorgueApp], str]

PARAGRAPH = (
    "The harbour council met again on Tuesday and heard eleven speakers. A motion about the tariff was put off until "
    "the spring, although the chair had promised a decision. Outside the hall, dock workers handed out leaflets that "
    "asked for longer breaks, and a ferry captain said the timetable could not be kept.\n"
)


def archive_of(tmp_path: Path, name: str, text: str) -> Path:
    """Make an archive of one article."""
    (tmp_path / name).write_text(text, "utf-8")
    with Archive.open(empty_archive(tmp_path / "archive")) as archive:
        archive.add([tmp_path / name], passage_rule(archive.settings))
        build(archive)
    return tmp_path / "archive"


async def opened(pilot: Pilot[None], until: Until) -> ArticleText:
    """Open the first result and wait until it is drawn with all its matches."""
    app = pilot.app
    await until(pilot, lambda: app.query_one(ResultList).hits)
    await pilot.press("enter", "enter")
    await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and page_of(app) is not None)
    await until(pilot, lambda: (page := page_of(app)) is not None and page.whole)
    return app.screen.query_one(ArticleText)


def page_of(app: object) -> Page | None:
    assert isinstance(app, MorgueApp)
    return app.screen.query_one(ArticleText).page


async def test_n_walks_every_match_of_the_article_and_marks_its_passage(seed_archive: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "Ukraine", "lexical")
    async with app.run_test(size=(80, 24)) as pilot:
        text = await opened(pilot, until)
        page = text.page
        assert page is not None
        assert text.current == page.first_match()
        walked = []
        for _ in page.matches:
            await pilot.press("n")
            assert text.current is not None
            assert text.passage is not None
            match = page.matches[text.current]
            row = text._rows.row_of(match.start)
            assert text.scroll_offset.y <= row < text.scroll_offset.y + text.size.height
            assert text.passage.start <= match.start < text.passage.end
            walked.append(text.current)
        assert sorted(walked) == list(range(len(page.matches)))
        await pilot.press("N")
        assert text.current == walked[-2]
        assert f"match {walked[-2] + 1} of {len(page.matches)}" in app.screen.query_one(PlaceRule).text


async def test_what_cleaning_hid_is_folded_until_asked_for(tmp_path: Path, until: Until, picture: Picture) -> None:
    text = f"Harbour tariff put off\n\n{PARAGRAPH}\nSee also: Ferry runs aground off the northern pier\n\n{PARAGRAPH}"
    root = archive_of(tmp_path, "a.txt", text)
    app = MorgueApp(lambda: Searcher.open(root), "tariff", "lexical")
    async with app.run_test(size=(100, 40)) as pilot:
        shown = await opened(pilot, until)
        assert shown.page is not None
        assert shown.page.version.hidden, "the line is residue"
        assert "Ferry runs aground" not in picture(app)
        assert "1 hidden line (h shows)" in picture(app)
        await pilot.press("h")
        assert "Ferry runs aground off the northern pier" in picture(app)
        await pilot.press("h")
        assert "Ferry runs aground" not in picture(app)


class TextAlone(App[None]):
    """Nothing but an article's text, styled as in the UI."""

    CSS_PATH = MorgueApp.CSS_PATH

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page

    def compose(self) -> ComposeResult:
        yield ArticleText()

    def on_mount(self) -> None:
        self.query_one(ArticleText).focus()
        self.query_one(ArticleText).show(self.page)


def long_page() -> Page:
    """Make a page of five megabytes with a match in its middle and one at its end."""
    half = PARAGRAPH * 8500
    text = f"{half}The zeppelin landed beside the old gasworks.\n{half}The zeppelin left."
    starts = [text.index("zeppelin"), text.rindex("zeppelin")]
    article = Article("a" * 16, "d" * 64, "Long", None, None, None, None, None, "en", "/news/long.txt", None)
    version = Version(article.id, article.version, text, (), "2022-01-01T00:00:00Z", "text/1", "e" * 64)
    passages = tuple(
        Passage(str(at), article.id, version.digest, at - 4, at + 12, text[at - 4 : at + 12]) for at in starts
    )
    hit = Hit(1, passages[0], article, 1.0, None, None, (), "")
    return Page(hit, article, version, passages, tuple(Span(at, at + 8) for at in starts), whole=True)


async def test_a_text_of_megabytes_opens_walks_and_resizes_without_freezing(until: Until) -> None:
    page = long_page()
    assert len(page.text) > 4_900_000
    app = TextAlone(page)
    async with app.run_test(size=(160, 45)) as pilot:
        text = app.query_one(ArticleText)
        await until(pilot, lambda: len(text._rows) > 10_000)
        row = text._rows.row_of(page.matches[0].start)
        assert text.scroll_offset.y <= row < text.scroll_offset.y + text.size.height
        began = perf_counter()
        await pilot.press("n", "home", "N", "end", "pageup", "b")
        assert perf_counter() - began < 5
        assert text.scroll_offset.y <= row < text.scroll_offset.y + text.size.height
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: text._rows.row_of(page.matches[0].start) != row)
        row = text._rows.row_of(page.matches[0].start)
        assert text.scroll_offset.y <= row < text.scroll_offset.y + text.size.height


async def test_selected_text_is_copied_verbatim_with_its_own_offsets(seed_archive: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "Ukraine", "lexical")
    async with app.run_test(size=(80, 24)) as pilot:
        text = await opened(pilot, until)
        page = text.page
        assert page is not None
        row = text._rows.row_of(page.hit.passage.start)
        app.screen.selections = {text: Selection(Offset(3, row), Offset(3 + 10, row + 1))}
        await pilot.pause()
        span = text.selected
        assert span is not None
        assert span.start == text._rows.starts[row]
        assert span.end == text._rows.starts[row + 1] + 10
        await pilot.press("y")
        assert app.clipboard == page.text[span.start : span.end]
        await pilot.press("c")
        assert f"characters {span.start} to {span.end}" in app.clipboard


async def test_dragging_the_mouse_selects_text(seed_archive: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "Ukraine", "lexical")
    async with app.run_test(size=(80, 24)) as pilot:
        text = await opened(pilot, until)
        row = text._rows.row_of(text.passage.start) if text.passage else 0
        y = row - text.scroll_offset.y
        await pilot.mouse_down(ArticleText, offset=(5, y))
        await pilot.hover(ArticleText, offset=(20, y))
        await pilot.mouse_up(ArticleText, offset=(20, y))
        span = text.selected
        assert span is not None
        assert span.start == text._rows.starts[row] + 2
        assert span.end in (text._rows.starts[row] + 17, text._rows.starts[row] + 18)


async def test_the_brackets_walk_the_results_and_escape_returns_to_the_one_read_last(
    seed_archive: Path, until: Until
) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "Ukraine", "lexical")
    async with app.run_test(size=(80, 24)) as pilot:
        text = await opened(pilot, until)
        first = text.page
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: text.page is not first)
        await pilot.press("escape")
        assert app.query_one(ResultList).selected == 1


@pytest.mark.parametrize("width", [60, 100])
async def test_resizing_keeps_the_place(seed_archive: Path, until: Until, width: int) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "Ukraine", "lexical")
    async with app.run_test(size=(80, 24)) as pilot:
        text = await opened(pilot, until)
        await pilot.press("pagedown")
        top = text._rows.starts[text.scroll_offset.y]
        await pilot.resize_terminal(width, 24)
        await pilot.pause()
        row = text._rows.row_of(top)
        assert text._rows.ends[row] >= top
        assert text.scroll_offset.y <= row < text.scroll_offset.y + text.size.height
