"""The part of the application that takes articles out and brings them back, one after the other, in child processes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import on

from archive.text.visible import visible_line
from tui.app import messages
from tui.app.actions.keymap import in_words
from tui.app.adding import words
from tui.app.adding.adding_app import AddingApp
from tui.session.keyed import Keyed
from tui.writing.job import Job, Target

if TYPE_CHECKING:
    from tui.app.worker import ArchiveWorker


class _Removal:
    """An article that is taken out, in its place among all that can be undone, from the moment it is wished.

    Args:
        root: the archive.
        target: the article.
        undo: brings it back; returns whether that was begun.

    Attributes:
        job: what is, or was, to be done last: taking out, or bringing back.
        came: it was, or is about to be, taken out; False before, and where nothing came of it.
    """

    def __init__(self, root: Path, target: Target, undo: Callable[[_Removal], bool]) -> None:
        self.job = Job("remove", root, target=target)
        self.target = target
        self.came = False
        self._undo = undo

    def undo(self) -> bool:
        """Bring it back."""
        return self._undo(self)


class RemovingApp(AddingApp, inherit_bindings=False):
    """Takes articles out of the archive; rows of it are drawn so at once, and a newer index is asked when all is done.

    Args:
        worker: opens the archive.
        options: of Textual's application.
    """

    def __init__(self, worker: ArchiveWorker, **options: Any) -> None:  # noqa: ANN401 - Textual's own, passed on
        super().__init__(worker, **options)
        self._in_turn = asyncio.Lock()
        self._waiting: deque[_Removal] = deque()
        self._in_hand: _Removal | None = None

    @property
    def runs(self) -> bool:
        """Tell whether a run is in hand, or waits for its turn."""
        return super().runs or self._in_hand is not None or bool(self._waiting)

    # -- what is asked for -------------------------------------------------------------------------------------------

    @on(messages.RemoveWanted)
    def _remove_wanted(self, message: messages.RemoveWanted) -> None:
        if self._adds() or (root := self.known_root()) is None:
            return
        target = Target(message.article.id, message.article.title)
        removal = _Removal(root, target, self._undo_removal)
        self._undoing.append(removal.undo)
        self.run_worker(self._take_out(removal), group="removing")

    async def _take_out(self, removal: _Removal) -> None:
        async with self._in_turn:
            is_out = removal.target.id in self.kept.out
            why = f"{words.quoted(removal.target)} is out already." if is_out else await self._in_the_way(removal)
            if why:
                self._forget(removal)
                self.notify(why, severity="warning", timeout=10, markup=False)
            else:
                removal.came = True
                self._queue(removal, out=True)

    def _undo_removal(self, removal: _Removal) -> bool:
        if self._adds():
            return False
        self.run_worker(self._bring_back(removal), group="removing")
        return True

    async def _bring_back(self, removal: _Removal) -> None:
        """Bring an article back; where nothing came of taking it out, undo what was done before."""
        async with self._in_turn:
            if not removal.came:
                self._undo_wanted()
            elif removal in self._waiting:
                self._waiting.remove(removal)
                removal.came = False
                self._draw_out(removal, out=False)
                self.notify(f"{words.quoted(removal.target)} stays in the archive.", markup=False)
            elif why := await self._in_the_way(removal):
                self._undoing.append(removal.undo)
                self.notify(why, severity="warning", timeout=10, markup=False)
            elif removal.came:  # still, after asking
                removal.job = replace(removal.job, verb="restore")
                self._queue(removal, out=False)

    def _adds(self) -> bool:
        """Tell whether something else is written, beside which nothing is taken out or brought back, and say so."""
        job = self.job
        if job is None or job.ended is not None or job.target is not None:
            return False
        said = f"{words.title(job, short=True)}: no article can be taken out or brought back until that is done."
        self.notify(said, severity="warning", markup=False)
        return True

    async def _in_the_way(self, removal: _Removal) -> str:
        """Say what is in the way of writing, if anything is; our own child, which ends, is not."""
        from tui.writing.obstacles import obstacle

        found = await asyncio.to_thread(obstacle, removal.job.root)
        return "" if found is None or (found.passes and self.runs) else visible_line(found.words)

    # -- one after the other -----------------------------------------------------------------------------------------

    def _queue(self, removal: _Removal, *, out: bool) -> None:
        self._draw_out(removal, out=out)
        self._waiting.append(removal)
        self._go_on()

    def _go_on(self) -> None:
        """Begin what waits, unless something is in hand."""
        while self._waiting and not (super().runs or self._in_hand is not None):
            removal = self._waiting.popleft()
            if self.start(removal.job):
                self._in_hand = removal
            else:
                self._failed(removal, removal.job, is_out=removal.job.verb == "restore")

    def run_ended(self, job: Job) -> None:
        """Say how a run ended; where an article was taken out or brought back, once it is known what became of it."""
        removal = self._in_hand
        if removal is None:
            super().run_ended(job)
            self._go_on()
        else:
            self.run_worker(self._settle(removal, job), group="settling")

    async def _settle(self, removal: _Removal, job: Job) -> None:
        is_out = job.verb == "remove" if job.is_done else await self._is_out(job, removal.target)
        self._in_hand = None
        comes_back = removal in self._waiting
        if not job.is_done:
            self._failed(removal, job, is_out=is_out)
            more = " It was taken out all the same; {update} brings the index up to that."
            self.tell_ended(job, in_words(Keyed(more), self) if is_out and job.verb == "remove" else "")
        elif not comes_back:
            more = " {undo} brings it back." if job.verb == "remove" and job.root == self.root else ""
            self.tell_ended(job, in_words(Keyed(more), self))
        self._go_on()
        if self.runs:
            return
        if self.leaves:
            self.part(words.ended_line(job))
        elif job.root == self.root:
            self.index_changed()

    async def _is_out(self, job: Job, target: Target) -> bool:
        """Tell whether an article is out although, or because, a run failed; what was before where that is unknown."""
        from tui.writing.removed import taken_out

        known = await asyncio.to_thread(taken_out, job.root, (target.id,))
        return job.verb == "restore" if known is None else target.id in known

    def _failed(self, removal: _Removal, job: Job, *, is_out: bool) -> None:
        """Draw what a run that failed left as it is, and let be undone what can be."""
        self._draw_out(removal, out=is_out)
        if job.verb == "remove" and not is_out:
            self._forget(removal)
            if removal in self._waiting:  # there is nothing to bring back
                self._waiting.remove(removal)
        elif job.verb == "restore" and is_out and job.root == self.root:
            self._undoing.append(removal.undo)

    def _forget(self, removal: _Removal) -> None:
        """Leave out of what can be undone what never came about."""
        removal.came = False
        if removal.undo in self._undoing:
            self._undoing.remove(removal.undo)

    # -- what is drawn, and said -------------------------------------------------------------------------------------

    def _draw_out(self, removal: _Removal, *, out: bool) -> None:
        if removal.job.root == self.root:
            here = frozenset((removal.target.id,))
            self.show_kept(out=self.kept.out | here if out else self.kept.out - here)

    @on(messages.ArchiveOpened)
    def _index_taken_up(self) -> None:
        if self.kept.out:
            self.run_worker(self._look_what_is_out(), group="out", exclusive=True)

    async def _look_what_is_out(self) -> None:
        """Draw as taken out what is so, as others may have brought it back; but for what is being done just now."""
        from tui.writing.removed import taken_out

        root, asked = self.root, self.kept.out
        known = None if root is None else await asyncio.to_thread(taken_out, root, asked)
        if known is not None and root == self.root and not self.runs:
            self.show_kept(out=self.kept.out - (asked - known))

    def before_leaving(self) -> None:
        """Wait for what is being taken out, which takes seconds; stop what takes longer."""
        if self.job is None or self.job.target is None:
            super().before_leaving()
        else:
            said = f"{words.title(self.job, short=True)}, then Morgue ends. "
            self.notify(f"{said}{in_words(Keyed('{quit} again: at once.'), self)}", markup=False)

    def left_over(self) -> Iterator[str]:
        """Yield what was not begun."""
        yield from (f"{words.title(removal.job, short=True)}: not begun." for removal in self._waiting)
