"""The ways to a clipboard, with stand-ins for the desktop's programs: they read what a real one reads, and keep it."""

from __future__ import annotations

import os
import stat
from base64 import b64encode
from pathlib import Path

import pytest

from tui.copying import clipboard
from tui.copying.clipboard import copy
from tui.copying.outcome import Reached
from tui.copying.surroundings import Surroundings

TEXT = "“Prompt and full” sanctions, 制裁 — Grüße"
X11 = Surroundings(term="xterm", display=":0")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it but what a test puts there."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))
    return tmp_path


def program(folder: Path, name: str, body: str) -> None:
    """Put a script on the PATH; what it does is told in ``body``."""
    path = folder / "bin" / name
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o755)


def storing(folder: Path, name: str, after: str = "exit 0") -> Path:
    """Put a program there that keeps what it reads, and its arguments."""
    kept = folder / f"{name}.kept"
    program(folder, name, f'/bin/cat > "{kept}"; echo "$@" > "{kept}.arguments"; {after}')
    return kept


def test_a_program_that_ended_well_has_taken_the_text(folder: Path) -> None:
    kept = storing(folder, "wl-copy")
    outcome = copy(TEXT, Surroundings(term="xterm", wayland=True))
    assert kept.read_text("utf-8") == TEXT
    assert Path(f"{kept}.arguments").read_text("utf-8").strip() == "--type text/plain"
    assert outcome.words("39 characters") == "Copied 39 characters (wl-copy)."
    assert (outcome.sequence, outcome.file) == ("", None), "nothing else is needed"


def test_a_program_that_stays_to_serve_the_clipboard_does_not_hold_morgue_up(folder: Path) -> None:
    kept = storing(folder, "xclip", after="/bin/sleep 30 & exit 0")
    assert copy(TEXT, X11).reached is Reached.PROGRAM
    assert kept.read_text("utf-8") == TEXT


@pytest.mark.parametrize("body", ["exit 1", "exec /bin/sleep 30", "kill -9 $$"])
def test_where_one_program_fails_or_hangs_the_next_is_asked(
    folder: Path, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "SECONDS", 0.5)
    program(folder, "xclip", body)
    kept = storing(folder, "xsel")
    outcome = copy("a" * 1_000_000, X11)
    assert (outcome.reached, outcome.program) == (Reached.PROGRAM, "xsel")
    assert kept.stat().st_size == 1_000_000


def test_windows_programs_are_told_their_encoding(folder: Path) -> None:
    kept = storing(folder, "clip.exe")
    assert copy(TEXT, Surroundings(in_windows=True)).program == "clip.exe"
    assert kept.read_bytes().decode("utf-16") == TEXT


def test_a_terminal_is_sent_the_text_and_nothing_more_is_claimed(folder: Path) -> None:
    outcome = copy(TEXT, X11)
    assert outcome.sequence == f"\x1b]52;c;{b64encode(TEXT.encode()).decode()}\x07"
    assert outcome.file == folder / "state" / "copied.txt"
    said = outcome.words("39 characters")
    assert said.startswith("Sent 39 characters to the terminal; whether it took it is not known.")
    assert str(outcome.file) in said
    assert "Copied" not in said


def test_what_is_kept_in_the_file_is_the_last_text_for_its_owner_alone(folder: Path) -> None:
    copy("an older one, longer than the newer", X11)
    file = copy(TEXT, X11).file
    assert file is not None
    assert file.read_text("utf-8") == TEXT
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["copied.txt"]


@pytest.mark.parametrize("surroundings", [Surroundings(term="linux"), Surroundings(term="dumb")])
def test_without_any_clipboard_the_file_is_named(surroundings: Surroundings) -> None:
    outcome = copy(TEXT, surroundings)
    assert outcome.sequence == ""
    assert (
        outcome.words("the address")
        == f"No clipboard was found for the address.\nUntil Morgue ends it is in {outcome.file}"
    )


def test_a_text_that_terminals_drop_is_not_sent() -> None:
    outcome = copy("ä" * 40_000, X11)
    assert (outcome.sequence, outcome.reached) == ("", Reached.NOWHERE)


def test_a_folder_that_cannot_be_written_to_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "occupied").write_text("a file", "utf-8")
    monkeypatch.setenv("MORGUE_STATE", str(folder / "occupied"))
    assert "could not be kept" in copy(TEXT, Surroundings(term="linux")).words("it")


def test_nothing_is_left_of_a_text_that_could_not_be_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*paths: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert copy(TEXT, Surroundings(term="linux")).file is None
    assert [*(folder / "state").iterdir()] == []


def test_screen_is_sent_what_it_hands_on() -> None:
    sequence = copy("a" * 600, Surroundings(term="screen", in_screen=True)).sequence
    assert sequence.startswith("\x1bP\x1b]52;c;")
    assert sequence.endswith("\x07\x1b\\")


def test_a_tmux_that_cannot_be_asked_gets_the_sequence_and_what_to_set_is_told() -> None:
    outcome = copy(TEXT, Surroundings(term="tmux-256color", in_tmux=True))
    assert outcome.reached is Reached.SENT
    assert "only with:  tmux set -g set-clipboard on" in outcome.words("it")


def test_an_old_tmux_that_hands_nothing_on_is_told(folder: Path) -> None:
    kept = folder / "buffer"
    body = f'case "$*" in *-w*) exit 1;; load-buffer*) /bin/cat > "{kept}";; show-options*) echo external;; esac'
    program(folder, "tmux", body)
    outcome = copy(TEXT, Surroundings(in_tmux=True))
    assert kept.read_text("utf-8") == TEXT
    assert "from version 3.2 on" in outcome.words("it")
