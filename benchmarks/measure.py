"""What the scripts in this folder share: arguments, whole processes in turn, medians, ratios, tables by rich."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from rich.console import Console
from rich.table import Table

QUESTIONS = (Path(__file__).parent / "questions.txt").read_text("utf-8").splitlines()


def arguments(least: int, usage: str | None = None) -> list[str]:
    """Return a script's arguments; where help is asked for or some are missing, say how it is used and end.

    Args:
        least: how many there have to be.
        usage: how it is used; the script's own docstring by default.
    """
    given = sys.argv[1:]
    asked = not {"-h", "--help"}.isdisjoint(given)
    if asked or len(given) < least:
        print(usage or sys.modules["__main__"].__doc__, file=sys.stdout if asked else sys.stderr)
        sys.exit(0 if asked else 2)
    return given


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process: wall seconds and peak resident memory in MB."""

    seconds: float
    peak_mb: float


def process(arguments: Sequence[str]) -> Run:
    """Run a command to its end, its output thrown away; a failure other than "nothing found" stops the benchmark."""
    began = perf_counter()
    child = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = perf_counter() - began
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        assert child.stderr is not None
        sys.exit(f"{' '.join(arguments)} exited {code}: {child.stderr.read().decode()}")
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return Run(seconds, usage.ru_maxrss / scale)


def in_turn(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[Run]]:
    """Run several commands in turn, once each uncounted, so that a drift of the machine meets all alike."""
    for arguments in commands.values():
        process(arguments)
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, arguments in commands.items():
            runs[name].append(process(arguments))
    return runs


def resident(name: str) -> float:
    """Return a figure of this process's memory in MB: ``VmRSS``, ``VmHWM`` (the peak) or ``RssAnon`` (allocated)."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return 0.0


def timed(work: Callable[[], object]) -> float:
    """Return the seconds a call takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return median(values)


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table."""
    table = Table(title=title, title_justify="left")
    for at, column in enumerate(columns):
        table.add_column(column, justify="left" if at == 0 else "right")
    for row in rows:
        table.add_row(*row)
    Console(width=120).print(table)
