"""Texts of megabytes are on the screen at once, and stay there while the rest of them is broken into rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from threading import Event

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from archive.core.article import Article, Passage, Span, Version
from index import Hit
from tui.app.app import MorgueApp
from tui.app.view.article_page import Page
from tui.app.view.viewport import Frame
from tui.app.widgets.article_text import ArticleText
from tui.formats.wrapping import Rows

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]

PARAGRAPH = (
    "The harbour council met again on Tuesday and heard eleven speakers. A motion about the tariff was put off until "
    "the spring, although the chair had promised a decision. Outside the hall, dock workers handed out leaflets that "
    "asked for longer breaks, and a ferry captain said the timetable could not be kept.\n"
)
SENTENCE = "The zeppelin landed beside the old gasworks."


class TextAlone(App[None]):
    """Nothing but an article's text, styled as in the UI."""

    CSS_PATH = MorgueApp.CSS_PATH

    def compose(self) -> ComposeResult:
        yield ArticleText()

    def on_mount(self) -> None:
        self.query_one(ArticleText).focus()


def page_of(text: str, hidden: tuple[Span, ...] = ()) -> Page:
    """Make a page of a text, opened at its first zeppelin; all of them are known to match."""
    starts = [at for at in range(len(text)) if text.startswith("zeppelin", at)] if len(text) < 10_000 else []
    starts = starts or [text.index("zeppelin"), text.rindex("zeppelin")]
    article = Article("a" * 16, "d" * 64, "Long", None, None, None, None, None, "en", "/news/long.txt", None)
    version = Version(article.id, article.version, text, hidden, "2022-01-01T00:00:00Z", "text/1", "e" * 64)
    passages = tuple(Passage(str(at), article.id, version.digest, at, at + 8, "zeppelin") for at in starts)
    hit = Hit(1, passages[0], article, 1.0, None, None, (), "")
    return Page(hit, article, version, passages, tuple(Span(at, at + 8) for at in starts), whole=True)


def long_page() -> Page:
    """Make a page of half a megabyte with something hidden, and matches in its middle and at its end."""
    half = PARAGRAPH * 900
    text = f"{half}See also: the ferry\n{SENTENCE}\n{half}The zeppelin left."
    at = text.index("See also")
    return page_of(text, (Span(at, at + 20),))


