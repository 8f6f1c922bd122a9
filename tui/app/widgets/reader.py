"""Reading one article: its head, its text, the strip of its matches, and finding within it.

The same beside the results and on a screen of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input
from textual.worker import get_current_worker

from tui.app import keys, messages, opening
from tui.app.notebook.words import signs_in_words
from tui.app.view.article_page import Page
from tui.app.view.find import finds
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.find_line import FindLine
from tui.app.widgets.heading import Heading, PlaceRule
from tui.app.widgets.match_strip import MatchStrip
from tui.app.worker import ArchiveWorker
from tui.session.kept import Kept

if TYPE_CHECKING:
    from index.query.ast import Query
    from index.search.answer import Hit


class Reader(Vertical):
    """Reads and shows the article of a hit; whatever is slow is done in threads.

    Args:
        worker: reads articles.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.READER]

    def __init__(self, worker: ArchiveWorker, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._worker = worker
        self._hit: Hit | None = None
        self._query: Query | None = None
        self._total = ""
        self._finds_from = 0
        self._kept = Kept()

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield PlaceRule()
        yield Heading()
        with Horizontal():
            yield (text := ArticleText())
            yield MatchStrip()
        yield FindLine(text)

    @property
    def text(self) -> ArticleText:
        """Return the text's widget."""
        return self.query_one(ArticleText)

    @property
    def kept(self) -> Kept:
        """Return what is kept of the archive, as it was last told."""
        return self._kept

    @property
    def page(self) -> Page | None:
        """Return the page that is shown."""
        return self.text.page

    def page_of(self, hit: Hit) -> Page | None:
        """Return the page that is shown, if it is this hit's."""
        page = self.page
        return page if page is not None and page.answers(hit, self._query) else None

    def read(self, hit: Hit, query: Query, total: str = "", page: Page | None = None) -> None:
        """Read and show a hit's article with what matches a question in it.

        Args:
            hit: what was found.
            query: the question, whose matches can be walked through.
            total: how many results there are, as far as that is known.
            page: the article, where it was read already.
        """
        if self._hit is None or hit.passage != self._hit.passage:
            self.query_one(FindLine).display = False
        self._hit, self._query, self._total = hit, query, total
        if page is not None and page.answers(hit, query):
            self._show(page)
        elif (shown := self.page_of(hit)) is not None and shown.article == hit.article:
            self._keep(replace(shown, hit=hit))
        else:
            self._read(hit, query)

    def know(self, kept: Kept) -> None:
        """Show what is kept of the marked passage and its article."""
        self._kept = kept
        self._tell()

    def clear(self) -> None:
        """Show nothing."""
        self._hit = None
        self.text.clear()
        self._tell()

    # -- reading, in threads -----------------------------------------------------------------------------------------

    @work(thread=True, exclusive=True, group="page")
    def _read(self, hit: Hit, query: Query) -> None:
        worker = get_current_worker()
        self._worker.read_article(hit, query, self.post_message, lambda: worker.is_cancelled)

    @work(thread=True, exclusive=True, group="near")
    def _near(self, page: Page) -> None:
        worker = get_current_worker()
        self._worker.find_nearest(page, self.post_message, lambda: worker.is_cancelled)

    @work(thread=True, exclusive=True, group="marks")
    def _mark_all(self, page: Page) -> None:
        self._worker.find_matches(page, self.post_message)

    @on(messages.ArticleRead)
    def _article_read(self, message: messages.ArticleRead) -> None:
        message.stop()
        if message.page.answers(self._hit, self._query):
            self._show(message.page)

    def _show(self, page: Page) -> None:
        """Draw an article; the same passage, found by another answer, stays where it was scrolled to."""
        page = replace(page, hit=self._hit or page.hit)
        shown = self.page
        if shown is not None and shown.hit.passage == page.hit.passage:
            page = page.joined(shown) if shown.answers(page.hit, page.query) else page
            self.text.mark(page)
        else:
            self.workers.cancel_group(self, "find")
            self.text.show(page)
            line = self.query_one(FindLine)
            if line.display and line.value.strip():  # opened before the article was read
                self._find(page, line.value, folded=self.text.folded)
        if not page.whole:
            self._mark_all(page)
        if page.nearest is None:
            self._near(page)

    def _keep(self, page: Page) -> None:
        """Draw what is shown already and was found once more; whatever is still looked for in it is on its way."""
        self.text.mark(page)
        if page.nearest is None:
            self._near(page)

    @on(messages.NearestFound)
    @on(messages.MatchesFound)
    def _marked(self, message: messages.NearestFound | messages.MatchesFound) -> None:
        """Mark what was found in the meantime; the list learns of the nearest sentence as well."""
        if self.page is not None and message.page.answers(self.page.hit, self.page.query):
            self.text.mark(self.page.joined(message.page))
        else:
            message.stop()

    # -- where one is ------------------------------------------------------------------------------------------------

    @on(messages.PositionChanged)
    def _tell(self) -> None:
        """Say which match is shown, what is hidden and how far down the text is, in words and as a strip."""
        text = self.text
        page = text.page
        text.keep(() if page is None else self._kept.spans(page.article.id, page.version.digest))
        where = place(text, self.query_one(FindLine).value)
        self.query_one(PlaceRule).say("Article", self._signs(), *where, heavy=self.has_focus_within)
        self.query_one(Heading).show(text.page, text.passage, self._total)
        self.query_one(MatchStrip).show(text.overview)

    def on_descendant_focus(self) -> None:
        """Show that keys go here."""
        self._tell()

    def on_descendant_blur(self) -> None:
        """Show that keys go elsewhere."""
        self._tell()

    def _signs(self) -> str:
        """Say what is kept of the marked passage, as an answer to the question."""
        passage, page = self.text.passage, self.text.page
        if passage is None or page is None:
            return ""
        return signs_in_words(self._kept.signs(passage, "" if page.query is None else page.query.text))

    @on(MatchStrip.Pointed)
    def _pointed(self, message: MatchStrip.Pointed) -> None:
        self.text.look_at(message.share)

    # -- finding within the article ----------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the letter that opens the line to find in to that line, once it is open."""
        return action != "find" or self.screen.focused is not self.query_one(FindLine)

    def action_find(self) -> None:
        """Look for words within the article, also in one that is still being read."""
        line = self.query_one(FindLine)
        top = self.text.overview
        self._finds_from = 0 if top is None else top.seen.start
        line.display = True
        self.screen.set_focus(line)
        line.action_select_all()

    @on(Input.Changed)
    def _sought(self, message: Input.Changed) -> None:
        message.stop()
        if not message.value.strip():
            self.text.found(None)
        elif self.page is not None:
            self._find(self.page, message.value, folded=self.text.folded)

    @on(ArticleText.Folded)
    def _folded(self, message: ArticleText.Folded) -> None:
        """Look again, since nothing is found in what is folded; the find one is at stays so, if it is found."""
        message.stop()
        text, sought = self.text, self.query_one(FindLine).value
        if text.page is not None and text.finds is not None:
            if text.current is not None:
                self._finds_from = text.finds[text.current].start
            self._find(text.page, sought, folded=text.folded)

    @work(thread=True, exclusive=True, group="find")
    def _find(self, page: Page, sought: str, *, folded: bool) -> None:
        worker = get_current_worker()
        hidden = page.version.hidden if folded else ()
        found = finds(page.text, sought, hidden, lambda: worker.is_cancelled)
        if not worker.is_cancelled:
            self.post_message(messages.FindsFound(page.version.digest, sought, found))

    @on(messages.FindsFound)
    def _found(self, message: messages.FindsFound) -> None:
        message.stop()
        page, line = self.page, self.query_one(FindLine)
        if page is not None and page.version.digest == message.version and line.value == message.sought:
            self.text.found(message.finds, self._finds_from)

    @on(FindLine.Left)
    def _find_left(self, message: FindLine.Left) -> None:
        message.stop()
        line = self.query_one(FindLine)
        if not message.keep or not line.value.strip():
            self.text.found(None)
        line.display = False

    # -- going elsewhere ---------------------------------------------------------------------------------------------

    def action_neighbour(self, step: int, article: bool) -> None:
        """Go on to the next passage on the list, or to the next article."""
        self.post_message(messages.NeighbourWanted(step, article))

    def action_browse(self) -> None:
        """Open the article's address in the browser."""
        if self.page is not None:
            self._open(opening.browse(self.app, self.page.article))

    def action_edit(self) -> None:
        """Open the article's file where the passage stands."""
        page, passage = self.page, self.text.passage
        if page is not None and passage is not None:
            self._open(opening.edit(self.app, page, passage))

    def action_like(self) -> None:
        """Ask for more like the marked passage."""
        if self.text.passage is not None:
            self.post_message(messages.QuestionAsked(f"like:{self.text.passage.id}"))

    def action_versions(self) -> None:
        """Show the versions of the article."""
        if self.page is not None:
            self._find_versions(self.page)

    @on(messages.VersionsFound)
    def _versions_found(self, message: messages.VersionsFound) -> None:
        """Let them be shown, unless one has gone elsewhere meanwhile."""
        if self.screen is not self.app.screen or self.page is None or self.page.article.id != message.article.id:
            message.stop()

    @work(thread=True, exclusive=True, group="versions")
    def _find_versions(self, page: Page) -> None:
        self._worker.find_versions(page, self.post_message)

    @work(exclusive=True, group="opening")
    async def _open(self, opened: Awaitable[opening.Outcome]) -> None:
        outcome = await opened
        self.notify(outcome.words, severity="information" if outcome.done else "warning", markup=False)


def place(text: ArticleText, sought: str) -> tuple[str, ...]:
    """Say where in an article one is."""
    if text.page is None:
        return ()
    hidden = len(text.page.version.hidden)
    folds = f"{hidden} hidden {'piece' if hidden == 1 else 'pieces'}" if hidden else ""
    return (_walked(text, text.page, sought), folds, f"{text.progress}%")


def _walked(text: ArticleText, page: Page, sought: str) -> str:
    if text.finds is None and not page.whole:
        return "looking for all matches …"
    number, count = text.current, len(text.walked)
    if text.finds is not None:
        return f"“{sought}”: {_number(number)} of {count}" if count else f"“{sought}” is not in this article"
    if not count:
        return "no match in this article"
    return f"match {number + 1} of {count}" if number is not None else f"{count} matches"


def _number(number: int | None) -> str:
    return "…" if number is None else str(number + 1)
