"""Going back to the shell and coming back: the picture is whole again, and what was asked is still there."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
from pathlib import Path
from time import monotonic

from tests.tui.conftest import DRIVE, read_until

OTHER_SCREEN = b"\x1b[?1049h"  # of the terminal, which is empty
SIGNS = (b"Morgue", b"5 articles", b"sanctions", b"Results 1/", b"why: ", b"F1")


def more(terminal: int) -> bytes:
    """Read what is drawn, which must be read so that whoever draws can go on."""
    ready = select.poll()
    ready.register(terminal, select.POLLIN)
    return os.read(terminal, 65536) if ready.poll(100) else b""


def test_after_a_stop_the_whole_picture_is_drawn_again(seed_archive: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="120", LINES="40")
        os.execv(sys.executable, [sys.executable, "-c", DRIVE, str(seed_archive), "sanctions", "lexical"])
    try:
        read_until(terminal, b"why: ", b"\x1a")
        end, written = monotonic() + 60, b""
        while (status := os.waitpid(pid, os.WUNTRACED | os.WNOHANG)) == (0, 0):
            assert monotonic() < end, "it was not stopped"
            more(terminal)
        assert os.WIFSTOPPED(status[1])
        os.kill(pid, signal.SIGCONT)
        while not all(sign in written.partition(OTHER_SCREEN)[2] for sign in SIGNS):
            assert monotonic() < end, [sign for sign in SIGNS if sign not in written]
            written += more(terminal)
        os.write(terminal, b"\x11")
        read_until(terminal)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    finally:
        os.close(terminal)
