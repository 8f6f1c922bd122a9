"""Waiting for a process that reads: time that counts only while this process itself may run."""

from __future__ import annotations

import threading
from typing import Final

# A piece of the time that a task may take; chosen: short beside it, and long beside what waking up costs.
_PIECE_SECONDS: Final = 1.0


class Patience(threading.Timer):
    """A timer that counts in pieces: one in which all of this was stopped (Ctrl-Z) is no longer than others."""

    def run(self) -> None:
        """Wait, and call what is to be called unless that was cancelled."""
        left = self.interval
        while left > 0:
            if self.finished.wait(min(left, _PIECE_SECONDS)):
                return
            left -= _PIECE_SECONDS
        self.function(*self.args, **self.kwargs)
