"""The terminal UI on a real pseudo-terminal: time to the first picture, and from a key to its lexical results.

Usage: python benchmarks/ui.py ARCHIVE [ROUNDS]

The first picture is compared with importing Textual's own modules alone, in turn. A key counts as answered when
a result, which tells its rank in the lexical leg, is drawn.
"""

from __future__ import annotations

import os
import pty
import select
import struct
import sys
from fcntl import ioctl
from signal import SIGKILL
from termios import TIOCSWINSZ
from time import monotonic, sleep

from measure import QUESTIONS, arguments, middle, p95, process, show

PAINTED = b"F1 help"
ANSWERED = b"lex "


class Terminal:
    """A program on a pseudo-terminal of 160 x 45."""

    def __init__(self, command: list[str]) -> None:
        self.began = monotonic()
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(command[0], command)
        ioctl(self.handle, TIOCSWINSZ, struct.pack("HHHH", 45, 160, 0, 0))

    def wait_for(self, sign: bytes, seconds: float) -> float:
        """Read until a sign is drawn; return the time when it was."""
        drawn = self.drawn(sign, seconds)
        return drawn if drawn is not None else sys.exit(f"{sign!r} was not drawn within {seconds} s")

    def drawn(self, sign: bytes, seconds: float) -> float | None:
        """Read until a sign is drawn; return the time when it was, None when it was not."""
        seen, until = b"", monotonic() + seconds
        while monotonic() < until:
            if select.select([self.handle], [], [], 0.5)[0]:
                seen = seen[-200:] + os.read(self.handle, 65536)
                if sign in seen:
                    return monotonic()
        return None

    def settle(self, seconds: float) -> None:
        """Read whatever is drawn for a while; the cursor blinks, so there is always something."""
        until = monotonic() + seconds
        while monotonic() < until:
            if select.select([self.handle], [], [], 0.1)[0]:
                os.read(self.handle, 65536)

    def type(self, text: str) -> float:
        """Press keys; return the time of the last."""
        for letter in text:
            os.write(self.handle, letter.encode())
            sleep(0.005)
        return monotonic()

    def close(self) -> None:
        """End the program."""
        os.kill(self.pid, SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.handle)


def main(archive: str, rounds: int) -> None:
    """Print both comparisons."""
    command = [sys.executable, "-m", "tui", "--archive", archive]
    peer = [sys.executable, "-c", "import textual.app, textual.widgets"]
    process(peer)
    imports, paints, keys = [], [], []
    for _ in range(rounds):
        imports.append(process(peer).seconds)
        terminal = Terminal(command)
        paints.append(terminal.wait_for(PAINTED, 30) - terminal.began)
        terminal.close()
    terminal = Terminal(command)
    terminal.wait_for(PAINTED, 30)
    terminal.settle(6.0)
    for question in QUESTIONS:
        terminal.type("\x15" + question[:-1])
        terminal.settle(2.0)
        pressed = terminal.type(question[-1])
        drawn = terminal.drawn(ANSWERED, 2)
        if drawn is not None:  # a letter that changes no result, such as a plural's, draws none
            keys.append((drawn - pressed) * 1000)
        terminal.settle(1.0)
    terminal.close()
    ratio = middle(paints) / middle(imports)
    rows = [
        ("import textual.app, textual.widgets", f"{middle(imports):.3f} s", "1.00"),
        ("first picture of the UI", f"{middle(paints):.3f} s", f"{ratio:.2f}"),
        (f"key to lexical results, p50 of {len(keys)}", f"{middle(keys):.0f} ms", ""),
        ("key to lexical results, p95", f"{p95(keys):.0f} ms", ""),
    ]
    show("The terminal UI", ("", "time", "ratio"), rows)


if __name__ == "__main__":
    archive, *more = arguments(1)
    main(archive, int(more[0]) if more else 5)
