"""What the tests of the UI share: waiting for threads, and reading the picture as text."""

from __future__ import annotations

import html
import os
import pty
import re
import select
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import MappingProxyType

import pytest
from textual.pilot import Pilot

from tests.tui.cells import lines
from tui.app.app import MorgueApp

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]


@pytest.fixture(autouse=True)
def no_clipboard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a test copies away from the clipboard of whoever runs it."""
    for name in ("TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "SSH_CONNECTION", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def many_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the UI in a terminal of true colour, which says nothing of its background."""
    for name in ("NO_COLOR", "COLORFGBG", "MORGUE_THEME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.fixture
def until() -> Until:
    """Wait until something holds, as threads post what they found."""

    async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
        end = monotonic() + 120  # a child process that indexes takes half a minute on a busy machine
        while not holds():
            assert monotonic() < end, f"waited two minutes in vain, before {lines(pilot.app)}"
            await pilot.pause(0.02)
        await pilot.pause()

    return until


DRIVE = """
import sys
from tests.tui.cells import lines
from tui.app.app import MorgueApp

def opener():
    from index import Searcher

    return Searcher.open(sys.argv[1])

MorgueApp(opener, *sys.argv[2:]).run()
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """All that the UI wrote to its terminal, and its exit status."""

    written: bytes
    status: int


Drive = Callable[..., Ended]


@pytest.fixture
def drive() -> Drive:
    """Run the UI in a pseudo terminal: wait for each sign to be drawn, then press its keys."""

    def drive(
        root: Path,
        *arguments: str,
        steps: Sequence[tuple[bytes, bytes]],
        environment: Mapping[str, str | None] = MappingProxyType({}),
    ) -> Ended:
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.update(TERM="xterm-256color", COLUMNS="120", LINES="40")
            for name, value in environment.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
            os.execv(sys.executable, [sys.executable, "-c", DRIVE, str(root), *arguments])
        written = b"".join(read_until(terminal, sign, keys) for sign, keys in steps) + read_until(terminal)
        _, status = os.waitpid(pid, 0)
        os.close(terminal)
        return Ended(written, os.waitstatus_to_exitcode(status))

    return drive


def sgr(written: bytes) -> list[tuple[str, ...]]:
    """Return the parameters of each sequence that set how characters look (SGR)."""
    return [tuple(one.decode().split(";")) for one in re.findall(rb"\x1b\[([0-9;]*)m", written)]


def read_until(terminal: int, sign: bytes | None = None, keys: bytes = b"") -> bytes:
    """Read what is drawn until the sign is, then press keys; without a sign, read to the end."""
    written, end = b"", monotonic() + 60
    ready = select.poll()  # select() takes no descriptor above 1,023, and a run of all tests has more
    ready.register(terminal, select.POLLIN)
    while sign is None or sign not in written:
        assert monotonic() < end, f"{sign!r} was not drawn within a minute"
        if not ready.poll(200):
            continue
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            chunk = b""
        if not chunk:
            assert sign is None, f"the UI ended before {sign!r} was drawn"
            return written
        written += chunk
    os.write(terminal, keys)
    return written


@pytest.fixture
def picture() -> Callable[[MorgueApp], str]:
    """Give the words on the screen, in order, without their styles."""

    def picture(app: MorgueApp) -> str:
        drawn = app.export_screenshot().split("<g ", 1)[1]
        return html.unescape(re.sub("<[^>]+>", "", drawn)).replace("\xa0", " ")

    return picture
