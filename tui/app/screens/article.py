"""The reading screen: one article, opened at the passage that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from tui.app import clipboard, keys, messages
from tui.app.view.article_page import Page
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.heading import Heading
from tui.app.widgets.status_line import StatusLine
from tui.app.worker import Backstage

if TYPE_CHECKING:
    from index.query.ast import Query
    from index.search.answer import Hit

HINTS: Final = "Esc back  n N matches  c copy  ] [ next  h hidden  F1 help"


class ArticleScreen(Screen[int]):
    """Shows the article of one hit; ends with the place of the hit that was read last.

    Args:
        backstage: reads articles.
        hits: the results, so that the next one can be read without going back.
        at: place of the hit to read.
        query: the question, whose matches can be walked.
        page: the article, where it was read already.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.ARTICLE]

    def __init__(self, backstage: Backstage, hits: tuple[Hit, ...], at: int, query: Query, page: Page | None) -> None:
        super().__init__()
        self._backstage = backstage
        self._hits = hits
        self._at = at
        self._query = query
        self._page = page
        self._trouble = ""

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
            self._read(self._hits[self._at])

    @work(thread=True, exclusive=True, group="page")
    def _read(self, hit: Hit) -> None:
        self._backstage.read(hit, self._query, self.post_message)

    @work(thread=True, exclusive=True, group="near")
    def _near(self, page: Page) -> None:
        self._backstage.near(page, self.post_message)

    @work(thread=True, exclusive=True, group="marks")
    def _mark_all(self, page: Page) -> None:
        self._backstage.mark_all(page, self._query, self.post_message)

    def _show(self, page: Page) -> None:
        self._page, self._trouble = page, ""
        self.query_one(Heading).show(page.article)
        self.text.show(page)
        if not page.whole:
            self._mark_all(page)
        if page.nearest is None:
            self._near(page)

    @on(messages.Paged)
    def _paged(self, message: messages.Paged) -> None:
        if message.page.hit is self._hits[self._at]:
            self._show(message.page)

    @on(messages.Neared)
    @on(messages.Marked)
    def _marked(self, message: messages.Neared | messages.Marked) -> None:
        if self._page is not None and message.page.hit is self._page.hit:
            self._page = self._page.joined(message.page)
            self.text.mark(self._page)

    @on(messages.Stumbled)
    def _stumbled(self, message: messages.Stumbled) -> None:
        self._trouble = message.text
        self._say()

    @on(messages.Walked)
    def _say(self) -> None:
        """Say which match is shown, what is hidden and how far down the text is."""
        self.query_one(StatusLine).say(self._trouble, *_place(self.text))

    def action_back(self) -> None:
        """Return to the results."""
        self.dismiss(self._at)

    def action_next_result(self, step: int) -> None:
        """Read another result."""
        at = self._at + step
        if 0 <= at < len(self._hits):
            self._at = at
            self._read(self._hits[at])
        else:
            self.notify("There is no further result on this list.", timeout=2, markup=False)

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
        return "no word of the question stands here"
    return (
        f"{len(page.matches)} matches" if text.current is None else f"match {text.current + 1} of {len(page.matches)}"
    )
