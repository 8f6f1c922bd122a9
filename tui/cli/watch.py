"""``morgue update --watch``: updates the sources concerned as files arrive, until it is told to stop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from archive import Archive, IngestReport
from archive.core.errors import Busy
from archive.core.progress import Progress
from archive.ingest.reprocess import Confirm
from tui.cli.common import Shared, say, silent
from tui.cli.exit_codes import DONE
from tui.cli.resources import Encoders
from tui.cli.run import Manner, RunResult, Work, carry_out, say_object
from tui.cli.signals import Stop
from tui.cli.watch_events import Burst, arrivals
from tui.formats.plural import counted
from tui.formats.report import change_line, reprocessed_lines


def watch(shared: Shared, encoders: Encoders, manner: Manner, confirm: Confirm) -> int:
    """Update everything, then what changes; return the exit code of the signal that ended it.

    Raises:
        Stopped: a signal ended an update before it was done.
        ArchiveError: an update failed.
    """
    with shared.open() as archive, Stop(quiet=True) as stop:
        tell = silent if manner.quiet else say
        updates = _Updates(shared, encoders, manner, stop, confirm)
        burst, everything = Burst(), True
        for sources in arrivals(archive.sources, archive.root, stop, tell):
            burst.add(sources)
            due = burst.due()
            if not (due or everything):
                continue
            if not updates.run(() if everything else due):
                burst.add(due)
            elif everything:
                everything = False
                tell(f"Watching {counted(len(archive.sources()), 'source')}; Ctrl-C ends.")
    return stop.exit_code or DONE


class _Updates:
    """One update after another. The archive is opened for each, so that changed settings hold."""

    def __init__(self, shared: Shared, encoders: Encoders, manner: Manner, stop: Stop, confirm: Confirm) -> None:
        self._shared = shared
        self._encoders = encoders
        self._manner = manner
        self._stop = stop
        self._confirm = confirm
        self._missing = 0
        self._is_waiting = False

    def run(self, sources: Sequence[str]) -> bool:
        """Update sources, all when there are none; return False when another process is writing."""
        self._stop.quiet = self._manner.quiet
        try:
            with self._shared.open() as archive:
                work = self._work(archive, sources)
                self._tell(work, carry_out(work, self._manner, self._stop, silent=True), is_first=not sources)
        except Busy as error:
            if not (self._is_waiting or self._manner.quiet):
                say(f"{error.message} Waiting until it is done.")
            self._is_waiting = True
            return False
        finally:
            self._stop.quiet = True
        self._is_waiting = False
        return True

    def _work(self, archive: Archive, sources: Sequence[str]) -> Work:
        from index import build, passage_rule

        rule = passage_rule(archive.settings)

        def read(tell: Progress | None) -> IngestReport:
            existing = {source.id for source in archive.sources()}
            left = [identifier for identifier in sources if identifier in existing]
            if sources and not left:
                return IngestReport()
            return archive.update(rule, tell, left, jobs=self._encoders.threads, confirm=self._confirm)

        return Work(
            "update",
            archive,
            read,
            lambda tell: build(archive, progress=tell, encoder=self._encoders),
            again="morgue update",
        )

    def _tell(self, work: Work, outcome: RunResult, *, is_first: bool) -> None:
        if self._manner.as_json:
            say_object(work, self._manner, outcome)
        elif outcome.read.new_refusals or not self._manner.quiet:
            vanished = outcome.read.missing - self._missing
            say(f"{datetime.now():%H:%M:%S}  {change_line(outcome.read, outcome.built, vanished)}")
        if is_first and not (self._manner.as_json or self._manner.quiet):
            for line in reprocessed_lines(outcome.read):
                say(line)
        self._missing = outcome.read.missing
