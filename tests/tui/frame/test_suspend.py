"""Going back to the shell and coming back: the picture is whole again, and what was asked is still there."""

from __future__ import annotations

import os
import pty
import signal
import sys
from pathlib import Path

from tests.tui.conftest import DRIVE, read_until


def test_after_a_stop_the_whole_picture_is_drawn_again(seed_archive: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="120", LINES="40")
        os.execv(sys.executable, [sys.executable, "-c", DRIVE, str(seed_archive), "sanctions", "lexical"])
    try:
        read_until(terminal, b"Results 1/", b"\x1a")
        assert os.WIFSTOPPED(os.waitpid(pid, os.WUNTRACED)[1])
        os.kill(pid, signal.SIGCONT)
        drawn = read_until(terminal, b"F1")
        assert b"\x1b[?1049h" in drawn, "the other screen of the terminal, which is empty"
        drawn = drawn.rpartition(b"\x1b[?1049h")[2] + read_until(terminal, b"words", b"\x11")
        for sign in (b"Morgue", b"articles", b"sanctions", b"Results 1/"):
            assert sign in drawn
        read_until(terminal)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    finally:
        os.close(terminal)
