"""The article beside the results, opened at the selected passage."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.timer import Timer

from tui.app import keys, messages
from tui.app.view.article_page import Page
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.heading import Heading
from tui.app.worker import ArchiveWorker

if TYPE_CHECKING:
    from index.query.ast import Query
    from index.search.answer import Hit

# A selection rests when no other comes for so long: a key that is held down repeats sooner. Chosen, not measured.
REST_SECONDS: Final = 0.04


class Preview(Vertical):
    """Reads and shows the article of the selected result, as soon as the selection rests."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.PREVIEW]

    def __init__(self, worker: ArchiveWorker, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._worker = worker
        self._hit: Hit | None = None
        self._resting: Timer | None = None

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield Heading()
        yield ArticleText()

    @property
    def text(self) -> ArticleText:
        """Return the text's widget."""
        return self.query_one(ArticleText)

    def page_of(self, hit: Hit) -> Page | None:
        """Return the page that is shown, if it is this hit's."""
        page = self.text.page
        return page if page is not None and page.hit is hit else None

    def point(self, hit: Hit | None, query: Query | None) -> None:
        """Show a hit's article with what matches the question in it; nothing, without a hit."""
        self._hit = hit
        if self._resting is not None:
            self._resting.stop()
        if hit is not None and query is not None:
            self._resting = self.set_timer(REST_SECONDS, partial(self._read, hit, query))
        elif self.text.page is not None:
            self.query_one(Heading).clear()
            self.text.clear()

    @work(thread=True, exclusive=True, group="page")
    def _read(self, hit: Hit, query: Query) -> None:
        self._worker.read_article(hit, query, self.post_message)

    @work(thread=True, exclusive=True, group="near")
    def _near(self, page: Page) -> None:
        self._worker.find_nearest(page, self.post_message)

    @on(messages.ArticleRead)
    def _paged(self, message: messages.ArticleRead) -> None:
        """Draw the article; the same passage, found by another answer, stays where it was scrolled to."""
        message.stop()
        if message.page.hit is not self._hit:
            return
        shown = self.text.page
        if shown is not None and shown.hit.passage == message.page.hit.passage:
            self.text.mark(message.page)
        else:
            self.query_one(Heading).show(message.page.article)
            self.text.show(message.page)
        self._near(message.page)

    @on(messages.NearestFound)
    def _neared(self, message: messages.NearestFound) -> None:
        """Mark the nearest sentence; the list learns of it as well."""
        if message.page.hit is self._hit:
            self.text.mark(message.page)
        else:
            message.stop()
