"""The command that writes, as a child process: it can be paused, stopped and ended, and whatever it does is told.

It is the project's own command, so the archive's lock, its order of writing and what it says of itself are its own. It
ends when this process is gone (``tui/writing/tether.py``).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import IO, Final

from archive.core.cores import usable_cores
from archive.core.forking import Lock
from archive.folder.layout import Layout
from tui.writing.ended import Ended, ended
from tui.writing.progress import Far, parsed

COMMAND: Sequence[str] = (sys.executable, "-P", "-m", "tui.writing.tether")
_ROOT: Final = Path(__file__).resolve().parents[2]
_NICENESS: Final = 5  # what is asked meanwhile goes first; chosen, not measured
_LINE: Final = 1 << 16  # bytes of a line that are looked at; chosen, not measured
_PRINTED: Final = 1 << 28  # bytes of a report that are kept: some hundred thousand refusals; chosen, not measured
_SAID: Final = 3  # last messages that are told where nothing else is; chosen, not measured
_TICK: Final = 0.02  # seconds between looks whether it has ended; chosen, not measured
_READING: Final = 1.0  # seconds in which what a process has written is read once it has ended; chosen, not measured
_PATIENCE: Final = (5.0, 3.0, 5.0)  # seconds for the batch in hand, for the one at once, for a kill; chosen
_TRIES: Final = 100  # at stopping it where it is not writing; each takes some milliseconds; chosen, not measured
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)


class Child:
    """A process that writes to an archive, with lower priority and on all cores but one.

    Args:
        root: the archive.
        arguments: the command's name first, which gets what makes it tell how far it is.
        tell: called in a thread with how far it is.
        end: called in a thread once, with how it ended.

    Raises:
        OSError: the system refuses to start it.
    """

    def __init__(
        self, root: Path, arguments: Sequence[str], tell: Callable[[Far], object], end: Callable[[Ended], object]
    ) -> None:
        self._process = _started(root, *arguments)
        self._tell, self._end = tell, end
        self._catalog = Layout(root).catalog
        self._lock = Lock()
        self._said: deque[str] = deque(maxlen=_SAID)
        self._printed = bytearray()
        self._over = threading.Event()
        self._stops = 0
        self.paused = False
        self.outcome: Ended | None = None
        readers = [self._reader(self._listen, self._process.stderr), self._reader(self._keep, self._process.stdout)]
        threading.Thread(target=self._wait, args=(readers,), daemon=True).start()

    @property
    def pid(self) -> int:
        """Return its number, which is that of its group, too."""
        return self._process.pid

    def pause(self) -> bool:
        """Stop it and its workers where they are, or let them go on; return whether it is paused now.

        It is stopped where it is not writing to the catalog, which it would keep others from: what a person marks
        meanwhile goes there. May take a moment.
        """
        from archive.catalog.connection import is_held

        stops = self._stops
        if self.paused:
            self.paused = not self._send_all(signal.SIGCONT)
            return self.paused
        for _ in range(_TRIES):
            self.paused = self._send_all(signal.SIGSTOP)
            if not (self.paused and is_held(self._catalog)):
                break
            self._send_all(signal.SIGCONT)
            sleep(_TICK)
        else:
            self.paused = self._send_all(signal.SIGSTOP)
        if self._stops != stops:  # somebody wants it to end meanwhile
            self._send_all(signal.SIGCONT)
            self.paused = False
        return self.paused

    def stop(self) -> None:
        """Let it end after the batch in hand; at a second time at once, at a third it is killed."""
        number = _SIGNALS[min(self._stops, len(_SIGNALS) - 1)]
        self._stops += 1
        if number is signal.SIGKILL:
            self._send_all(number)
            return
        with self._lock:
            if not self._over.is_set():
                self._process.send_signal(number)  # its workers end with it
        self._send_all(signal.SIGCONT)
        self.paused = False

    def finish(self) -> Ended:
        """End it, gently at first, and return how it ended; for whoever leaves, and takes some seconds."""
        for seconds in _PATIENCE:
            if self._over.is_set():
                break
            self.stop()
            self._over.wait(seconds)
        return self.outcome or Ended(-signal.SIGKILL)

    def _send_all(self, number: signal.Signals) -> bool:
        """Send a signal to the process and its workers; return whether it was there."""
        with self._lock:
            if self._over.is_set():
                return False
            with suppress(ProcessLookupError, PermissionError):  # it has ended; macOS says so of what nobody waited for
                os.killpg(self.pid, number)
                return True
        return False

    def _reader(self, read: Callable[[IO[bytes]], None], stream: IO[bytes] | None) -> threading.Thread:
        thread = threading.Thread(target=read, args=(stream,), daemon=True)
        thread.start()
        return thread

    def _listen(self, stream: IO[bytes]) -> None:
        while line := stream.readline(_LINE):
            far = parsed(line)
            if far is not None:
                self._tell(far)
            elif words := line.decode("utf-8", "replace").strip():
                self._said.append(words)

    def _keep(self, stream: IO[bytes]) -> None:
        while piece := stream.read1(_LINE):  # type: ignore[attr-defined]  # a pipe is buffered
            if len(self._printed) < _PRINTED:
                self._printed += piece

    def _wait(self, readers: Sequence[threading.Thread]) -> None:
        while True:
            with self._lock:  # a number that is free again may be that of another process
                code = self._process.poll()
                if code is not None:
                    break
            sleep(_TICK)
        if code < 0:
            with suppress(ProcessLookupError, PermissionError):  # workers of one that was killed while it was paused
                os.killpg(self.pid, signal.SIGKILL)
        if self._process.stdin is not None:
            self._process.stdin.close()
        for reader in readers:
            reader.join(_READING)
        self.outcome = ended(code, bytes(self._printed), " ".join(self._said))
        self._over.set()
        self._end(self.outcome)


def _started(root: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the command on an archive, so that it tells how far it is and lets everything else go first."""
    manner = ("--json", "--progress", "json", "--jobs", str(max(1, usable_cores() - 1)))
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [*COMMAND, "--archive", str(root), name, *manner, *arguments],
        stdin=subprocess.PIPE,  # it ends with this process, however that ends
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        process_group=0,  # so that it is paused with its workers, and gets no Ctrl-C of the terminal
    )
    if hasattr(os, "setpriority"):
        with suppress(OSError):  # it has ended
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
    return process
