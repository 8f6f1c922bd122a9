"""Programs on a pseudo-terminal: pressing keys, waiting for what is drawn, reading what they wrote down of it."""

from __future__ import annotations

import os
import pty
import select
import struct
import sys
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from signal import SIGCONT, SIGKILL
from termios import TIOCSWINSZ
from time import monotonic, sleep

HERE = Path(__file__).parent
PAINTED = b"sk a topic"  # of the words in the empty line, whose first letter the cursor stands on
ASKED = b" help"  # in the footer, where a question is given
SIZE = (120, 35)
DESKTOP = ("TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")  # whose clipboards are left alone
SILENCE = 0.3  # seconds after which a screen is at rest


class Terminal:
    """A program on a pseudo-terminal; what it writes is read and dropped.

    Args:
        command: to run.
        size: columns and lines.
    """

    def __init__(self, command: Sequence[str], size: tuple[int, int] = SIZE) -> None:
        self.began = monotonic()
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            for name in (*DESKTOP, "PYTHONDONTWRITEBYTECODE"):  # what is installed was compiled
                os.environ.pop(name, None)
            os.environ.setdefault("MORGUE_HISTORY", "off")
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", PYTHONPATH=str(HERE.parent))
            os.execv(command[0], list(command))
        ioctl(self.handle, TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def wait_for(self, sign: bytes, seconds: float) -> float:
        """Read until a sign is drawn; return the time when it was."""
        seen, until = b"", monotonic() + seconds
        while monotonic() < until:
            seen = seen[-200:] + self._read(0.5)
            if sign in seen:
                return monotonic()
        sys.exit(f"{sign!r} was not drawn within {seconds} s; at last came {seen[-200:]!r}")

    def settle(self, seconds: float) -> None:
        """Read whatever is drawn for a while."""
        until = monotonic() + seconds
        while monotonic() < until:
            self._read(min(0.1, max(0.0, until - monotonic())))

    def rest(self, most: float = 5.0, silence: float = SILENCE) -> None:
        """Read until nothing has been drawn for a while, ``most`` seconds at most."""
        until = monotonic() + most
        while monotonic() < until and self._read(silence):
            pass

    def _read(self, seconds: float) -> bytes:
        if not select.select([self.handle], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self.handle, 1 << 16)
        except OSError:
            sys.exit("the program has ended")

    def press(self, keys: bytes) -> float:
        """Press keys; return the time just before."""
        at = monotonic()
        os.write(self.handle, keys)
        return at

    def type(self, text: str) -> float:
        """Press letters; return the time of the last."""
        at = monotonic()
        for letter in text:
            at = self.press(letter.encode())
            sleep(0.005)
        return at

    def bring_back(self) -> None:
        """Go on with a program that went back to the shell, as ``fg`` does."""
        if Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "T":
            os.kill(self.pid, SIGCONT)

    @property
    def memory_mb(self) -> float:
        """Return what the program holds in memory."""
        lines = Path(f"/proc/{self.pid}/status").read_text("ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    @property
    def descriptors(self) -> int:
        """Return how many files and the like the program holds open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def close(self) -> None:
        """End the program."""
        os.kill(self.pid, SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.handle)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of a key, in milliseconds after it.

    Attributes:
        first: anything was drawn; None where nothing was.
        rows: the first other rows were.
        last_rows: the last other rows were.
        rest: the last thing was drawn.
        bytes: written until the next key.
    """

    first: float | None
    rows: float | None
    last_rows: float | None
    rest: float | None
    bytes: int


class Told:
    """What ``watched.py`` wrote down.

    Args:
        path: of its file.
    """

    def __init__(self, path: Path) -> None:
        rows = [line.split() for line in path.read_text("ascii").splitlines()]
        self._noted = [(int(at) / 1e9, what, int(number)) for at, what, number in rows]
        self._times = [at for at, _, _ in self._noted]

    def after(self, keys: Iterable[tuple[float, float]]) -> list[Drawn]:
        """Return what came of each of some keys, given by when it was pressed and when the screen was at rest."""
        return [self._drawn(at, until) for at, until in keys]

    def longest_stand(self, begin: float, end: float) -> float:
        """Return by how many milliseconds the loop was late at most."""
        return max((number / 1e3 for _, what, number in self._between(begin, end) if what == "late"), default=0.0)

    def written(self, begin: float, end: float) -> int:
        """Return how many bytes were written."""
        return sum(number for _, what, number in self._between(begin, end) if what == "wrote")

    def pictures(self, begin: float, end: float) -> list[float]:
        """Return when something was drawn."""
        return [at for at, what, _ in self._between(begin, end) if what == "wrote"]

    def _between(self, begin: float, end: float) -> list[tuple[float, str, int]]:
        return self._noted[bisect_left(self._times, begin) : bisect_left(self._times, end)]

    def _drawn(self, begin: float, end: float) -> Drawn:
        noted = self._between(begin, end)
        writes = [at for at, what, _ in noted if what == "wrote"]
        rows = [at for at, what, _ in noted if what == "rows"]

        def since(at: float | None) -> float | None:
            return None if at is None else (at - begin) * 1000

        def next_write(at: float) -> float | None:
            return next((write for write in writes if write >= at), None)

        return Drawn(
            since(writes[0] if writes else None),
            since(next_write(rows[0]) if rows else None),
            since(next_write(rows[-1]) if rows else None),
            since(writes[-1] if writes else None),
            sum(number for _, what, number in noted if what == "wrote"),
        )
