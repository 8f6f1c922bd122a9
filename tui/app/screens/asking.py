"""Asking, and going through what is found: keys and answers become another ``Session``, which the screen shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from textual import on, work
from textual.events import Key, Paste
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import get_current_worker

from tui.app import messages
from tui.app.type_ahead import TypeAhead, is_backspace, is_enter, typed_text
from tui.app.widgets.result_list import ResultList
from tui.app.widgets.search_line import SearchLine
from tui.app.worker import ArchiveWorker
from tui.session.request import LAST_PAGE, MODES, ModeName, Request
from tui.session.session import Session

if TYPE_CHECKING:
    from index.query.ast import Query
    from index.search.answer import Answer, Hit


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants to read on: the next result (``step`` 1; -1 for the one before), or ``article``, on ``screen``."""

    step: int
    article: bool
    screen: Screen[Any]


CHANGES: Final = {
    "mode": Request.in_next_mode,
    "spellings": Request.with_spellings_turned,
    "group": Request.in_next_group,
}


class AskingScreen(Screen[None], inherit_bindings=False):
    """Holds the session, and changes it by what is typed, pressed and answered.

    Args:
        worker: answers.
        query: to begin with.
        mode: to begin in, by words and meaning without it.

    Attributes:
        session: what is asked and shown.
        is_open: the archive can be asked.
    """

    def __init__(self, worker: ArchiveWorker, query: str, mode: ModeName | None) -> None:
        super().__init__()
        self.session = Session(Request(mode=mode or MODES[0])).typed(query).finished()
        self.is_open = False
        self._worker = worker
        self._sent = 0
        self._type_ahead = TypeAhead()
        self._awaited: tuple[Wish, ...] = ()

    def show_session(self, before: Session) -> None:
        """Draw the session, which was another one before."""
        raise NotImplementedError

    def search_begun(self) -> None:
        """Forget what went wrong before, as something is asked anew."""
        raise NotImplementedError

    def read(self, hit: Hit, query: Query) -> None:
        """Show the article of a hit on a screen of its own."""
        raise NotImplementedError

    @property
    def total(self) -> str:
        """Return how many results there are, as far as that is known."""
        session = self.session
        return "" if session.answer is None else f"{session.results}{'+' if session.may_go_on else ''}"

    @property
    def line(self) -> SearchLine:
        """Return the line to ask in."""
        return self.query_one(SearchLine)

    @property
    def results(self) -> ResultList:
        """Return the list."""
        return self.query_one(ResultList)

    @property
    def hit(self) -> Hit | None:
        """Return the selected result, with the place that the list gives it: of copies that of the best."""
        row = self.session.row
        if row is None or row.hit.rank == row.rank:
            return None if row is None else row.hit
        return replace(row.hit, rank=row.rank)

    # -- asking ------------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _typed(self) -> None:
        self.stay()
        self._become(self._written())

    @on(Input.Blurred)
    def _left_line(self) -> None:
        """Ask exactly what is written, unless it is the terminal that was left, in the middle of a word."""
        if self.app.app_focus:
            self._become(self._written().finished())

    def _written(self) -> Session:
        """Return the session with what stands in the line, which may be newer than the last message about it."""
        return self.session.typed(self.line.value)

    def _become(self, session: Session) -> None:
        """Show another state, and ask what it waits for."""
        before, self.session = self.session, session
        if session.waiting and session.request.number != self._sent and self.is_open:
            self._sent = session.request.number
            self.search_begun()
            self._search(session.request)
        self.show_session(before)

    @work(thread=True, exclusive=True, group="search")
    def _search(self, request: Request) -> None:
        worker = get_current_worker()
        self._worker.answer(request, self.post_message, lambda: worker.is_cancelled)

    @on(messages.Answered)
    def _answered(self, message: messages.Answered) -> None:
        """Draw an answer; what was done while it was waited for is done now."""
        self._become(self.session.answered(message.shown, writing=self.focused is self.line))
        enters = self.session.enters
        if self.session.waiting:
            return
        if enters:
            self._become(self.session.arrived())
            self._enter(enters)
        if message.shown.whole:
            self._read_on()

    def stay(self) -> None:
        """Forget that somebody wanted to read on."""
        self._awaited = ()

    def _read_on(self) -> None:
        """Go on for whoever waited for it, one after the other, until there is something to wait for again."""
        wishes, self._awaited = self._awaited, ()
        for number, wish in enumerate(wishes, 1):
            hit = self._go_on(wish)
            if self._awaited:
                self._awaited += wishes[number:]
                return
            wish.screen.post_message(messages.NeighbourFound(hit))
            if hit is None:
                return

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
        self._read_on()

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

    def _repeat(self, event: Key | Paste) -> None:
        """Do what was typed before there was a line."""
        if is_enter(event):
            self.action_first_result()
        elif is_backspace(event):
            self.line.action_delete_left()
        else:
            self.line.put(typed_text(event))

    def action_focus_query(self) -> None:
        """Go to the search line."""
        self.set_focus(self.line)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the letter that leads to the line to whatever takes letters, and to the article, which finds by it."""
        return action != "ask_anew" or not (isinstance(self.focused, Input) or self.finds)

    @property
    def finds(self) -> bool:
        """Tell whether keys go to what can be searched itself."""
        return False

    def action_ask_anew(self) -> None:
        """Go to the search line, where another question takes the place of what is written as it is typed."""
        self.action_focus_query()
        self.line.action_select_all()

    def action_first_result(self) -> None:
        """Ask what is written, and go to its first result as soon as that is there; at a second time, read it."""
        self.stay()
        self._become(self._written().entered())
        if not self.session.enters:
            self._enter(1)

    def action_into_results(self) -> None:
        """Go to the selected result of what is written."""
        self._become(self._written().into_rows())
        if not self.session.enters:
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
        self.stay()
        self._become(self.session.at(len(self.session.rows) - 1).deeper(to_last=True))

    def _select(self, index: int) -> None:
        self.stay()
        self._become(self.session.gone_to(index))
        if self.session.selected == len(self.session.rows) - 1:
            self._more()

    @on(messages.ListEndReached)
    def _more(self) -> None:
        self._become(self.session.deeper())

    @on(messages.ListNotFull)
    def _fill(self) -> None:
        if self.session.request.k < LAST_PAGE:  # thousands of copies would be fetched for one row
            self._more()

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
        self._become(self._written().finished().arrived().again(Request.all_the_same))

    def action_change(self, what: str) -> None:
        """Ask the same in another way."""
        self._become(self._written().arrived().again(CHANGES[what]))

    def action_unfold(self) -> None:
        """Show what was folded under the selected result, or fold it again."""
        row, answer = self.session.unfoldable, self.session.answer
        if row is None or answer is None:
            self.notify("Nothing is folded under this result.", markup=False)
        elif self.session.is_unfolded:
            self._become(self.session.folding())
        else:
            self._unfold(answer, row.hit)

    # -- reading -----------------------------------------------------------------------------------------------------

    def action_open(self) -> None:
        """Read the selected article; the search waits behind it as it is."""
        answer, hit = self.session.answer, self.hit
        if answer is not None and hit is not None:
            self.read(hit, answer.query)

    def neighbour(self, step: int, *, article: bool) -> Hit | None:
        """Select the next result of the list, or the next one of another article, and return it.

        None at its end, which is said; where there may be more they are fetched, and ``NeighbourFound`` follows: more
        results, or the further passages that are folded under the selected one.
        """
        wish = Wish(step, article, self.app.screen)
        if self._awaited:  # in the order in which it was wanted
            self._awaited += (wish,)
            return None
        return self._go_on(wish)

    def _go_on(self, wish: Wish) -> Hit | None:
        row, answer, step, article = self.session.row, self.session.answer, wish.step, wish.article
        if step > 0 and not article and row is not None and answer is not None and self.session.hides_passages:
            self._awaited = (wish,)
            self._unfold(answer, row.hit)
            return None
        place = self.session.neighbour(step, article=article)
        if place is not None:
            return self._go_to(place)
        self._become(self.session.deeper() if step > 0 else self.session)
        if self.session.waiting:
            self._awaited = (wish,)
            return None
        return self._go_to(None)

    def _go_to(self, place: int | None) -> Hit | None:
        """Select a result, or say that there is no further one."""
        if place is None:
            self.notify("There is no further result on this list.", timeout=2, markup=False)
            return None
        self._become(self.session.gone_to(place))
        return self.hit

    @property
    def question(self) -> str:
        """Return the question that the rows on the screen answer, as it was written."""
        return "" if self.session.shown is None else self.session.shown.request.written

    def ask(self, text: str, mode: ModeName | None = None) -> None:
        """Ask something that was not typed, and nothing narrows, and go to its first result."""
        self.stay()
        self.line.value = text
        self._become(self.session.asked(text, mode))
        if not self.session.enters:
            self._enter(1)
