"""The part of the application that has a run in hand: it begins one, follows it, and ends it when it leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.events import Unmount
from textual.reactive import Reactive

from archive.core.errors import ArchiveError
from archive.text.visible import visible_line
from tui.app import messages, notices
from tui.app.actions.keymap import in_words
from tui.app.adding import words
from tui.app.notebook.keeping_app import KeepingApp
from tui.session.keyed import Keyed
from tui.writing.job import Job

if TYPE_CHECKING:
    from tui.writing.child import Child
    from tui.writing.obstacles import Obstacle
    from tui.writing.survey import Survey


class AddingApp(KeepingApp, inherit_bindings=False):
    """Adds and updates in a child process, one at a time.

    Attributes:
        job: the run in hand, or the last one; None before the first.
        work: the run in hand in one line, empty while there is none; screens watch both.
        parting: what is to be said, once the terminal is given back, of a run that was ended by leaving.
        former: the archive that was open before this one, None where there was none.
        leaves: the application ends as soon as what is in hand has ended.
    """

    job: Reactive[Job | None] = Reactive(None, init=False, repaint=False)
    work: Reactive[str] = Reactive("", init=False, repaint=False)
    parting = ""
    _child: Child | None = None
    former: Path | None = None
    leaves = False

    def watch_job(self, job: Job | None) -> None:
        """Let the screens know how far the run in hand is."""
        self.tell_followers("job", job)

    def watch_work(self, work: str) -> None:
        """Let the screens know what is being done."""
        self.tell_followers("work", work)

    def open_archive(self, root: Path) -> None:
        """Search another archive from now on."""
        raise NotImplementedError

    def index_changed(self) -> None:
        """Take up the newest index of the archive that is open."""
        raise NotImplementedError

    @property
    def root(self) -> Path | None:
        """Return the folder of the archive, None where that is not known."""
        if self._worker.archive is not None or not self._worker.pool.open:
            return self._worker.archive
        with self._worker.pool.lend() as searcher:
            return searcher.archive.root

    # -- what is asked for -------------------------------------------------------------------------------------------

    def action_add_articles(self) -> None:
        """Ask which folder is to be added, or show the run that is in hand."""
        if self._shows_run() or (root := self.known_root()) is None:
            return
        self._unless_in_the_way(root, partial(self._ask_folder, root))

    def action_update_articles(self) -> None:
        """Look again at all that was added, or show the run that is in hand."""
        if self._shows_run() or (root := self.known_root()) is None:
            return
        self._unless_in_the_way(root, partial(self._ask_update, root))

    def action_other_archive(self) -> None:
        """Ask which archive is to be opened."""
        from tui.app.adding.other_screen import OtherScreen

        still = "" if self.job is None or self.job.ended is not None else words.title(self.job, short=True)
        self.push_screen(OtherScreen(self.root, self.former, still, self.open_archive, self._make_archive))

    def _make_archive(self, root: Path) -> None:
        if not self._shows_run():
            self._ask_folder(root, None, opens=True)

    def _ask_folder(self, root: Path, in_the_way: Obstacle | None, *, opens: bool = False) -> None:
        from tui.app.adding.add_screen import AddScreen

        def begin(path: Path, seen: Survey) -> None:
            self._begin(Job("add", root, path, seen, opens))

        self.push_screen(AddScreen(root, in_the_way, begin))

    def _ask_update(self, root: Path, in_the_way: Obstacle | None) -> None:
        self.run_worker(self._listed(root, in_the_way), group="sources", exclusive=True)

    async def _listed(self, root: Path, in_the_way: Obstacle | None) -> None:
        """Show what an update would look at."""
        from tui.app.adding.update_screen import UpdateScreen

        try:
            sources = await asyncio.to_thread(_sources, root)
        except (ArchiveError, OSError) as error:
            self.notify(visible_line(notices.trouble(error, root).heading), severity="error", markup=False)
            return
        self.push_screen(UpdateScreen(root, sources, in_the_way, lambda: self._begin(Job("update", root))))

    def known_root(self) -> Path | None:
        """Return the folder of the archive; where that is not known, say so."""
        if self.root is None:
            self.notify("The archive is not open yet.", severity="warning", markup=False)
        return self.root

    def _shows_run(self) -> bool:
        if self.runs:
            self._show_run()
        return self.runs

    def _show_run(self) -> None:
        from tui.app.adding.work_screen import WorkScreen

        self.push_screen(WorkScreen(self), self._run_left)

    def _run_left(self, _: None) -> None:
        """Open the archive that was made, once its maker has read how it went."""
        job = self.job
        if job is not None and job.opens and job.is_done and job.root != self.root:
            self.open_archive(job.root)

    def _unless_in_the_way(self, root: Path, go_on: Callable[[Obstacle | None], None]) -> None:
        """Go on, unless something is in the way that will not pass; a disk may be slow to tell."""
        self.run_worker(self._looked(root, go_on), group="adding", exclusive=True)

    async def _looked(self, root: Path, go_on: Callable[[Obstacle | None], None]) -> None:
        from tui.writing.obstacles import obstacle

        found = await asyncio.to_thread(obstacle, root)
        if found is None or found.passes:
            go_on(found)
        else:
            advice = in_words(Keyed("{other-archive} opens another archive."), self)
            self.notify(f"{visible_line(found.words)} {advice}", severity="error", timeout=10, markup=False)

    # -- the run -----------------------------------------------------------------------------------------------------

    def _begin(self, job: Job) -> None:
        if not self._shows_run() and self.start(job):
            self._show_run()

    @property
    def runs(self) -> bool:
        """Tell whether a run is in hand."""
        return self.job is not None and self.job.ended is None

    def start(self, job: Job) -> bool:
        """Begin a run, while none is in hand; return whether it was, and say why where it was not."""
        from tui.writing.child import Child

        try:
            self._child = Child(
                job.root,
                job.arguments,
                lambda far: self.post_message(messages.WorkTold(far)),
                lambda ended: self.post_message(messages.WorkEnded(ended)),
            )
        except OSError as error:
            self.notify(f"It could not be begun: {error.strerror or error}.", severity="error", markup=False)
            return False
        self._know(job)
        return True

    def _know(self, job: Job) -> None:
        self.job = job
        told = words.line(job)
        self.work = told and f"{told} ({in_words(Keyed('{add} shows it'), self)})"

    @on(messages.WorkTold)
    def _work_told(self, message: messages.WorkTold) -> None:
        if self.job is not None and self.job.ended is None:
            self._know(replace(self.job, far=message.far, counts=message.far.counts or self.job.counts))

    @on(messages.WorkEnded)
    def _work_ended(self, message: messages.WorkEnded) -> None:
        if self.job is None:
            return
        job = replace(self.job, ended=message.ended, paused=False)
        self._know(job)
        self.run_ended(job)

    def run_ended(self, job: Job) -> None:
        """Say how a run ended, take up what it made, and leave where that was waited for."""
        if self.leaves:
            self.part(words.ended_line(job))
            return
        self.tell_ended(job, " O opens it." if job.opens and job.is_done else "")
        if job.root == self.root:
            self.index_changed()

    def tell_ended(self, job: Job, more: str = "") -> None:
        """Say how a run ended, unless that is on the screen, and what goes on from there."""
        if not self._is_shown:
            said = f"{words.ended_line(job)}{more}"
            self.notify(said, severity="information" if job.is_done else "warning", timeout=10, markup=False)

    @property
    def _is_shown(self) -> bool:
        from tui.app.adding.work_screen import WorkScreen

        return isinstance(self.screen, WorkScreen)

    def pause_work(self) -> None:
        """Pause the run with all that works for it, or let it go on."""
        if self._child is not None:
            self.run_worker(self._paused(self._child), group="pausing")

    async def _paused(self, child: Child) -> None:
        is_paused = await asyncio.to_thread(child.pause)
        if self.job is not None and self.job.ended is None:
            self._know(replace(self.job, paused=is_paused))

    def stop_work(self) -> None:
        """Stop the run after the batch in hand, at a second time at once."""
        if self._child is not None and self.job is not None:
            self._child.stop()
            self._know(replace(self.job, paused=False, stops=self.job.stops + 1))

    # -- leaving -----------------------------------------------------------------------------------------------------

    async def action_quit(self) -> None:
        """Leave; a run that is in hand is stopped before, and at a second time at once."""
        if not self.runs or self.leaves:
            self.exit()
            return
        self.leaves = True
        self.before_leaving()

    def before_leaving(self) -> None:
        """Stop the run that is in hand."""
        self.stop_work()
        self.notify("Stopping what is being added, then Morgue ends. Ctrl+Q again: at once.", markup=False)

    def part(self, said: str) -> None:
        """Leave, and say this when the terminal is given back."""
        self.parting = said
        self.exit()

    @on(Unmount)
    async def _end_run(self) -> None:
        """End a run that is still in hand, and keep what is to be said of it."""
        child, job = self._child, self.job
        if child is not None and job is not None and job.ended is None:
            ended = await asyncio.to_thread(child.finish)
            self.parting = words.ended_line(replace(job, ended=ended, stops=1))
        self.parting = " ".join(filter(None, (self.parting, *self.left_over())))

    def left_over(self) -> Iterator[str]:
        """Yield what was wished and not begun, in sentences."""
        yield from ()


def _sources(root: Path) -> tuple[str, ...]:
    from archive import Archive

    with Archive.open(root) as archive:
        return tuple(source.root for source in archive.sources())
