"""The reading screen: one article, opened at the passage that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Protocol

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from tui.app import clipboard, keys, messages
from tui.app.view.article_page import Page
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.heading import Heading
from tui.app.widgets.status_line import StatusLine
from tui.app.worker import ArchiveWorker

if TYPE_CHECKING:
    from index.query.ast import Query
    from index.search.answer import Hit

HINTS: Final = "Esc back  n N matches  c copy  ] [ next  h hidden  F1 help"


class Results(Protocol):
    """The list that an article was opened from."""

    def neighbour(self, step: int, *, article: bool) -> Hit | None:
        """Select the next result (1) or the one before (-1), of any article or of another one, and return it.

        None at the end, which is said, or while more is fetched; ``NeighbourFound`` follows then.
        """


class ArticleScreen(Screen[None]):
    """Shows the article of one hit.

    Args:
        worker: reads articles.
        hit: to read.
        query: the question, whose matches can be walked.
        page: the article, where it was read already.
        results: the list, on which one reads on without going back.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.ARTICLE]

    def __init__(self, worker: ArchiveWorker, hit: Hit, query: Query, page: Page | None, results: Results) -> None:
        super().__init__()
        self._worker = worker
        self._hit = hit
        self._results = results
        self._query = query
        self._page = page
        self._failure = ""

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield Heading()
        yield ArticleText()
        yield StatusLine(HINTS)

    @property
    def text(self) -> ArticleText:
        """Return the text's widget."""
        return self.query_one(ArticleText)

    def on_mount(self) -> None:
        """Show what was read already, or read it."""
        self.set_focus(self.text)
        if self._page is not None:
            self._show(self._page)
        else:
            self._read(self._hit)

    @work(thread=True, exclusive=True, group="page")
    def _read(self, hit: Hit) -> None:
        self._worker.read_article(hit, self._query, self.post_message)

    @work(thread=True, exclusive=True, group="near")
    def _near(self, page: Page) -> None:
        self._worker.find_nearest(page, self.post_message)

    @work(thread=True, exclusive=True, group="marks")
    def _mark_all(self, page: Page) -> None:
        self._worker.find_matches(page, self._query, self.post_message)

    def _show(self, page: Page) -> None:
        self._page, self._failure = page, ""
        self.query_one(Heading).show(page.article)
        self.text.show(page)
        if not page.whole:
            self._mark_all(page)
        if page.nearest is None:
            self._near(page)

    @on(messages.ArticleRead)
    def _article_read(self, message: messages.ArticleRead) -> None:
        if message.page.hit is self._hit:
            self._show(message.page)

    @on(messages.NearestFound)
    @on(messages.MatchesFound)
    def _marked(self, message: messages.NearestFound | messages.MatchesFound) -> None:
        if self._page is not None and message.page.hit is self._page.hit:
            self._page = self._page.joined(message.page)
            self.text.mark(self._page)

    @on(messages.OperationFailed)
    def _operation_failed(self, message: messages.OperationFailed) -> None:
        self._failure = message.text
        self._show_status()

    @on(messages.PositionChanged)
    def _show_status(self) -> None:
        """Say which match is shown, what is hidden and how far down the text is."""
        self.query_one(StatusLine).say(self._failure, *_place(self.text))

    def action_back(self) -> None:
        """Return to the results."""
        self.dismiss()

    def action_next_result(self, step: int) -> None:
        """Read the next result's article, of as many as there are."""
        self._go_on(self._results.neighbour(step, article=True))

    @on(messages.NeighbourFound)
    def _neighbour_found(self, message: messages.NeighbourFound) -> None:
        self._go_on(message.hit)

    def _go_on(self, hit: Hit | None) -> None:
        """Read another article; where there is none, the list has said so."""
        if hit is not None:
            self._hit = hit
            self._read(hit)

    def action_copy_citation(self) -> None:
        """Copy the marked passage, or what the mouse selected, with its source."""
        clipboard.copy(self.app, clipboard.of_text(self.text), cited=True)

    def action_copy_passage(self) -> None:
        """Copy the marked passage, or what the mouse selected, alone."""
        clipboard.copy(self.app, clipboard.of_text(self.text), cited=False)


def _place(text: ArticleText) -> tuple[str, ...]:
    if text.page is None:
        return ("Reading the article …",)
    hidden = len(text.page.version.hidden)
    folds = f"{hidden} hidden {'piece' if hidden == 1 else 'pieces'}" if hidden else ""
    return (_matches(text, text.page), folds, f"{text.progress}%")


def _matches(text: ArticleText, page: Page) -> str:
    if not page.whole:
        return "looking for all matches …"
    if not page.matches:
        return "no match in this article"
    return (
        f"{len(page.matches)} matches" if text.current is None else f"match {text.current + 1} of {len(page.matches)}"
    )
