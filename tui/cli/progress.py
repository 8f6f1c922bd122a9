"""Progress on stderr: a bar with rate and time left on a terminal, or an object a line for programs; else nothing."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from time import monotonic
from typing import TYPE_CHECKING, Final, Literal

import click

from archive.core.progress import Progress, Step

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from tui.formats.json import Json

Form = Literal["bar", "json"]
_WORDS: Final = {
    "reading": "Reading",
    "lexical": "Indexing words",
    "embedding": "Embedding",
    "vectors": "Indexing vectors",
    "verifying": "Verifying",
}
_EVERY_SECONDS: Final = 0.2  # between two objects; chosen: what draws them looks steady, and a log stays short
_RATED_SECONDS: Final = 10.0  # over which the rate is taken; chosen: batches take up to some seconds each

progress_option = click.option(
    "--progress",
    type=click.Choice(("bar", "json")),
    default="bar",
    help="Tell on stderr how far it is: a bar on a terminal, or JSON, an object a line.",
)


@contextmanager
def progress(quiet: bool = False, form: Form = "bar") -> Iterator[Progress | None]:
    """Give a callback that tells of each phase; None where nobody would see it.

    Args:
        quiet: draw no bar; objects are written all the same, because somebody asked for them.
        form: a bar, or objects.
    """
    if form == "json":
        yield Objects(_write)
        return
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:>17}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:>8}"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        yield _drawing(bars)


def _drawing(bars: Bars) -> Progress:
    tasks: dict[str, int] = {}

    def tell(step: Step) -> None:
        if step.phase not in tasks:
            words = _WORDS.get(step.phase, step.phase)
            tasks[step.phase] = int(bars.add_task(words, total=step.total, rate=""))
        task = bars.tasks[tasks[step.phase]]
        rate = f"{task.speed:,.0f}/s" if task.speed else ""
        bars.update(task.id, completed=step.done, total=step.total, rate=rate)

    return tell


class Objects:
    """Hands on steps with their rate: the first of each phase and the last, and between them some a second.

    Args:
        write: is given a step, items a second, None while that is not known, and seconds until the phase is done.
        clock: seconds.
    """

    def __init__(
        self, write: Callable[[Step, float | None, float | None], None], clock: Callable[[], float] = monotonic
    ) -> None:
        self._write = write
        self._clock = clock
        self._phase = ""
        self._written = 0.0
        self._past: deque[tuple[float, int]] = deque()

    def __call__(self, step: Step) -> None:
        """Take a step."""
        now = self._clock()
        is_first = step.phase != self._phase
        if is_first:
            self._phase = step.phase
            self._past.clear()
        self._past.append((now, step.done))
        while len(self._past) > 2 and now - self._past[0][0] > _RATED_SECONDS:
            self._past.popleft()
        if is_first or step.done == step.total or now - self._written >= _EVERY_SECONDS:
            self._written = now
            rate = self._rate()
            left = (step.total - step.done) / rate if rate and step.total is not None else None
            self._write(step, rate, left)

    def _rate(self) -> float | None:
        (began, before), (now, done) = self._past[0], self._past[-1]
        return (done - before) / (now - began) if now > began and done > before else None


def _write(step: Step, rate: float | None, left: float | None) -> None:
    from tui.formats.json import to_line

    click.echo(to_line(progress_object(step, rate, left)), err=True)


def progress_object(step: Step, rate: float | None, left: float | None) -> Json:
    """Return what a line of ``--progress json`` says; ``rate`` is items a second, ``left`` seconds."""
    from tui.formats.json import SCHEMA

    return {
        "schema": SCHEMA,
        "phase": step.phase,
        "done": step.done,
        "total": step.total,
        "before": step.before,
        "rate": None if rate is None else round(rate, 3),
        "seconds_left": None if left is None else round(left, 1),
        **({} if step.looked is None else {"articles": asdict(step.looked)}),
    }
