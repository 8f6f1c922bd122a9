"""Going the ways to a clipboard, in their order, until one is known to have been taken; nothing is run by a shell."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from archive.folder.user_folder import state_folder
from tui.copying import outcome, sequences
from tui.copying.outcome import Outcome, Reached
from tui.copying.surroundings import Surroundings

# A program that has not taken a text by then is stuck, such as one that waits for an X server that is gone. Chosen.
SECONDS: Final = 2.0
FILE: Final = "copied.txt"
_KNOWS_CLIPBOARD: Final = re.compile(r"^\s*\d+: Ms: \(string\)", re.MULTILINE)


def copy(text: str, surroundings: Surroundings) -> Outcome:
    """Bring a text to a clipboard; may take seconds, so it is called in a thread.

    Returns:
        What is known. What the terminal is still to be sent, the caller sends: only one may write there.
    """
    for program in surroundings.programs:
        if _took(program.name, *program.arguments, content=text.encode(program.encoding)):
            return Outcome(Reached.PROGRAM, program.name)
    if surroundings.in_tmux and (taken := _by_tmux(text)) is not None:
        return taken
    file = _kept(text)
    if not surroundings.takes_sequences or len(text.encode()) > sequences.MOST_SENT:
        return Outcome(Reached.NOWHERE, file=file)
    sequence = sequences.for_terminal(text)
    if surroundings.in_screen and not surroundings.in_tmux:
        sequence = sequences.through_screen(sequence)
    return Outcome(Reached.SENT, "", sequence, file, outcome.TAKES_NOTHING if surroundings.beyond_tmux else "")


def _by_tmux(text: str) -> Outcome | None:
    """Put a text into tmux's buffer, and into the terminal's clipboard as far as the person lets tmux do so.

    ``load-buffer -w`` hands it to the terminal whatever ``set-clipboard`` says, which only governs what programs send
    on their own; where it is off, the terminal's clipboard is left alone all the same.
    """
    shared = _told("tmux", "show-options", "-gv", "set-clipboard")
    if shared is None:
        return None
    shares = shared.strip() != "off"
    if shares and _took("tmux", "load-buffer", "-w", "-", content=text.encode()):
        knows = _KNOWS_CLIPBOARD.search(_told("tmux", "info") or "") is not None
        return Outcome(Reached.TMUX, "tmux", note=outcome.PASSES_ON if knows else outcome.KNOWS_NO_CLIPBOARD)
    if _took("tmux", "load-buffer", "-", content=text.encode()):
        return Outcome(Reached.TMUX, "tmux", note=outcome.TOO_OLD if shares else outcome.SHARES_NOTHING)
    return None


def _took(name: str, *arguments: str, content: bytes) -> bool:
    """Tell whether a program read all of it and ended well.

    Its output goes nowhere: programs that stay to serve the clipboard would hold a pipe open. They outlive Morgue.
    """
    path = shutil.which(name)
    if path is None:
        return False
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            [path, *arguments],
            input=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            start_new_session=True,
            check=False,
        )
        return done.returncode == 0
    return False


def _told(name: str, *arguments: str) -> str | None:
    """Return what a program says, None where it fails."""
    path = shutil.which(name)
    if path is None:
        return None
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run([path, *arguments], capture_output=True, timeout=SECONDS, check=False)
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
    return None


def forget(file: Path) -> None:
    """Remove the file that a text was kept in, as far as that can be done: it would outlive what is purged."""
    with suppress(OSError):
        file.unlink(missing_ok=True)


def _kept(text: str) -> Path | None:
    """Keep a text in a file of the user's own, in place of the last one; None where that cannot be done."""
    with suppress(OSError):
        folder = state_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=folder, prefix=FILE, delete=False) as file:
            try:
                file.write(text)
                file.flush()
                os.replace(file.name, folder / FILE)  # noqa: PTH105 - both are paths already
            except BaseException:
                forget(Path(file.name))
                raise
        return folder / FILE
    return None
