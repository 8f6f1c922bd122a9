"""The part of the application that keeps: it does what screens wish, says what was done, and lets them know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeAlias

from textual import on
from textual.app import App
from textual.reactive import Reactive

from archive.text.visible import visible_line
from tui.app import messages, notices
from tui.app.notebook.desk import Desk
from tui.app.worker import ArchiveWorker
from tui.session.kept import Kept

Work: TypeAlias = Callable[[], Awaitable[str | None]]


class KeepingApp(App[None], inherit_bindings=False):
    """Holds what is kept of the open archive.

    Args:
        worker: opens the archive.
        options: of Textual's application.

    Attributes:
        kept: what is kept; screens watch it.
        desk: changes it.
    """

    kept: Reactive[Kept] = Reactive(Kept, init=False, repaint=False)

    def __init__(self, worker: ArchiveWorker, **options: Any) -> None:  # noqa: ANN401 - Textual's own, passed on
        super().__init__(**options)
        self._worker = worker
        self.desk = Desk(worker.pool, lambda: self._undoing.append(self._undo_kept))
        self._undoing: list[Callable[[], bool]] = []

    @on(messages.KeepWanted)
    def _keep_wanted(self, message: messages.KeepWanted) -> None:
        self._do(partial(self.desk.change, message.wish))

    @on(messages.Undoable)
    def _undoable(self, message: messages.Undoable) -> None:
        self._undoing.append(message.undo)

    @on(messages.UndoWanted)
    def _undo_wanted(self) -> None:
        """Undo what was done last, of whatever kind."""
        if not self._undoing:
            self.notify("There is nothing to undo.", timeout=2, markup=False)
        elif not (undo := self._undoing.pop())():
            self._undoing.append(undo)

    def _undo_kept(self) -> bool:
        self._do(self.desk.undo)
        return True

    @on(messages.LookWanted)
    def _look_wanted(self) -> None:
        self._do(self.desk.look)

    @on(messages.ArchiveOpened)
    def _archive_looked_at(self) -> None:
        self._do(self.desk.look)
        self._look_for_news(patient=True)

    @on(messages.EncoderLoaded)
    def _encoder_tried(self) -> None:
        self._look_for_news(patient=False)

    @on(messages.NewsFound)
    def _news_found(self, message: messages.NewsFound) -> None:
        self._do(partial(self.desk.learn, message.news))

    def _look_for_news(self, *, patient: bool) -> None:
        """Look up what is new of saved questions, told to the first screen as all that is asked of the archive is."""
        self._worker.start(partial(self._worker.find_news, patient=patient), self.screen_stack[0].post_message)

    def _do(self, work: Work) -> None:
        """Let the desk do something, and show what is kept then; not given up when another thing is to be done."""
        self.run_worker(self._done(work), group="keeping")

    async def _done(self, work: Work) -> None:
        try:
            words = await work()
        except Exception as error:  # whatever it is, it is shown in words
            trouble = notices.trouble(error, self._worker.archive)
            self.notify(f"Not done: {visible_line(trouble.heading)}", severity="error", markup=False)
        else:
            if words:
                self.notify(words, timeout=3, markup=False)
        self.kept = self.desk.kept
