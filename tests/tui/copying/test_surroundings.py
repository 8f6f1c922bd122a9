from __future__ import annotations

import pytest

from tui.copying.surroundings import Surroundings

SSH = {"SSH_CONNECTION": "10.0.0.2 50000 10.0.0.1 22"}


@pytest.mark.parametrize(
    ("environment", "platform", "programs"),
    [
        ({}, "linux", []),
        ({}, "darwin", ["pbcopy"]),
        (SSH, "darwin", []),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", ["wl-copy"]),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "linux", ["wl-copy", "xclip", "xsel"]),
        ({"DISPLAY": ":0"}, "linux", ["xclip", "xsel"]),
        ({"DISPLAY": ":0", **SSH}, "linux", []),
        ({"DISPLAY": "localhost:10.0", **SSH}, "linux", ["xclip", "xsel"]),
        ({"WSL_DISTRO_NAME": "Debian"}, "linux", ["clip.exe"]),
        ({}, "win32", ["clip.exe"]),
    ],
)
def test_only_programs_that_lead_to_the_persons_own_clipboard_are_asked(
    environment: dict[str, str], platform: str, programs: list[str]
) -> None:
    assert [program.name for program in Surroundings.of(environment, platform).programs] == programs


@pytest.mark.parametrize(
    ("term", "takes"), [("xterm-256color", True), ("tmux-256color", True), ("linux", False), ("dumb", False)]
)
def test_terminals_that_would_show_a_sequence_are_sent_none(term: str, takes: bool) -> None:
    assert Surroundings.of({"TERM": term}, "linux").takes_sequences is takes


@pytest.mark.parametrize(
    ("environment", "beyond"),
    [
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "tmux-256color", **SSH}, True),
        ({"TERM": "screen-256color", "STY": "1.pts"}, False),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, True),
    ],
)
def test_a_tmux_around_an_ssh_session_is_known_by_its_terminal(environment: dict[str, str], beyond: bool) -> None:
    assert Surroundings.of(environment, "linux").beyond_tmux is beyond
