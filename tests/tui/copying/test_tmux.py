"""Copying inside a real tmux that runs in another one, which stands for the terminal and shows what that was sent."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from tests.tui.running import wait
from tui.copying.clipboard import copy
from tui.copying.outcome import KNOWS_NO_CLIPBOARD, PASSES_ON, SHARES_NOTHING, Reached
from tui.copying.surroundings import Surroundings

TEXT = "“Prompt and full” sanctions, 制裁"
pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


@dataclass(frozen=True, slots=True)
class Tmux:
    """A server of its own."""

    name: str
    folder: Path

    def __call__(self, *arguments: str) -> str:
        command = ["tmux", "-L", self.name, "-f", "/dev/null", *arguments]
        done = subprocess.run(command, capture_output=True, check=False, env=self.environment)
        return done.stdout.decode()

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in {"TMUX", "TMUX_PANE"}}
        return {**kept, "TERM": "xterm-256color", "TMUX_TMPDIR": str(self.folder), "LC_ALL": "C.UTF-8"}

    @property
    def buffer(self) -> str:
        return self("show-buffer")

    def become(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let this process be a program in the server's only pane."""
        monkeypatch.setenv("TMUX_TMPDIR", str(self.folder))
        monkeypatch.setenv("TMUX", self("display-message", "-p", "#{socket_path},#{pid},0").strip())
        monkeypatch.setenv("TMUX_PANE", self("display-message", "-p", "#{pane_id}").strip())


Nest = Callable[[], tuple[Tmux, Tmux]]


@pytest.fixture
def nest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nest]:
    """Start a tmux in a tmux, as whose program this test then runs; give the outer and the inner one."""
    servers = [Tmux(f"{side}-{uuid4().hex[:8]}", tmp_path) for side in ("outer", "inner")]
    outer, inner = servers

    def nest() -> tuple[Tmux, Tmux]:
        attach = f"env -u TMUX TERM=xterm-256color tmux -L {inner.name} -f /dev/null new-session 'sleep 600'"
        outer("new-session", "-d", "-x", "100", "-y", "30", attach)
        outer("set", "-g", "set-clipboard", "on")
        wait(lambda: inner("list-clients"))
        inner.become(monkeypatch)
        return outer, inner

    yield nest
    for server in servers:
        server("kill-server")


@pytest.mark.parametrize("setting", ["external", "on"])
def test_the_text_is_in_tmux_and_is_handed_to_the_terminal(nest: Nest, setting: str) -> None:
    outer, inner = nest()
    inner("set", "-g", "set-clipboard", setting)
    outcome = copy(TEXT, Surroundings.of(os.environ, "linux"))
    assert outcome.reached is Reached.TMUX
    assert inner.buffer == TEXT
    wait(lambda: outer.buffer == TEXT)
    assert outcome.words("33 characters").endswith(PASSES_ON)


def test_where_the_person_switched_it_off_the_terminal_is_left_alone_and_that_is_told(nest: Nest) -> None:
    outer, inner = nest()
    inner("set", "-g", "set-clipboard", "off")
    outcome = copy(TEXT, Surroundings.of(os.environ, "linux"))
    assert inner.buffer == TEXT
    assert outcome.note == SHARES_NOTHING
    inner("set", "-g", "set-clipboard", "on")
    copy("another", Surroundings.of(os.environ, "linux"))
    wait(lambda: outer.buffer == "another")
    assert TEXT not in outer("list-buffers", "-F", "#{buffer_sample}"), "it came before, and never arrived"


def test_a_terminal_that_tmux_knows_no_clipboard_of_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server, (terminal, side) = Tmux(f"bare-{uuid4().hex[:8]}", tmp_path), pty.openpty()
    attached = subprocess.Popen(
        ["tmux", "-L", server.name, "-f", "/dev/null", "new-session", "sleep 600"],
        env={**server.environment, "TERM": "vt100"},
        stdin=side,
        stdout=side,
        stderr=side,
        start_new_session=True,
    )
    try:
        wait(lambda: server("list-clients"))
        server.become(monkeypatch)
        outcome = copy(TEXT, Surroundings.of(os.environ, "linux"))
        assert server.buffer == TEXT
        assert outcome.note == KNOWS_NO_CLIPBOARD
    finally:
        server("kill-server")
        attached.wait(30)
        os.close(side)
        os.close(terminal)


def test_a_server_that_has_ended_is_not_believed(nest: Nest) -> None:
    _, inner = nest()
    inner("kill-server")
    assert copy(TEXT, Surroundings.of(os.environ, "linux")).reached is not Reached.TMUX
