"""Asking that is remembered: former questions, the place where one left, and questions that are saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on, work
from textual.widgets import Input

from tui.app import messages
from tui.app.screens.asking import AskingScreen
from tui.session.history import History, Left
from tui.session.request import ModeName, Request

if TYPE_CHECKING:
    from tui.app.worker import ArchiveWorker
    from tui.session.changes import Change
    from tui.session.kept import Kept
    from tui.session.session import Shown


class RememberingScreen(AskingScreen):
    """Writes down what is asked, in the user's folder, and begins where its reader left.

    Attributes:
        is_leaving: where the reader leaves is being written down.
    """

    def __init__(self, worker: ArchiveWorker, query: str, mode: ModeName | None) -> None:
        super().__init__(worker, query, mode)
        self._mode = mode
        self._history: History | None = None
        self._noted: tuple[str, str] | None = None
        self._has_left = False
        self.is_leaving = False

    @on(messages.ArchiveOpened)
    def _begin_where_one_left(self, message: messages.ArchiveOpened) -> None:
        if self._history is not None:
            return
        self._history = History(message.archive)
        if not self._history.is_on or self.line.value.strip():
            return
        place = self._history.left()
        if place is not None and place.text.strip():
            self._become(self.session.resumed(place, self._mode))
            self.line.value = place.text
            self.line.action_select_all()  # so that another question takes its place as it is typed

    @on(messages.Answered)
    def _note_answered(self, message: messages.Answered) -> None:
        if self.focused is not self.line and message.shown.request.number == self.session.request.number:
            self._note(message.shown)

    @on(Input.Blurred)
    def _note_left(self) -> None:
        if self.app.app_focus and self.session.shown is not None and not self.session.is_old:
            self._note(self.session.shown)

    def _note(self, shown: Shown) -> None:
        """Write down a question whose answer its writer went to: asked as it is written, and answered wholly."""
        request, hits = shown.request, shown.answer.hits
        asked = request.written, request.mode
        if shown.whole and not request.typing and asked[0] and asked != self._noted:
            self._noted = asked
            self._write_down(request, None if len(hits) >= request.k else len(hits))

    @work(thread=True, group="history")
    def _write_down(self, request: Request, found: int | None) -> None:
        if self._history is not None:
            self._history.asked(request.written, request.mode, found)

    def on_unmount(self) -> None:
        """Write down where the reader leaves, unless that was done as soon as it was known."""
        self.leave()

    def leave(self) -> None:
        """Write down where the reader leaves, once."""
        if self._history is not None and not self._has_left:
            self._has_left = self.is_leaving = True
            self._history.leave(self._place())
            self.is_leaving = False

    def _place(self) -> Left:
        """Return where the reader is; where nothing is answered yet, where it was meant to go on."""
        session = self.session
        if session.sought is not None and session.request.written == session.sought.text:
            return session.sought
        request, row = session.request, None if session.is_old else session.row
        passage, article = (None, None) if row is None else (row.passage, row.hit.article.id)
        return Left(request.written, request.mode, request.group, passage, article, request.order, request.k)

    def action_history(self) -> None:
        """List the questions that were asked before."""
        from tui.app.screens.notebook.history import HistoryScreen

        if self._history is None:
            self.notify("The archive is not open yet.", markup=False)
        elif not self._history.questions():
            self.notify("Nothing was asked before, or it was not written down.", markup=False)
        else:
            self.app.push_screen(HistoryScreen(self._history, self._written().request.written))

    def action_save(self) -> None:
        """Save the question as it is written; what answers it now counts as seen."""
        from tui.session.changes import SaveQuestion

        request = self._written().finished().request
        text, mode = request.written, request.mode
        if not text or not self.is_open:
            self.notify("There is no question to save yet.", severity="warning", markup=False)
            return
        with self._worker.pool.lend() as searcher:
            change = searcher.change

        def wish(_: Kept) -> Change:
            return SaveQuestion(text, mode, change)

        self.post_message(messages.KeepWanted(wish))