def drawn(app: App[None]) -> str:
    """Return the words in the cells of the screen, without those of the scroll bar at its edge."""
    return "\n".join("".join(segment.text for segment in row)[:-1] for row in app.screen._compositor.render_strips())


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Let no text be broken into rows as a whole before it is allowed."""
    gate, wrapped = Event(), Frame.wrapped

    def waiting(frame: Frame, *options: Callable[[], bool]) -> Rows:
        gate.wait(60)
        return wrapped(frame, *options)

    monkeypatch.setattr(Frame, "wrapped", waiting)
    yield gate
    gate.set()


async def nothing(pilot: Pilot[None], text: ArticleText) -> None:
    pass


async def mark(pilot: Pilot[None], text: ArticleText) -> None:
    assert text.page is not None
    at = text.page.hit.passage.start
    text.mark(replace(text.page, nearest=Span(at, at + 20)))


async def show_the_same_once_more(pilot: Pilot[None], text: ArticleText) -> None:
    text.show(long_page())


async def clear_and_show(pilot: Pilot[None], text: ArticleText) -> None:
    text.clear()
    text.show(long_page())


async def narrow(pilot: Pilot[None], text: ArticleText) -> None:
    await pilot.resize_terminal(60, 20)


async def resize_and_mark(pilot: Pilot[None], text: ArticleText) -> None:
    await pilot.resize_terminal(60, 20)
    await mark(pilot, text)
    await pilot.resize_terminal(90, 30)


async def fold_and_mark(pilot: Pilot[None], text: ArticleText) -> None:
    await pilot.press("h")
    await mark(pilot, text)


async def walk_away_and_back(pilot: Pilot[None], text: ArticleText) -> None:
    await pilot.press("n", "home", "end", "N", "b")


CHANGES = [
    nothing,
    mark,
    show_the_same_once_more,
    clear_and_show,
    narrow,
    resize_and_mark,
    fold_and_mark,
    walk_away_and_back,
]


@pytest.mark.parametrize("change", CHANGES)
async def test_a_long_text_is_drawn_before_and_after_all_of_it_is_broken_into_rows(
    gate: Event, until: Until, change: Callable[[Pilot[None], ArticleText], Awaitable[None]]
) -> None:
    app = TextAlone()
    async with app.run_test(size=(100, 30)) as pilot:
        text = app.query_one(ArticleText)
        text.show(long_page())
        await pilot.pause()
        assert SENTENCE in drawn(app), "before it is broken into rows"
        await change(pilot, text)
        await pilot.pause()
        before = drawn(app)
        assert SENTENCE in before, "after the change"
        gate.set()
        await until(pilot, lambda: text.page is not None and text._rows.reach.end == len(text.page.text))
        assert drawn(app) == before, "nothing moves when all rows are known"


async def test_the_ends_and_far_matches_of_a_long_text_are_shown_while_it_is_being_broken_into_rows(
    gate: Event, until: Until
) -> None:
    app = TextAlone()
    async with app.run_test(size=(100, 30)) as pilot:
        text = app.query_one(ArticleText)
        text.show(long_page())
        await pilot.press("end")
        assert "The zeppelin left." in drawn(app)
        assert text.progress == 100
        await pilot.press("home")
        assert drawn(app).split("\n")[0].strip().startswith("The harbour council met again")
        for _ in range(30):
            await pilot.press("pagedown", "pagedown")
        place = text._rows.starts[text.scroll_offset.y]
        assert place > 60 * 20 * 80, "scrolled on beyond what was broken into rows at first"
        for _ in range(30):
            await pilot.press("pageup", "pageup")
        assert text._rows.starts[text.scroll_offset.y] == 0
        await pilot.press("N")
        assert "The zeppelin left." in drawn(app)


async def test_rows_of_another_text_are_never_drawn(gate: Event, until: Until) -> None:
    app, other = TextAlone(), page_of(f"{PARAGRAPH * 1000}Of another zeppelin.")
    async with app.run_test(size=(100, 30)) as pilot:
        text = app.query_one(ArticleText)
        text.show(long_page())
        await pilot.pause()
        text.show(other)
        gate.set()
        await until(pilot, lambda: text._rows.reach.end == len(other.text))
        assert "Of another zeppelin." in drawn(app)
        text.show(long_page())
        text.clear()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert drawn(app).split() == []


async def test_the_match_that_one_is_at_is_the_same_on_a_page_of_other_matches(until: Until) -> None:
    app, page = TextAlone(), page_of(f"{PARAGRAPH}{SENTENCE} " * 4)
    first, *_, last = page.matches
    async with app.run_test(size=(100, 30)) as pilot:
        text = app.query_one(ArticleText)
        text.show(page)
        await pilot.press("N")
        assert text.current == len(page.matches) - 1
        text.mark(replace(page, matches=(first, last)))
        await pilot.pause()
        assert text.current == 1
        text.mark(replace(page, matches=(first,)))
        await pilot.pause()
        assert text.current is None, "one is at another passage, which has no match any more"
        await pilot.press("n")
        assert text.current == 0
        text.mark(replace(page, matches=()))
        await pilot.pause()
        assert text.current is None
        assert SENTENCE in drawn(app)


async def test_an_article_that_was_chosen_while_the_text_was_hidden_has_rows_of_its_own(until: Until) -> None:
    app, other = TextAlone(), page_of(f"Of another zeppelin, {PARAGRAPH}")
    async with app.run_test(size=(100, 30)) as pilot:
        text = app.query_one(ArticleText)
        text.show(long_page())
        await pilot.pause()
        text.display = False
        await pilot.pause()
        text.show(other)
        await pilot.pause()
        text.display = True
        await until(pilot, lambda: "Of another zeppelin," in drawn(app))
        assert "".join(drawn(app).split()).endswith("".join(other.text.split()))
