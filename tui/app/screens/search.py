"""The main screen: ask, see the ranked passages, see the selected one in its article."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import get_current_worker

from tui.app import clipboard, expanded_rows, keys, messages, notices
from tui.app.screens.article import ArticleScreen
from tui.app.state import Outlook
from tui.app.widgets.notice import NoticePanel, Warnings
from tui.app.widgets.preview import Preview
from tui.app.widgets.result_list import ResultList
from tui.app.widgets.search_line import SearchLine
from tui.app.widgets.status_line import StatusLine
from tui.app.worker import Backstage
from tui.session.request import ModeName, Request

if TYPE_CHECKING:
    from index.search.answer import Answer, Hit

POLL_SECONDS: Final = 5.0
HINTS: Final = "F1 help  Enter read  F2 mode  F4 preview  ^Q quit"


class SearchScreen(Screen[None]):
    """Shows what searching gives; whatever is slow happens backstage, in threads.

    Args:
        backstage: answers.
        query: to begin with.
        mode: to begin in.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.SEARCH]

    def __init__(self, backstage: Backstage, query: str, mode: ModeName) -> None:
        super().__init__()
        self._backstage = backstage
        self._request = Request(text=query, mode=mode)
        self._answer: Answer | None = None
        self._answered = 0
        self._unfolded: expanded_rows.Unfolded = {}
        self._outlook = Outlook()
        self._eager = False
        self._beside = True

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield SearchLine(self._request.text, id="query")
        yield Warnings(id="warnings")
        with Container(id="panes"):
            yield NoticePanel(notices.OPENING, id="notice")
            yield ResultList(id="results")
            yield Preview(self._backstage, id="preview")
        yield StatusLine(HINTS)

    @property
    def results(self) -> ResultList:
        """Return the list."""
        return self.query_one(ResultList)

    @property
    def preview(self) -> Preview:
        """Return the article beside the list."""
        return self.query_one(Preview)

    @property
    def hit(self) -> Hit | None:
        """Return the selected result."""
        return self.results.hit

    # -- the archive -------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Open the archive once the first picture is on the screen."""
        self.set_focus(self.query_one(SearchLine))
        self._draw()
        self.call_after_refresh(self._open)
        self.set_interval(POLL_SECONDS, self._look_around)

    def _open(self) -> None:
        self._backstage.start(self._backstage.open, self.post_message)

    def _look_around(self) -> None:
        if self._outlook.opened:
            self._stand()

    @work(thread=True, exclusive=True, group="standing")
    def _stand(self) -> None:
        self._backstage.standing(self.post_message)

    @on(messages.Opened)
    def _opened(self, message: messages.Opened) -> None:
        self._know(replace(self._outlook, trouble=None, opened=True, empty=message.empty, newer=None, behind=0))
        self._unfolded = {}
        self._stand()
        if not self._outlook.ready:
            self._know(replace(self._outlook, ready=None))
            self._backstage.start(self._backstage.warm, self.post_message)
        self._ask(self._request.again())

    @on(messages.Failed)
    def _failed(self, message: messages.Failed) -> None:
        if message.number is None or message.number == self._request.number:
            self._know(replace(self._outlook, trouble=message.notice))

    @on(messages.Warmed)
    def _warmed(self, message: messages.Warmed) -> None:
        self._know(replace(self._outlook, ready=message.ready, told=""))
        if self._request.mode != "lexical":
            self._ask(self._request.again())

    @on(messages.Standing)
    def _standing(self, message: messages.Standing) -> None:
        self._know(replace(self._outlook, behind=message.behind, newer=message.newer))

    @on(messages.Told)
    def _told(self, message: messages.Told) -> None:
        self._know(replace(self._outlook, told=message.text))

    @on(messages.Stumbled)
    def _stumbled(self, message: messages.Stumbled) -> None:
        self.notify(message.text, severity="error", markup=False)

    def _know(self, outlook: Outlook) -> None:
        self._outlook = outlook
        self._draw()

    # -- asking ------------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        if message.value != self._request.text:
            self._eager, self._unfolded = False, {}
            self._ask(self._request.retyped(message.value))

    def _ask(self, request: Request) -> None:
        self._request = request
        if not request.text.strip():
            self._settle(None)
        elif self._outlook.opened:
            self._know(replace(self._outlook, trouble=None))
            self._search(request)

    @work(thread=True, exclusive=True, group="search")
    def _search(self, request: Request) -> None:
        worker = get_current_worker()
        self._backstage.answer(request, self.post_message, lambda: worker.is_cancelled)

    @on(messages.Answered)
    def _take(self, message: messages.Answered) -> None:
        """Draw an answer, unless something else was asked meanwhile or a better one follows an empty one."""
        if message.request.number == self._request.number and (message.answer.hits or message.final):
            self._settle(message.answer)

    def _settle(self, answer: Answer | None) -> None:
        self._answer, self._answered = answer, self._request.number
        line = self.focused is self.query_one(SearchLine)
        keep = not line or (self._request.keep and self.results.selected > 0)
        self._list(keep=keep)
        self._draw()
        if self._eager and answer is not None and answer.hits:
            self._eager = False
            self.set_focus(self.results)

    def _list(self, *, keep: bool) -> None:
        self.results.show(expanded_rows.listed(self._answer, self._unfolded), keep=keep)

    @work(thread=True, exclusive=True, group="unfolding")
    def _unfold(self, answer: Answer, hit: Hit) -> None:
        self._backstage.unfold(answer, hit, self.post_message)

    @on(messages.Unfolded)
    def _show_unfolded(self, message: messages.Unfolded) -> None:
        if message.answer is self._answer:
            place = expanded_rows.Place.of(message.answer, message.hit)
            self._unfolded = {**self._unfolded, place: message.folded}
            self._list(keep=True)

    # -- drawing -----------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        """Show either results or words in their place, and what else should be known."""
        notice = self._outlook.notice(self._request, self._answer)
        panel = self.query_one(NoticePanel)
        if notice is not None:
            panel.show(notice)
        panel.display = notice is not None
        self.results.display = notice is None
        self.preview.display = notice is None and self._beside
        self.query_one(Warnings).show(self._outlook.warnings(self._answer))
        self._say()

    @on(messages.Walked)
    def _say(self) -> None:
        status = self._outlook.status(self._request, self._answer, self.hit.rank if self.hit is not None else 0)
        self.query_one(StatusLine).say(*status)

    @on(messages.Pointed)
    def _pointed(self, message: messages.Pointed) -> None:
        self._say()
        self.preview.point(message.hit, self._answer.query if self._answer is not None else None)

    @on(messages.Neared)
    def _neared(self, message: messages.Neared) -> None:
        self.results.near(message.page.hit)

    # -- keys --------------------------------------------------------------------------------------------------------

    def action_focus_query(self) -> None:
        """Go to the search line."""
        self.set_focus(self.query_one(SearchLine))

    on_went_above = action_focus_query

    def action_first_result(self) -> None:
        """Go to the first result, as soon as the newest question is answered."""
        if self._answered == self._request.number and self.results.hits:
            self.results.select(0)
            self.set_focus(self.results)
        else:
            self._eager = True

    def action_into_results(self) -> None:
        """Go to the selected result."""
        if self.results.hits:
            self.set_focus(self.results)

    def action_next_mode(self) -> None:
        """Search in the next mode."""
        self._ask(self._request.in_next_mode())
        self._draw()

    def action_nearest(self) -> None:
        """Show the nearest passages although nothing resembles the question."""
        self._ask(self._request.all_the_same())

    def action_spellings(self) -> None:
        """Turn the search for other spellings on or off."""
        self._ask(self._request.with_spellings_turned())
        self._draw()

    def action_next_group(self) -> None:
        """Let rows stand for passages, or for articles."""
        self._ask(self._request.in_next_group())
        self._draw()

    def action_unfold(self) -> None:
        """Show what was folded under the selected result, or fold it again."""
        best = expanded_rows.best_of(self.hit, self.results.hits)
        if self._answer is None or best is None or not (best.copies or best.folded):
            self.notify("Nothing is folded under this result.", markup=False)
        elif (place := expanded_rows.Place.of(self._answer, best)) in self._unfolded:
            del self._unfolded[place]
            self.results.select(self.results.hits.index(best))
            self._list(keep=True)
        else:
            self._unfold(self._answer, best)

    def action_toggle_preview(self) -> None:
        """Show or hide the article beside the results."""
        self._beside = not self._beside
        if self.preview.has_focus_within:
            self.set_focus(self.results)
        self._draw()

    def action_look_again(self) -> None:
        """Change to the newest index, staying on the same passage."""
        if self._outlook.trouble is not None:
            self._know(replace(self._outlook, trouble=notices.OPENING))
        self._open()

    def action_copy_citation(self) -> None:
        """Copy the selected passage with its source."""
        clipboard.copy(self.app, self._quotation(), cited=True)

    def action_copy_passage(self) -> None:
        """Copy the selected passage alone."""
        clipboard.copy(self.app, self._quotation(), cited=False)

    def _quotation(self) -> clipboard.Quotation | None:
        if self.preview.text.selected is not None:
            return clipboard.of_text(self.preview.text)
        return clipboard.of_hit(self.hit) if self.hit is not None else None

    @on(messages.WantsMore)
    def _more(self) -> None:
        if self._answer is not None and len(self._answer.hits) >= self._request.k:
            self._ask(self._request.deeper())

    @on(messages.Chosen)
    def _chosen(self, message: messages.Chosen) -> None:
        """Read an article; the search waits behind it as it is."""
        if self._answer is None:
            return
        known = self.preview.page_of(message.hit)
        at = self.results.hits.index(message.hit)
        screen = ArticleScreen(self._backstage, self.results.hits, at, self._answer.query, known)
        self.app.push_screen(screen, self._returned)

    def _returned(self, at: int | None) -> None:
        if at is not None and at != self.results.selected:
            self.results.select(at)
