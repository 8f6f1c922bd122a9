"""Work in a process of its own, where a crash is an answer like any other, and which ends with the one that began it.

The child writes lines of JSON: numbers say how far it is, the last line is its verdict, or an object that says what the
system refused it. A child that stands still, as Chroma does when a thread of its own has died at a full disk, ends
itself.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from errno import ENOMEM
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryFile
from time import monotonic, process_time, sleep
from typing import Final

from archive.core.errors import ArchiveError
from archive.core.forking import Lock
from archive.core.system_limits import in_words, limit_of, raise_limit

_ROOT: Final = Path(__file__).resolve().parents[2]
_PIECE: Final = 1 << 16  # bytes read at a time: what a pipe of Linux holds
_sent = SimpleQueue[bytes]()
_STILL: Final = 120.0  # seconds without work until a process that waits for nobody is given up; chosen, not measured
_LOOKS: Final = 12  # in that time; chosen, not measured: few, because looking is work too
_WORK: Final = 0.1  # seconds of the processor that count as work; chosen, not measured


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a child found.

    Attributes:
        problems: sentences, empty when all is well.
        figures: what it measured, by name.
    """

    problems: tuple[str, ...]
    figures: Mapping[str, float] = field(default_factory=dict)


class _Watch:
    """Ends this process when it stands still, unless it waits for another one."""

    def __init__(self) -> None:
        self._waiting = 0
        self._lock = Lock()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Wait for another process, for as long as it takes."""
        with self._lock:
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting -= 1

    def run(self) -> None:
        worked, since = process_time(), monotonic()
        while True:
            sleep(_STILL / _LOOKS)
            now = process_time()
            if self._waiting or now - worked > _WORK:
                worked, since = now, monotonic()
            elif monotonic() - since > _STILL:
                _give_up(f"it has stood still for {_STILL:g} seconds\n")


def _give_up(message: str) -> None:
    """End this process, also where nothing can be written: the disk that is full holds the messages too."""
    with suppress(OSError):
        os.write(2, message.encode())
    os._exit(1)


_WATCH: Final = _Watch()


class ChildProcess:
    """A module of ours that runs in another process; see ``main`` for the other side.

    Args:
        module: its name.
        arguments: for it.
    """

    def __init__(self, module: str, *arguments: object) -> None:
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        self._module = module
        self._messages = TemporaryFile()  # noqa: SIM115 - closed with the process
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, *map(str, arguments)],
            stdin=subprocess.PIPE,  # tells the child when this process dies
            stdout=subprocess.PIPE,
            stderr=self._messages,
            env={**os.environ, "PYTHONPATH": path},
            process_group=0,  # a terminal's Ctrl-C, before the child ignores it, would read as a broken index
        )

    def send(self, data: bytes) -> None:
        """Send something to the child (``received``); one that has ended says so in its answer."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(data)
            self._process.stdin.flush()

    def answer(self, on_number: Callable[[int], None] = lambda number: None) -> Verdict:
        """Wait for the end; return what the child found, or how it ended if it did not end well.

        Args:
            on_number: called with each number the child writes.

        Raises:
            OSError: the system refused the child something.
        """
        assert self._process.stdout is not None
        line_value: object = None
        try:
            with _WATCH.waiting():
                for line in self._process.stdout:
                    line_value = _parsed(line)
                    if isinstance(line_value, int):
                        on_number(line_value)
                    elif isinstance(line_value, dict):
                        raise OSError(line_value["number"], line_value["reason"])
                return self._ended(self._process.wait(), line_value)
        finally:
            self.stop()

    def stop(self) -> None:
        """End the child, if it has not ended, and let go of it."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._messages):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()

    def _ended(self, code: int, last_value: object) -> Verdict:
        if code < 0:
            name = signal.Signals(-code).name
            return Verdict((f"The process that works on the index crashed: {name} in {self._module}.",))
        if code or not isinstance(last_value, list):
            self._messages.seek(0)
            last = self._messages.read().decode("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
            raise_limit(RuntimeError(last[0]))
            return Verdict((f"The process that works on the index failed in {self._module}: {last[0]}",))
        problems, figures = last_value
        return Verdict(tuple(problems), figures)


def main(work: Callable[..., Verdict]) -> None:
    """Be the child: do the work with the arguments of the process, write the verdict; an error of ours is one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal interrupts both; the parent decides
    for watch in (_die_with_parent, _WATCH.run):
        threading.Thread(target=watch, daemon=True).start()
    try:
        verdict = work(*sys.argv[1:])
    except Exception as error:
        if (limit := limit_of(error)) is not None:
            _say({"number": getattr(limit, "errno", ENOMEM), "reason": in_words(limit)})
            return
        if not isinstance(error, ArchiveError):
            raise
        verdict = Verdict((error.message,))
    _say([list(verdict.problems), dict(verdict.figures)])


def received() -> Iterator[bytes]:
    """Yield, as a child, what is sent, in pieces of any size and without an end; waits for each."""
    while True:
        with _WATCH.waiting():
            data = _sent.get()
        yield data


def tell(done: int) -> None:
    """Say, as a child, how far it is."""
    _say(done)


def _say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _die_with_parent() -> None:
    while data := os.read(0, _PIECE):  # not through sys.stdin, whose lock the interpreter wants when it ends
        _sent.put(data)
    os._exit(1)
