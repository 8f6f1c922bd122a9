"""Everything Morgue refuses to do, as one small family of errors.

Each message says what was found and where; ``run`` names the command that mends it, ``code`` is the stable
word that scripts see, ``exit_status`` is what the ``morgue`` command exits with.
"""

from __future__ import annotations


class ArchiveError(Exception):
    """Something is wrong that the user can act on."""

    code = "error"
    exit_status = 2

    def __init__(self, message: str, *, run: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.run = run


class NotAnArchive(ArchiveError):
    """The folder is not a Morgue archive."""

    code = "not-an-archive"


class UsageError(ArchiveError):
    """The request cannot be carried out as it was put."""

    code = "usage"


class UnknownId(ArchiveError):
    """No article, passage or source has this identifier."""

    code = "unknown-id"


class NewerArchive(ArchiveError):
    """The archive was written by a newer Morgue."""

    code = "newer-archive"


class Busy(ArchiveError):
    """Another process is writing to the archive."""

    code = "busy"
    exit_status = 4


class Damaged(ArchiveError):
    """Something stored does not hold what it should."""

    code = "damaged"
    exit_status = 5


class NoIndex(ArchiveError):
    """The archive holds articles but no index has been built."""

    code = "no-index"
