"""The main screen: ask, see the ranked passages, see the selected one in its article."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.events import Key, Paste
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import get_current_worker

from archive.text.visible import visible_line
from tui.app import clipboard, keys, messages, notices
from tui.app.screens.article import ArticleScreen
from tui.app.state import AppState
from tui.app.type_ahead import TypeAhead, is_backspace, is_enter, typed_text
from tui.app.widgets.notice import NoticePanel, Warnings
from tui.app.widgets.preview import Preview
from tui.app.widgets.result_list import ResultList
from tui.app.widgets.search_line import SearchLine
from tui.app.widgets.status_line import StatusLine
from tui.app.worker import ArchiveWorker
from tui.session.request import ModeName, Request
from tui.session.session import Session

if TYPE_CHECKING:
    from index.search.answer import Answer, Hit

# Between looks for a newer index: few, as each reads files, and soon enough for who has just updated. Chosen.
POLL_SECONDS: Final = 5.0
CHANGES: Final = {
    "mode": Request.in_next_mode,
    "spellings": Request.with_spellings_turned,
    "group": Request.in_next_group,
}
HINTS: Final = "F1 help  Enter read  F2 words or meaning  F4 preview  ^Q quit"


class SearchScreen(Screen[None]):
    """Shows what searching gives; whatever is slow is done by the worker, in threads.

    Args:
        worker: answers.
        query: to begin with.
        mode: to begin in.

    Attributes:
        session: what is asked and shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.SEARCH]

    def __init__(self, worker: ArchiveWorker, query: str, mode: ModeName) -> None:
        super().__init__()
        self._worker = worker
        self.session = Session(Request(mode=mode)).typed(query).finished()
        self._state = AppState(archive=worker.archive)
        self._sent = 0
        self._type_ahead = TypeAhead()
        self._awaited: Callable[[Session], int | None] | None = None
        self._shows_preview = True

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield SearchLine(self.session.request.text, id="query")
        with Container(id="panes"):
            yield NoticePanel(notices.OPENING, id="notice")
            yield ResultList(id="results")
            yield Preview(self._worker, id="preview")
        yield Warnings(id="warnings")
        yield StatusLine(HINTS)

    @property
    def line(self) -> SearchLine:
        """Return the line to ask in."""
        return self.query_one(SearchLine)

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
        return self.session.row.hit if self.session.row is not None else None

    # -- the archive -------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Open the archive once the first picture is on the screen."""
        self.set_focus(self.line)
        self._draw()
        for event in self._type_ahead.end():
            self._repeat(event)
        self.call_after_refresh(self._open)
        self.set_interval(POLL_SECONDS, self._check_index)

    def _repeat(self, event: Key | Paste) -> None:
        """Do what was typed before there was a line."""
        if is_enter(event):
            self.action_first_result()
        elif is_backspace(event):
            self.line.action_delete_left()
        else:
            self.line.put(typed_text(event))

    def _open(self) -> None:
        self._worker.start(self._worker.open, self.post_message)

    @work(thread=True, exclusive=True, group="index")
    def _check_index(self) -> None:
        if self._state.opened:
            self._worker.check_index(self.post_message)

    @on(messages.ArchiveOpened)
    def _opened(self, message: messages.ArchiveOpened) -> None:
        self._know(trouble=None, opened=True, empty=message.empty, newer=None, behind=0)
        self._check_index()
        if not self._state.ready:
            self._know(ready=None)
            self._worker.start(self._worker.load_encoder, self.post_message)
        self._become(self.session.again())

    @on(messages.SearchFailed)
    def _failed(self, message: messages.SearchFailed) -> None:
        if message.number is None or message.number == self.session.request.number:
            self._know(trouble=message.notice)
            self._become(self.session.failed(self.session.request.number))
            self._awaited = None

    @on(messages.EncoderLoaded)
    def _encoder_loaded(self, message: messages.EncoderLoaded) -> None:
        self._know(ready=message.ready, slow_work="")
        if self.session.request.mode != "lexical":
            self._become(self.session.again())

    @on(messages.IndexState)
    def _index_checked(self, message: messages.IndexState) -> None:
        self._know(behind=message.behind, newer=message.newer)

    @on(messages.StatusText)
    def _slow_work_begun(self, message: messages.StatusText) -> None:
        self._know(slow_work=message.text)

    @on(messages.OperationFailed)
    def _operation_failed(self, message: messages.OperationFailed) -> None:
        self.notify(visible_line(message.text), severity="error", markup=False)

    def _know(self, **changes: object) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]
        self._draw()

    # -- asking ------------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _typed(self) -> None:
        self._become(self._written())

    @on(Input.Blurred)
    def _left_line(self) -> None:
        self._become(self._written().finished())

    def _written(self) -> Session:
        """Return the session with what stands in the line, which may be newer than the last message about it."""
        return self.session.typed(self.line.value)

    def _become(self, session: Session) -> None:
        """Show another state, and ask what it waits for."""
        before, self.session = self.session, session
        if session.waiting and session.request.number != self._sent and self._state.opened:
            self._sent = session.request.number
            self._state = replace(self._state, trouble=None)
            self._search(session.request)
        if session is not before:
            self._list(before)
        self._draw()

    @work(thread=True, exclusive=True, group="search")
    def _search(self, request: Request) -> None:
        worker = get_current_worker()
        self._worker.answer(request, self.post_message, lambda: worker.is_cancelled)

    @on(messages.Answered)
    def _answered(self, message: messages.Answered) -> None:
        """Draw an answer; what was done while it was waited for is done now."""
        self._become(self.session.answered(message.shown, writing=self.line.has_focus))
        enters = self.session.enters
        if self.session.waiting:
            return
        if enters:
            self._become(self.session.arrived())
            self._enter(enters)
        if self._awaited is not None and message.shown.whole:
            find, self._awaited = self._awaited, None
            self.app.screen.post_message(messages.NeighbourFound(self._go_to(find(self.session))))

    def _enter(self, enters: int) -> None:
        if self.session.rows:
            self.set_focus(self.results)
            if enters > 1:
                self.action_open()

    @work(thread=True, exclusive=True, group="unfolding")
    def _unfold(self, answer: Answer, hit: Hit) -> None:
        self._worker.find_folded(answer, hit, self.post_message)

    @on(messages.FoldedHitsFound)
    def _show_unfolded(self, message: messages.FoldedHitsFound) -> None:
        self._become(self.session.unfolding(message.answer, message.hit, message.folded))

    # -- drawing -----------------------------------------------------------------------------------------------------

    def _list(self, before: Session) -> None:
        """Show the rows, and the selected one's article."""
        now = self.session
        self.results.show(now.rows, now.selected, old=now.is_old, from_top=now.begins_anew(before))
        if now.row is not before.row:
            self.preview.point(self.hit, now.answer.query if now.answer is not None else None)

    def _draw(self) -> None:
        """Show either results or words in their place, and what else should be known."""
        notice = self._state.notice(self.session)
        panel = self.query_one(NoticePanel)
        if notice is not None:
            panel.show(notice)
        panel.display = notice is not None
        self.results.display = notice is None
        self.preview.display = notice is None and self._shows_preview
        self.query_one(Warnings).show(self._state.warnings(self.session))
        self.line.show_asked(writing=self.session.request.typing)
        self._show_status()

    @on(messages.PositionChanged)
    def _show_status(self) -> None:
        self.query_one(StatusLine).say(*self._state.status(self.session))

    @on(messages.NearestFound)
    def _nearest_found(self, message: messages.NearestFound) -> None:
        self.results.near(message.page.hit)

    # -- keys --------------------------------------------------------------------------------------------------------

    def take(self, event: Key | Paste) -> bool:
        """Take what is typed where it would be lost: before the first picture, and in the list, where it asks anew.

        Called before anybody else is given the event, so that what is typed next finds the focus where it belongs.
        """
        if self._type_ahead.keep(event):
            return True
        typed, in_list = typed_text(event), self.app.screen is self and self.focused is self.results
        if not typed or not in_list or (isinstance(event, Key) and event.key in self.active_bindings):
            return False
        self.line.value = ""
        self.line.put(typed)
        self.set_focus(self.line)
        return True

    def action_focus_query(self) -> None:
        """Go to the search line."""
        self.set_focus(self.line)

    def action_first_result(self) -> None:
        """Ask what is written, and go to its first result as soon as that is there; at a second time, read it."""
        self._become(self._written().entered())
        if not self.session.enters:
            self._enter(1)

    def action_into_results(self) -> None:
        """Go to the selected result of what is written."""
        session = self._written().finished()
        self._become(session.entered() if session.waiting else session.at(session.selected))
        if not self.session.waiting:
            self._enter(1)

    def action_move(self, step: int) -> None:
        """Select a neighbour; above the first result lies the search line."""
        if self.session.selected + step < 0 or not self.session.rows:
            self.action_focus_query()
        else:
            self._select(self.session.selected + step)

    def action_page(self, step: int) -> None:
        """Select a result about a screen further."""
        self._select(self.session.selected + step * self.results.page)

    def action_first(self) -> None:
        """Select the first result."""
        self._select(0)

    def action_last(self) -> None:
        """Select the last result, fetching those that are not there yet."""
        self._become(self.session.at(len(self.session.rows) - 1).deeper(to_last=True))

    def _select(self, index: int) -> None:
        self._become(self.session.at(index))
        if self.session.selected == len(self.session.rows) - 1:
            self._more()

    @on(messages.ListEndReached)
    def _more(self) -> None:
        self._become(self.session.deeper())

    @on(messages.RowClicked)
    def _clicked(self, message: messages.RowClicked) -> None:
        """Select what was clicked, unless it has gone meanwhile; a double click reads it."""
        place = next((place for place, row in enumerate(self.session.rows) if row is message.row), None)
        if place is not None:
            self._select(place)
            if message.times == 2:
                self.action_open()

    def action_nearest(self) -> None:
        """Show the nearest passages although nothing resembles the question."""
        self._become(self._written().finished().again(Request.all_the_same))

    def action_change(self, what: str) -> None:
        """Ask the same in another way."""
        self._become(self._written().again(CHANGES[what]))

    def action_unfold(self) -> None:
        """Show what was folded under the selected result, or fold it again."""
        row, answer = self.session.unfoldable, self.session.answer
        if row is None or answer is None:
            self.notify("Nothing is folded under this result.", markup=False)
        elif self.session.is_unfolded:
            self._become(self.session.folding())
        else:
            self._unfold(answer, row.hit)

    def action_toggle_preview(self) -> None:
        """Show or hide the article beside the results."""
        self._shows_preview = not self._shows_preview
        if self.preview.has_focus_within:
            self.set_focus(self.results)
        self._draw()

    def action_look_again(self) -> None:
        """Change to the newest index, staying on the same passage."""
        if self._state.trouble is not None:
            self._know(trouble=notices.OPENING)
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

    # -- reading -----------------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Read the selected article; the search waits behind it as it is."""
        answer, hit = self.session.answer, self.hit
        if answer is not None and hit is not None:
            page = self.preview.page_of(hit)
            self.app.push_screen(ArticleScreen(self._worker, hit, answer.query, page, self.neighbour))

    def neighbour(self, step: int, *, article: bool) -> Hit | None:
        """Select the next result of the list, or the next one of another article, and return it.

        None at its end, which is said; where there may be more they are fetched, and ``NeighbourFound`` follows.
        """
        place = self.session.neighbour(step, article=article)
        if place is not None:
            return self._go_to(place)
        self._become(self.session.deeper() if step > 0 else self.session)
        if self.session.waiting:
            self._awaited = lambda session: session.neighbour(step, article=article)
        else:
            self._go_to(None)
        return None

    def _go_to(self, place: int | None) -> Hit | None:
        """Select a result, or say that there is no further one."""
        if place is None:
            self.notify("There is no further result on this list.", timeout=2, markup=False)
            return None
        self._become(self.session.at(place))
        return self.hit
