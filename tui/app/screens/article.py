"""The reading screen: one article, opened at the passage that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from archive.text.visible import visible_line
from tui.app import clipboard, keys, messages
from tui.app.actions.following import follow
from tui.app.screens.keeping import KeepingScreen
from tui.app.view.article_page import Page
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.reader import Reader
from tui.app.widgets.status_line import StatusLine
from tui.app.worker import POLL_SECONDS, ArchiveWorker

if TYPE_CHECKING:
    from index.query.ast import Query
    from index.search.answer import Hit


class Results(Protocol):
    """The list that an article was opened from."""

    @property
    def total(self) -> str:
        """Return how many results there are, as far as that is known."""

    def neighbour(self, step: int, *, article: bool) -> Hit | None:
        """Select the next result (1) or the one before (-1), of any article or of another one, and return it.

        None at the end, which is said, or while more is fetched; ``NeighbourFound`` follows then, on the screen that
        is on top now.
        """

    def stay(self) -> None:
        """Forget that somebody wanted to read on."""


class ArticleScreen(KeepingScreen):
    """Shows the article of one hit.

    Args:
        worker: reads articles.
        hit: to read.
        query: the question, whose matches can be walked.
        page: the article, where it was read already.
        results: the list, on which one reads on without going back.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.ARTICLE, *keys.KEEPING, *keys.PANES]

    def __init__(self, worker: ArchiveWorker, hit: Hit, query: Query, page: Page | None, results: Results) -> None:
        super().__init__()
        self._worker = worker
        self._hit = hit
        self._query = query
        self._page = page
        self._results = results

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield Reader(self._worker)
        yield StatusLine()

    @property
    def reader(self) -> Reader:
        """Return the article's widget."""
        return self.query_one(Reader)

    @property
    def text(self) -> ArticleText:
        """Return the text's widget."""
        return self.reader.text

    def begin(self) -> None:
        """Show what was read already, or read it."""
        self.set_focus(self.text)
        follow(self, "kept", self.reader.know)
        self.set_interval(POLL_SECONDS, self._look_whether_withdrawn)
        self.reader.read(self._hit, self._query, self._results.total, self._page)

    @on(messages.NeighbourWanted)
    def _neighbour_wanted(self, message: messages.NeighbourWanted) -> None:
        self._go_on(self._results.neighbour(message.step, article=message.article))

    @on(messages.NeighbourFound)
    def _neighbour_found(self, message: messages.NeighbourFound) -> None:
        self._go_on(message.hit)

    def _go_on(self, hit: Hit | None) -> None:
        """Read another article; where there is none, the list has said so."""
        if hit is not None:
            self.reader.read(hit, self._query, self._results.total)

    @on(messages.OperationFailed)
    def _operation_failed(self, message: messages.OperationFailed) -> None:
        self.query_one(StatusLine).say(visible_line(message.text))

    @work(thread=True, exclusive=True, group="withdrawn")
    def _look_whether_withdrawn(self) -> None:
        page = self.reader.page
        if page is not None:
            self._worker.find_withdrawn((page.article.id,), self.post_message)

    @on(messages.Withdrawn)
    def _withdrawn(self, message: messages.Withdrawn) -> None:
        """Show an article no more that another program removed; one that was removed here can be brought back."""
        page = self.reader.page
        if page is not None and page.article.id in message.elsewhere(self.reader.kept.out):
            self.reader.clear()
            self.query_one(StatusLine).say(f"{page.article.title}: removed from the archive by another program.")

    def action_back(self) -> None:
        """Return to the results."""
        self._results.stay()
        self.dismiss()

    def quoted(self) -> clipboard.Quotation | None:
        """Return what the mouse selected, else the marked passage."""
        return clipboard.of_text(self.text)

    def judged(self) -> tuple[str, str] | None:
        """Return the question, and the marked passage."""
        passage = self.text.passage
        return None if passage is None else (self._query.text, passage.id)

    def action_copy_citation(self) -> None:
        """Copy the marked passage, or what the mouse selected, with its source."""
        clipboard.copy(self.app, self.quoted(), cited=True)

    def action_copy_passage(self) -> None:
        """Copy the marked passage, or what the mouse selected, alone."""
        clipboard.copy(self.app, self.quoted(), cited=False)

    def action_copy_address(self) -> None:
        """Copy the article's address."""
        clipboard.copy_address(self.app, self.quoted())
