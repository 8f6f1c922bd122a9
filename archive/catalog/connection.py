"""Connections to a file of SQLite that may come from somebody else: opening, bringing up, undoing, plain errors."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from errno import EACCES
from pathlib import Path
from typing import Final
from urllib.parse import quote

from archive.catalog.migrations import MIGRATIONS
from archive.core.errors import Action, Busy, Damaged, Remedy, UsageError
from archive.core.system_limits import in_words, is_unreadable, limit_of
from archive.folder.files import point

# "MORG" in ASCII; SQLite keeps it in the header of the file. Never changes: archives are known by it.
APPLICATION: Final = 0x4D4F5247
# How long a connection waits for another program's transaction. Chosen, not measured: longer than any of ours takes.
BUSY_MS: Final = 10_000
# Statements that a connection keeps compiled. Chosen, not measured: more than there are different ones.
_STATEMENTS: Final = 256
PUT_BACK: Final = "Put a copy of it back with `restore`, or let what is sound of it be saved."


Stamp = tuple[int, int] | None
Found = tuple[Stamp, Stamp]


class Connection(sqlite3.Connection):
    """A connection that can be referred to weakly, and knows the file it was opened for.

    Attributes:
        path: of the file.
        found: how the file and its log lay when it was opened to read both without locks; None with locks.
    """

    path = Path()
    found: Found | None = None


def connect(path: Path, mode: str, *, immutable: bool = False, unshared: bool = False) -> Connection:
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
        factory=Connection,
    )
    connection.path = path
    # The file may come from somebody else: nothing in its schema may run, and every page is looked at before use.
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    if unshared:  # the index of the log is then kept in memory, so that no -shm file is needed
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    return connection


def is_held(path: Path) -> bool:
    """Tell whether a program is in the middle of writing to a file of SQLite, so that others have to wait for it."""
    try:
        with closing(connect(path, "rw")) as connection:
            connection.execute("PRAGMA busy_timeout=0")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except (sqlite3.Error, UnicodeDecodeError) as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return False


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
        point("commit", connection.path if isinstance(connection, Connection) else Path())
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def closed(path: Path) -> UsageError:
    """Return the error of whoever goes on using a catalog, or the archive that has it, after it was closed."""
    return UsageError(f"The archive {path.parent} was closed; open it again.")


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, and those that say what the system refused into an OSError of the file."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError) as error:
        if "closed database" in str(error):  # by another thread
            raise closed(path) from error
        raise  # a mistake of ours, not of the file
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Busy(f"Another program holds {path}.", remedy=Remedy(Action.TRY_LATER)) from error
        if (limit := limit_of(error)) is not None:
            raise _refusal(path, error, limit) from error
        # SQLite's module quotes what it cannot decode: words that nobody may take for the article's
        what = "a row holds bytes that are no text" if str(error).startswith("Could not decode") else error
        raise Damaged(f"{path} is damaged: {what}. {PUT_BACK}", remedy=Remedy(Action.REPAIR)) from error
    except UnicodeDecodeError as error:  # what Python 3.11 to 3.13 makes of SQLite's words about a name that is no text
        what = "a name in its schema holds bytes that are no text"
        raise Damaged(f"{path} is damaged: {what}. {PUT_BACK}", remedy=Remedy(Action.REPAIR)) from error


@contextmanager
def unread_is_damage(path: Path) -> Iterator[None]:
    """Let what the disk does not give back of a catalog be damage of it, for whoever looks for that or replaces it.

    Raises:
        Damaged: it does not; whatever else the system refuses stays what it is.
    """
    try:
        yield
    except OSError as error:
        if not is_unreadable(error, path):
            raise
        what = f"The disk does not give back what lies there: {in_words(error)}. {PUT_BACK}"
        raise Damaged(what, remedy=Remedy(Action.REPAIR)) from None  # with its cause it would stand for a limit


def _refusal(path: Path, error: sqlite3.Error, limit: OSError | MemoryError) -> OSError | MemoryError:
    """Return what the system refused, with SQLite's words; it keeps to itself why a file could not be opened."""
    if not isinstance(limit, OSError):
        return limit
    why = _unopened(path) if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CANTOPEN else None
    number = limit.errno if why is None else why.errno
    assert number is not None, "a limit has its number"
    return OSError(number, f"{os.strerror(number)}; {error}", str(path))


def _unopened(path: Path) -> OSError | None:
    """Return what the system says to so many other files, and to the names of those that SQLite opens.

    None of SQLite's own is opened: whoever closes one gives up all locks that its process has on it.
    """
    with ExitStack() as opened:
        try:
            for end in ("", "-wal", "-shm", "-journal"):
                opened.enter_context(open(os.devnull, "rb"))  # noqa: PTH123
                beside = path.with_name(path.name + end)
                with suppress(FileNotFoundError):
                    beside.stat()
                    if not os.access(beside, os.R_OK):
                        return PermissionError(EACCES, os.strerror(EACCES), str(beside))
        except OSError as error:
            return error
    return None
