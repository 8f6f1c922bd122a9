"""What the command exits with; scripts rely on these numbers."""

from __future__ import annotations

from typing import Final

from archive.core.errors import ArchiveError, Busy, Damaged

DONE: Final = 0  # also when degraded: the report says so
NOTHING_FOUND: Final = 1
WRONG_USAGE: Final = 2  # click's own number for it
NEW_REFUSALS: Final = 3
BUSY: Final = 4
DAMAGED: Final = 5
INTERNAL: Final = 70  # EX_SOFTWARE of sysexits.h; also for what the system refused
INTERRUPTED: Final = 130  # as shells count a process that SIGINT ended
TERMINATED: Final = 143  # likewise for SIGTERM


def exit_code(error: ArchiveError) -> int:
    """Return what the command exits with after an error."""
    if isinstance(error, Busy):
        return BUSY
    return DAMAGED if isinstance(error, Damaged) else WRONG_USAGE
