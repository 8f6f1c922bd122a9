"""A session from its beginning to the next one, with real keys in a real tmux, read from its screen."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from archive import Archive
from tests.tui.newsroom import newsroom
from tests.tui.running import ROOT, wait

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


@dataclass(frozen=True, slots=True)
class Window:
    """A window of a tmux server of its own, in which the command runs with the cheap encoder.

    Attributes:
        name: of the server.
        place: a folder with the archive.
    """

    name: str
    place: Path

    def __call__(self, *arguments: str) -> str:
        kept = {name: value for name, value in os.environ.items() if name not in {"TMUX", "TMUX_PANE"}}
        environment = {**kept, "TERM": "xterm-256color", "TMUX_TMPDIR": str(self.place), "LC_ALL": "C.UTF-8"}
        command = ["tmux", "-L", self.name, "-f", "/dev/null", *arguments]
        return subprocess.run(command, capture_output=True, check=False, env=environment).stdout.decode()

    def begin(self) -> None:
        """Start the UI, and leave what it ends with on the screen."""
        places = {"MORGUE_STATE": "state", "MORGUE_CONFIG": "config"}
        variables = [f"{name}={self.place / folder}" for name, folder in places.items()]
        python = [sys.executable, "-m", "tests.tui.slow", "0", "--archive", str(self.place / "archive")]
        python += ["browse", "--mode", "lexical"]  # whose rows do not change while the model is being loaded
        command = ["env", "-u", "NO_COLOR", "MORGUE_HISTORY=on", f"PYTHONPATH={ROOT}", *variables, *python]
        self("respawn-pane", "-k", "-c", str(self.place), f"{shlex.join(command)}; echo status $?; exec cat")

    @property
    def screen(self) -> str:
        return self("capture-pane", "-p")

    def press(self, *keys: str) -> None:
        self("send-keys", *keys)

    def type(self, text: str) -> None:
        self("send-keys", "-l", text)

    def until(self, holds: Callable[[str], object]) -> str:
        """Wait for what the screen is to show, and return the screen."""
        seen = [self.screen]

        def shown() -> object:
            seen[0] = self.screen
            return holds(seen[0])

        try:
            wait(shown)
        except AssertionError:
            pytest.fail(f"waited in vain; the screen:\n{seen[0]}")
        return seen[0]


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    newsroom(tmp_path / "archive", 24)
    window = Window(f"morgue-{uuid4().hex[:8]}", tmp_path)
    window("new-session", "-d", "-x", "120", "-y", "35", "cat")
    yield window
    window("kill-server")


def test_a_session_is_begun_read_kept_left_and_gone_on_with(window: Window) -> None:
    window.begin()
    window.type("harbour council")  # before there is anything to type in
    window.press("Enter", "Enter")
    article = window.until(lambda screen: re.search(r"match \d+ of \d+", screen) and "Esc back" in screen)
    title = re.search(r"T\d{4} report", article)
    assert title is not None
    assert "harbour council" in article

    window.press("/")
    window.type("note")
    window.until(lambda screen: "“note”: 1 of" in screen)
    window.press("Enter", "Space")
    window.until(lambda screen: "Clip kept" in screen)
    window.press("Escape")
    window.until(lambda screen: "Enter read" in screen and "Results 1/" in screen)

    window.press("f")
    window.until(lambda screen: re.search(r"\[ \] Outlet \d +\d", screen))
    window.press("Enter")
    narrowed = window.until(lambda screen: re.search(r'outlet:="?Outlet \d"? ×', screen))
    outlet = re.search(r"Outlet \d", narrowed[narrowed.index("outlet:=") :])
    assert outlet is not None
    window.press("Escape")
    window.until(lambda screen: "Narrow" not in screen)  # a letter at once would be read as one with Alt
    window.press("S")
    window.until(lambda screen: "Question saved" in screen)

    window.press("j")
    window.until(lambda screen: re.search(r"Results 2/", screen))
    window.press("C-q")
    window.until(lambda screen: "status 0" in screen)

    window.begin()  # in the same window: a server that is being killed takes no new session
    again = window.until(lambda screen: re.search(r"Results 2/", screen) and "searching" not in screen)
    assert "harbour council" in again
    assert outlet[0] in again
    with Archive.open(window.place / "archive") as archive:
        (clip,) = archive.notebook.clips()
        (saved,) = archive.notebook.saved()
    assert clip.question == "harbour council"
    assert outlet[0] in saved.question
    told = subprocess.run(
        [sys.executable, "-m", "tests.tui.slow", "0", "--archive", str(window.place / "archive"), "clips"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout  # fmt: skip
    assert " ".join((clip.text or "?").split())[:60] in " ".join(told.replace("│", " ").split())
