"""The command as a child that ends when whoever began it is gone: standard input is a pipe that is held open for it.

``python -m tui.writing.tether ARGUMENT...`` is ``morgue ARGUMENT...`` in all else. A signal may be lost, and a program
that is killed sends none; the end of a pipe is told by the system in any case, on Linux and macOS alike.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from runpy import run_module
from time import sleep
from typing import Final

# Each with seconds to end in before the next: after the batch in hand, at once. As for whoever leaves; chosen.
_WAYS: Final = ((signal.SIGINT, 5.0), (signal.SIGTERM, 3.0))


def main() -> None:
    """Run the command with the arguments of the process and exit; end it when its standard input ends."""
    tie()
    run_module("tui", run_name="__main__", alter_sys=True)


def tie() -> None:
    """End this process when standard input, which nobody reads from then on, ends."""
    held = os.dup(0)  # not inherited by workers
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=_end_with, args=(held,), daemon=True).start()


def _end_with(held: int) -> None:
    """End this process, and what works for it, as soon as a pipe ends."""
    with suppress(OSError):
        while os.read(held, 1):
            pass
    for number, seconds in _WAYS:
        os.kill(os.getpid(), number)
        sleep(seconds)
    if os.getpgrp() == os.getpid():  # else there are others in the group
        os.killpg(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
