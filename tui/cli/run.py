"""What ``add``, ``update`` and ``rebuild`` have in common: read, build, report, stop when asked to, exit code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

import click

from archive import Archive, IngestReport
from archive.core.progress import Progress, Step
from tui.cli.common import print_lines, say
from tui.cli.exit_codes import DONE, NEW_REFUSALS
from tui.cli.progress import Form, progress
from tui.cli.signals import Stop, Stopped, Terminated
from tui.formats.json import report_object, to_line
from tui.formats.remedies import advised
from tui.formats.report import (
    build_lines,
    dry_run_lines,
    going_on_line,
    ingest_lines,
    kept_line,
    refusal_lines,
    waiting_lines,
)

if TYPE_CHECKING:
    from index import BuildReport

Read = Callable[[Progress | None], IngestReport]
Build = Callable[[Progress | None], "BuildReport | None"]
Command = TypeVar("Command", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Manner:
    """How a run is told: as an object, not at all, how strictly, whether it is only a dry run, and how far it is."""

    as_json: bool = False
    quiet: bool = False
    strict: bool = False
    dry_run: bool = False
    progress: Form = "bar"


@dataclass(frozen=True, slots=True)
class Work:
    """One run.

    Attributes:
        command: its name.
        archive: to write to; its lock is held for the whole run.
        read: reads the sources.
        build: brings the index up to the catalog; None when that is put off.
        again: what to run when it was stopped.
    """

    command: str
    archive: Archive
    read: Read
    build: Build
    again: str

    @property
    def reads(self) -> bool:
        """Tell whether it looks at sources at all."""
        return self.command != "rebuild"


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did."""

    read: IngestReport
    built: BuildReport | None
    took_ms: float


jobs_option = click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="How many processor cores reading and embedding may use."
)
dry_run_option = click.option("--dry-run", is_flag=True, help="Tell what would be done; write nothing.")


def run_writing(work: Work, manner: Manner) -> int:
    """Read, build and report.

    Returns:
        The exit code: 3 for refusals new since the last run, with ``strict`` for any; 130 or 143 after a signal.

    Raises:
        Stopped: a signal ended it before it was done.
    """
    with Stop(quiet=manner.quiet) as stop:
        result = carry_out(work, manner, stop, silent=manner.as_json or manner.quiet or manner.dry_run)
    if manner.as_json:
        say_object(work, manner, result)
    elif manner.dry_run and not manner.quiet:
        print_lines(dry_run_lines(result.read if work.reads else None, result.built))
    elif result.built is not None and not manner.quiet:
        for line in build_lines(result.built):
            say(line)
    elif manner.quiet:
        _say_what_is_left(result.read)
    if result.built is not None and (manner.as_json or manner.quiet):
        _say_notes(result.built)
    refused = result.read.refusals if manner.strict else result.read.new_refusals
    return stop.exit_code or (NEW_REFUSALS if refused else DONE)


def _say_notes(built: BuildReport) -> None:
    """Say what went wrong, or is lost, where nothing else is said."""
    for note in built.notes:
        say(advised(note))


def carry_out(work: Work, manner: Manner, stop: Stop, *, silent: bool) -> RunResult:
    """Read and build under the archive's lock; unless it is to be silent, say between them what was read.

    Raises:
        Busy: another process is writing.
        Stopped: a signal ended it before it was done.
    """
    began = perf_counter()
    stop.last = None
    try:
        with work.archive.writing(), progress(manner.quiet, manner.progress) as bars:
            tell = stop.through(bars if silent else _announced(bars))
            read = work.read(tell)
            if not silent and work.reads:
                for line in ingest_lines(read):
                    say(line)
            stop.check()
            built = work.build(tell)
    except (KeyboardInterrupt, Terminated) as error:
        indexed = work.archive.layout.current.exists()
        kept = "Stopped; a dry run writes nothing." if manner.dry_run else kept_line(stop.last, indexed=indexed)
        raise Stopped(error, kept, "the same again" if manner.dry_run else work.again) from error
    return RunResult(read, built, (perf_counter() - began) * 1000)


def say_object(work: Work, manner: Manner, result: RunResult) -> None:
    """Print what a run did as one object."""
    report = report_object(work.command, result.read, result.built, result.took_ms, dry_run=manner.dry_run)
    click.echo(to_line(report))


def _announced(bars: Progress | None) -> Progress:
    """Say once that a run goes on where another was cut short."""
    said = False

    def tell(step: Step) -> None:
        nonlocal said
        if step.before and not said:
            said = True
            say(going_on_line(step))
        if bars is not None:
            bars(step)

    return tell


def _say_what_is_left(read: IngestReport) -> None:
    for line in (*waiting_lines(read), *refusal_lines(read.new_refusals)):
        say(line)
