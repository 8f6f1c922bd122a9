"""The part of the application that keeps: it does what screens wish, says what was done, and lets them know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from textual import on
from textual.reactive import Reactive

from archive.core.errors import Busy
from archive.text.visible import visible_line
from tui.app import messages, notices
from tui.app.actions.following import FollowedApp
from tui.app.actions.keymap import in_words
from tui.app.notebook.desk import Desk
from tui.app.worker import ArchiveWorker
from tui.session.kept import Kept
from tui.session.keyed import Keyed

if TYPE_CHECKING:
    from tui.session.changes import Change, Wish

UNDOING: Final = Keyed("{undo} undoes it.")
Work: TypeAlias = Callable[[], Awaitable[str | None]]


class _Step:
    """A change of what is kept, in its place among all that can be undone, from the moment it is wished.

    Args:
        undo: undoes it.

    Attributes:
        change: what undoes it, once it is done.
    """

    def __init__(self, undo: Callable[[_Step], None]) -> None:
        self.change: Change | None = None
        self._undo = undo

    def undo(self) -> bool:
        """Undo it."""
        self._undo(self)
        return True


class KeepingApp(FollowedApp, inherit_bindings=False):
    """Holds what is kept of the open archive.

    Args:
        worker: opens the archive.
        options: of Textual's application.

    Attributes:
        kept: what is kept; screens follow it.
        desk: changes it.
    """

    kept: Reactive[Kept] = Reactive(Kept, init=False, repaint=False)

    def __init__(self, worker: ArchiveWorker, **options: Any) -> None:  # noqa: ANN401 - Textual's own, passed on
        super().__init__(**options)
        self._undoing: list[Callable[[], bool]] = []
        self.keep_of(worker)

    def watch_kept(self, kept: Kept) -> None:
        """Let the screens know what is kept now."""
        self.tell_followers("kept", kept)

    def keep_of(self, worker: ArchiveWorker) -> None:
        """Begin with the notebook of the archive that a worker opens; nothing done in another one is undone here."""
        self._worker = worker
        self._undoing.clear()
        self.desk = Desk(worker.pool, lambda words: in_words(words, self))
        self._out = frozenset[str]()
        self.set_reactive(KeepingApp.kept, Kept())

    def show_kept(self, *, out: frozenset[str] | None = None) -> None:
        """Let the screens know what is kept now.

        Args:
            out: what is taken out of the archive from now on, where that is another.
        """
        self._out = self._out if out is None else out
        self.kept = replace(self.desk.kept, out=self._out)

    @on(messages.KeepWanted)
    def _keep_wanted(self, message: messages.KeepWanted) -> None:
        step = _Step(self._undo_kept)
        self._undoing.append(step.undo)
        self._do(partial(self._keep, message.wish, step))

    async def _keep(self, wish: Wish, step: _Step) -> str:
        try:
            words, step.change = await self.desk.change(wish)
        finally:
            if step.change is None and step.undo in self._undoing:
                self._undoing.remove(step.undo)
        return f"{words} {in_words(UNDOING, self)}" if words and step.change is not None else words

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

    def _undo_kept(self, step: _Step) -> None:
        self._do(partial(self._take_back, step))

    async def _take_back(self, step: _Step) -> str:
        """Undo what was kept, once that is done; where nothing came of it, what was done before."""
        await self.desk.settled()
        if step.change is None:
            self._undo_wanted()
            return ""
        try:
            return await self.desk.undo(step.change)
        except Busy:  # another program writes: it can be undone later
            self._undoing.append(step.undo)
            raise

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
        if self.screen_stack:  # none is left where the session has just ended
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
        self.show_kept()
