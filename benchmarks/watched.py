"""The terminal UI, or an empty Textual app, which writes down when it draws, how much, and how long its loop stands.

Usage: python benchmarks/watched.py LOG empty
       python benchmarks/watched.py LOG ARGUMENT... (of the command)

``terminal.py`` reads LOG. The cursor does not blink, so that a screen at rest is silent.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from time import monotonic_ns
from typing import Any

from measure import arguments

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

BEAT_SECONDS = 0.002
LATE_SECONDS = 0.005  # of a beat that is written down


class Log:
    """A file of lines: nanoseconds of the monotonic clock, what, a number."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)

    def note(self, what: str, number: int = 0) -> None:
        """Write down that something has happened just now."""
        os.write(self._handle, b"%d %s %d\n" % (monotonic_ns(), what.encode("ascii"), number))

    async def beat(self) -> None:
        """Note by how many microseconds the loop is late, whenever it is."""
        while True:
            before = monotonic_ns()
            await asyncio.sleep(BEAT_SECONDS)
            late = (monotonic_ns() - before) / 1e9 - BEAT_SECONDS
            if late > LATE_SECONDS:
                self.note("late", int(late * 1e6))


def empty() -> None:
    """Run an app that has a line to type in, and nothing else."""
    from textual.app import App, ComposeResult
    from textual.widgets import Input

    class Empty(App[None]):
        def compose(self) -> ComposeResult:
            yield Input(placeholder="Ask a topic …")

    Empty().run()


def watch(log: Log) -> None:
    """Let what is drawn be noted, and the cursor stand still."""
    from textual.drivers.linux_driver import LinuxDriver
    from textual.widgets import Input

    write = LinuxDriver.write

    def noted(self: LinuxDriver, data: str) -> None:
        write(self, data)
        log.note("wrote", len(data.encode("utf-8")))

    LinuxDriver.write = noted  # type: ignore[method-assign]
    Input._toggle_cursor = lambda self: None  # type: ignore[method-assign]


def watch_results(log: Log) -> None:
    """Let it be noted when the list is given other rows, and when the loop is late."""
    from tui.app.app import MorgueApp
    from tui.app.widgets.result_list import ResultList

    show, mounted = ResultList.show, MorgueApp.on_mount

    def shown(self: ResultList, rows: tuple[Any, ...], selected: int, **options: Any) -> None:  # noqa: ANN401 - passed on
        changes = rows is not self.rows
        show(self, rows, selected, **options)
        if changes:
            log.note("rows", len(rows))

    def on_mount(self: MorgueApp) -> None:
        self.run_worker(log.beat(), group="beat")
        mounted(self)

    ResultList.show = shown  # type: ignore[method-assign]
    MorgueApp.on_mount = on_mount  # type: ignore[method-assign]


def main(path: Path, given: list[str]) -> int:
    """Run one of both until it is left."""
    log = Log(path)
    if given == ["empty"]:
        watch(log)
        empty()
        return 0
    from tui.cli.terminal_ui import draw_often

    draw_often()  # before Textual is imported
    watch(log)
    watch_results(log)
    from tui.__main__ import run

    return run(given, alone=True)


if __name__ == "__main__":
    path, *given = arguments(2)
    sys.exit(main(Path(path), given))
