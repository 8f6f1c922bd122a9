"""Connections to a file of SQLite that may come from somebody else: opening, bringing up, undoing, plain errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from archive.catalog.migrations import MIGRATIONS
from archive.core.errors import Action, ArchiveError, Busy, Damaged, Remedy
from archive.folder.files import point

# "MORG" in ASCII; SQLite keeps it in the header of the file. Never changes: archives are known by it.
APPLICATION: Final = 0x4D4F5247
# How long a connection waits for another program's transaction. Chosen, not measured: longer than any of ours takes.
BUSY_MS: Final = 10_000
# Statements that a connection keeps compiled. Chosen, not measured: more than there are different ones.
_STATEMENTS: Final = 256
# What the disk or the system refused; the file itself may be whole.
_OUTSIDE: Final = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
)
PUT_BACK: Final = "Put a copy of it back with `restore`, or let what is sound of it be saved."


class _Connection(sqlite3.Connection):
    """A connection that can be referred to weakly, and knows the file it was opened for."""

    path = Path()


def connect(path: Path, mode: str, *, immutable: bool = False, unshared: bool = False) -> sqlite3.Connection:
    """Open a file of SQLite as one that may come from somebody else.

    Args:
        path: of the file.
        mode: ``rwc``, ``rw`` or ``ro``.
        immutable: read it as it lies, without its log, and without locks.
        unshared: read it with its log, and without locks; only where nobody can be writing to either.
    """
    how = "&immutable=1" if immutable else "&vfs=unix-none" if unshared else ""
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}{how}"
    connection = sqlite3.connect(
        uri,
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_MS / 1000,
        cached_statements=_STATEMENTS,
        factory=_Connection,
    )
    connection.path = path
    # The file may come from somebody else: nothing in its schema may run, and every page is looked at before use.
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    if unshared:  # the index of the log is then kept in memory, so that no -shm file is needed
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    return connection


def schema_version(connection: sqlite3.Connection) -> int:
    """Return how many migrations a catalog has seen."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def newest_version() -> int:
    """Return how many migrations there are."""
    return len(MIGRATIONS)


def migrate(connection: sqlite3.Connection) -> None:
    """Run the migrations a catalog lacks, each in one transaction with its own record."""
    for version, migration in enumerate(MIGRATIONS, 1):
        with undone_unless_whole(connection):
            if schema_version(connection) < version:
                migration(connection)
                connection.execute(f"PRAGMA user_version={version}")


@contextmanager
def undone_unless_whole(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all of a block, or nothing of it when it raises."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        point("commit", connection.path if isinstance(connection, _Connection) else Path())
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise  # a mistake of ours, not of the file
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Busy(f"Another program holds {path}.", remedy=Remedy(Action.TRY_LATER)) from error
        if code in _OUTSIDE:
            raise ArchiveError(f"{path} cannot be read or written: {error}.") from error
        # SQLite's module quotes what it cannot decode: words that nobody may take for the article's
        what = "a row holds bytes that are no text" if str(error).startswith("Could not decode") else error
        raise Damaged(f"{path} is damaged: {what}. {PUT_BACK}", remedy=Remedy(Action.REPAIR)) from error
