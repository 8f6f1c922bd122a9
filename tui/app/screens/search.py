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

from archive.text.visible import visible_line
from tui.app import clipboard, expanded_rows, keys, messages, notices
from tui.app.screens.article import ArticleScreen
from tui.app.state import AppState
from tui.app.widgets.notice import NoticePanel, Warnings
from tui.app.widgets.preview import Preview
from tui.app.widgets.result_list import ResultList
from tui.app.widgets.search_line import SearchLine
from tui.app.widgets.status_line import StatusLine
from tui.app.worker import ArchiveWorker
from tui.session.request import ModeName, Request

if TYPE_CHECKING:
    from index.search.answer import Answer, Hit

# Between looks for a newer index: few, as each reads files, and soon enough for who has just updated. Chosen.
POLL_SECONDS: Final = 5.0
HINTS: Final = "F1 help  Enter read  F2 mode  F4 preview  ^Q quit"


class SearchScreen(Screen[None]):
    """Shows what searching gives; whatever is slow is done by the worker, in threads.

    Args:
        worker: answers.
        query: to begin with.
        mode: to begin in.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.SEARCH]

    def __init__(self, worker: ArchiveWorker, query: str, mode: ModeName) -> None:
        super().__init__()
        self._worker = worker
        self._request = Request(text=query, mode=mode)
        self._answer: Answer | None = None
        self._answered = 0
        self._unfolded: expanded_rows.Folds = {}
        self._state = AppState()
        self._enters_results = False
        self._shows_preview = True

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield SearchLine(self._request.text, id="query")
        yield Warnings(id="warnings")
        with Container(id="panes"):
            yield NoticePanel(notices.OPENING, id="notice")
            yield ResultList(id="results")
            yield Preview(self._worker, id="preview")
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
        self.set_interval(POLL_SECONDS, self._poll_index)

    def _open(self) -> None:
        self._worker.start(self._worker.open, self.post_message)

    def _poll_index(self) -> None:
        if self._state.opened:
            self._check_index()

    @work(thread=True, exclusive=True, group="index")
    def _check_index(self) -> None:
        self._worker.check_index(self.post_message)

    @on(messages.ArchiveOpened)
    def _opened(self, message: messages.ArchiveOpened) -> None:
        self._become(replace(self._state, trouble=None, opened=True, empty=message.empty, newer=None, behind=0))
        self._unfolded = {}
        self._check_index()
        if not self._state.ready:
            self._become(replace(self._state, ready=None))
            self._worker.start(self._worker.load_encoder, self.post_message)
        self._ask(self._request.again())

    @on(messages.SearchFailed)
    def _failed(self, message: messages.SearchFailed) -> None:
        if message.number is None or message.number == self._request.number:
            self._become(replace(self._state, trouble=message.notice))

    @on(messages.EncoderLoaded)
    def _encoder_loaded(self, message: messages.EncoderLoaded) -> None:
        self._become(replace(self._state, ready=message.ready, slow_work=""))
        if self._request.mode != "lexical":
            self._ask(self._request.again())

    @on(messages.IndexState)
    def _index_checked(self, message: messages.IndexState) -> None:
        self._become(replace(self._state, behind=message.behind, newer=message.newer))

    @on(messages.StatusText)
    def _slow_work_begun(self, message: messages.StatusText) -> None:
        self._become(replace(self._state, slow_work=message.text))

    @on(messages.OperationFailed)
    def _operation_failed(self, message: messages.OperationFailed) -> None:
        self.notify(visible_line(message.text), severity="error", markup=False)

    def _become(self, state: AppState) -> None:
        self._state = state
        self._draw()

    # -- asking ------------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        if message.value != self._request.text:
            self._enters_results, self._unfolded = False, {}
            self._ask(self._request.retyped(message.value))

    def _ask(self, request: Request) -> None:
        self._request = request
        if not request.text.strip():
            self._settle(None)
        elif self._state.opened:
            self._become(replace(self._state, trouble=None))
            self._search(request)

    @work(thread=True, exclusive=True, group="search")
    def _search(self, request: Request) -> None:
        worker = get_current_worker()
        self._worker.answer(request, self.post_message, lambda: worker.is_cancelled)

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
        if self._enters_results and answer is not None and answer.hits:
            self._enters_results = False
            self.set_focus(self.results)

    def _list(self, *, keep: bool) -> None:
        self.results.show(expanded_rows.listed(self._answer, self._unfolded), keep=keep)

    @work(thread=True, exclusive=True, group="unfolding")
    def _unfold(self, answer: Answer, hit: Hit) -> None:
        self._worker.find_folded(answer, hit, self.post_message)

    @on(messages.FoldedHitsFound)
    def _show_unfolded(self, message: messages.FoldedHitsFound) -> None:
        if message.answer is self._answer:
            key = expanded_rows.RowKey.of(message.answer, message.hit)
            self._unfolded = {**self._unfolded, key: message.folded}
            self._list(keep=True)

    # -- drawing -----------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        """Show either results or words in their place, and what else should be known."""
        notice = self._state.notice(self._request, self._answer)
        panel = self.query_one(NoticePanel)
        if notice is not None:
            panel.show(notice)
        panel.display = notice is not None
        self.results.display = notice is None
        self.preview.display = notice is None and self._shows_preview
        self.query_one(Warnings).show(self._state.warnings(self._answer))
        self._show_status()

    @on(messages.PositionChanged)
    def _show_status(self) -> None:
        status = self._state.status(self._request, self._answer, self.hit.rank if self.hit is not None else 0)
        self.query_one(StatusLine).say(*status)

    @on(messages.SelectionChanged)
    def _selection_changed(self, message: messages.SelectionChanged) -> None:
        self._show_status()
        self.preview.point(message.hit, self._answer.query if self._answer is not None else None, self.total)

    @on(messages.NearestFound)
    def _nearest_found(self, message: messages.NearestFound) -> None:
        self.results.near(message.page.hit)

    # -- keys --------------------------------------------------------------------------------------------------------

    def action_focus_query(self) -> None:
        """Go to the search line."""
        self.set_focus(self.query_one(SearchLine))

    on_left_list_top = action_focus_query

    def action_first_result(self) -> None:
        """Go to the first result, as soon as the newest question is answered."""
        if self._answered == self._request.number and self.results.hits:
            self.results.select(0)
            self.set_focus(self.results)
        else:
            self._enters_results = True

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
        elif (key := expanded_rows.RowKey.of(self._answer, best)) in self._unfolded:
            del self._unfolded[key]
            self.results.select(self.results.hits.index(best))
            self._list(keep=True)
        else:
            self._unfold(self._answer, best)

    def action_toggle_preview(self) -> None:
        """Show or hide the article beside the results."""
        self._shows_preview = not self._shows_preview
        if self.preview.has_focus_within:
            self.set_focus(self.results)
        self._draw()

    def action_look_again(self) -> None:
        """Change to the newest index, staying on the same passage."""
        if self._state.trouble is not None:
            self._become(replace(self._state, trouble=notices.OPENING))
        self._open()

    def action_copy_citation(self) -> None:
        """Copy the selected passage with its source."""
        clipboard.copy(self.app, self._quotation(), cited=True)

    def action_copy_passage(self) -> None:
        """Copy the selected passage alone."""
        clipboard.copy(self.app, self._quotation(), cited=False)

    def action_copy_address(self) -> None:
        """Copy the address of the selected article."""
        clipboard.copy_address(self.app, self._quotation())

    def _quotation(self) -> clipboard.Quotation | None:
        if self.preview.text.selected is not None:
            return clipboard.of_text(self.preview.text)
        return clipboard.of_hit(self.hit) if self.hit is not None else None

    @on(messages.ListEndReached)
    def _more(self) -> None:
        if self._answer is not None and len(self._answer.hits) >= self._request.k:
            self._ask(self._request.deeper())

    # -- reading -----------------------------------------------------------------------------------------------------

    @on(messages.HitChosen)
    def action_open(self) -> None:
        """Read the selected article; the search waits behind it as it is."""
        answer, hit = self._answer, self.hit
        if answer is not None and hit is not None:
            self.app.push_screen(ArticleScreen(self._worker, hit, answer.query, self.preview.page_of(hit), self))

    def action_walk(self, step: int) -> None:
        """Go to another match of the article beside the results."""
        if self.preview.display:
            self.preview.text.action_walk(step)

    @property
    def total(self) -> str:
        """Return how many results there are, as far as that is known."""
        if self._answer is None:
            return ""
        return f"{len(self._answer.hits)}{'+' if len(self._answer.hits) >= self._request.k else ''}"

    def neighbour(self, step: int, *, article: bool) -> Hit | None:
        """Select the next result of the list, or the next one of another article, and return it."""
        place = expanded_rows.beside(self.results.hits, self.results.selected, step, article=article)
        if place is None:
            self.notify("There is no further result on this list.", timeout=2, markup=False)
            return None
        self.results.select(place)
        return self.hit

    @on(messages.NeighbourWanted)
    def _neighbour_wanted(self, message: messages.NeighbourWanted) -> None:
        self.neighbour(message.step, article=message.article)

    def ask(self, text: str) -> None:
        """Ask something that was not typed."""
        self._ask(self._request.retyped(text))
        self.query_one(SearchLine).value = text
        self._enters_results, self._unfolded = True, {}
