"""The catalog on disk: one SQLite file, the truth of an archive. The only module that speaks to SQLite.

WAL with ``synchronous=FULL``: a transaction that returned survives a power cut. One connection writes, under the
archive's lock; every thread reads through a connection of its own.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Lock, local
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote
from weakref import WeakSet

from archive.catalog.integrity import holds, integrity, rows_of, strays
from archive.catalog.migrations import MIGRATIONS
from archive.catalog.schema import META, TABLES, Table, Value, sealed
from archive.core.errors import Action, ArchiveError, Busy, Damaged, NewerArchive, Remedy
from archive.folder.files import make_private_dir, point, replace, sync_file
from archive.folder.layout import Layout

APPLICATION: Final = 0x4D4F5247
_BUSY_MS: Final = 10_000
# What the disk or the system refused; the file itself may be whole.
_OUTSIDE: Final = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
)
_PUT_BACK: Final = "Put a copy of it back, or let what is sound of it be saved."
Row = tuple[Any, ...]


class Catalog:
    """Rows of one archive's catalog.

    Args:
        path: of the file.
        durable: whether what was written survives a power cut; off for copies that are thrown away.

    Raises:
        Damaged: the file is missing, cut short or not a catalog; raised by every method that meets damage.
        NewerArchive: a newer Morgue wrote it.
    """

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self.path = path
        self._durable = durable
        self._local = local()
        # Weak, so that the connection of a thread goes with its thread.
        self._opened: WeakSet[sqlite3.Connection] = WeakSet()
        self._guard = Lock()
        self._writer: sqlite3.Connection | None = None
        self._check_header()

    @classmethod
    def create(cls, path: Path) -> Catalog:
        """Make an empty catalog; does nothing to one that exists. The caller holds the archive's lock."""
        path.touch(mode=0o600)
        with plainly(path), closing(connect(path, "rwc")) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA application_id={APPLICATION}")
            migrate(connection)
        return cls(path)

    @staticmethod
    def is_blank(path: Path) -> bool:
        """Tell whether there is no catalog, or one that was made and never written to."""
        if not path.exists() or path.stat().st_size == 0:
            return True
        try:
            with Catalog(path) as held:
                return held.row("SELECT 1 FROM sources") is None
        except ArchiveError:
            return False

    def rows(self, statement: str, values: tuple[Value, ...] = ()) -> list[Row]:
        """Read all rows of a statement."""
        with plainly(self.path), suppress(UnicodeEncodeError):  # no row holds a lone surrogate
            return self._reader().execute(statement, values).fetchall()
        return []

    def row(self, statement: str, values: tuple[Value, ...] = ()) -> Row | None:
        """Read the first row of a statement, None without one."""
        with plainly(self.path), suppress(UnicodeEncodeError):
            found: Row | None = self._reader().execute(statement, values).fetchone()
            return found
        return None

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Give a connection on which every read sees one state of the catalog."""
        with plainly(self.path), closing(self._open()) as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM meta").fetchone()
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Write a unit of work; it is durable when the block ends, and undone when the block raises."""
        with plainly(self.path):
            connection = self._writing()
            with undone_unless_whole(connection):
                yield Transaction(connection)

    @property
    def change(self) -> int:
        """Return the change number of the newest committed change of an article."""
        with plainly(self.path):
            return number(self.meta("change"))

    def meta(self, name: str) -> str | None:
        """Return a remembered value."""
        found = self.row("SELECT value FROM meta WHERE name = ?", (name,))
        return str(found[0]) if found else None

    def check(self) -> Iterator[str]:
        """Yield a sentence for everything in the file that is not as it was written."""
        with self.snapshot() as connection:
            looks: list[Callable[[sqlite3.Connection], Iterator[str]]] = [integrity, strays]
            looks += [partial(rows_of, table=table) for table in TABLES if holds(connection, table)]
            for look in looks:
                try:
                    with plainly(self.path):
                        yield from look(connection)
                except ArchiveError as error:
                    yield error.message

    def scrub(self) -> None:
        """Write the file anew and empty its log, so that nothing of deleted rows is left in either.

        Raises:
            Busy: another process is reading, which keeps the log as it is.
        """
        point("scrub", self.path)
        with plainly(self.path):
            connection = self._writing()
            connection.execute("VACUUM")
            (held, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if held:
            what = f"Another process reads {self.path}, whose log still holds what was purged."
            raise Busy(f"{what} Close it, then finish.", remedy=Remedy(Action.UPDATE))

    def backup(self, target: Path) -> None:
        """Write a consistent copy of the catalog to a new file, which appears whole or not at all."""
        part = target.with_name(f".{target.name}.part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        with plainly(self.path), closing(self._open()) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        sync_file(part)
        replace(part, target)

    def close(self) -> None:
        """Close every connection."""
        with self._guard:
            for connection in (*tuple(self._opened), *([self._writer] if self._writer else [])):
                connection.close()
            self._opened.clear()
            self._writer = None
            self._local = local()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _reader(self) -> sqlite3.Connection:
        held: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if held is None:
            held = self._open()
            self._local.connection = held
            with self._guard:
                self._opened.add(held)
        return held

    def _writing(self) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = self._brought_up()
        return self._writer

    def _brought_up(self) -> sqlite3.Connection:
        connection = connect(self.path, "rw")
        try:
            connection.execute(f"PRAGMA synchronous={'FULL' if self._durable else 'OFF'}")
            connection.execute("PRAGMA secure_delete=ON")
            have = _version(connection)
            if have < len(MIGRATIONS):
                self.backup(make_private_dir(Layout(self.path.parent).backups) / f"catalog-version-{have}.sqlite")
                migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open(self) -> sqlite3.Connection:
        if os.access(self.path.parent, os.W_OK):
            return connect(self.path, "rw" if os.access(self.path, os.W_OK) else "ro")
        # Where SQLite cannot make its -shm file, a catalog without a log can still be read as it lies.
        log = self.path.with_name(self.path.name + "-wal")
        return connect(self.path, "ro", immutable=not log.exists() or log.stat().st_size == 0)

    def _check_header(self) -> None:
        if not self.path.is_file():
            raise Damaged(f"The catalog {self.path} is missing. {_PUT_BACK}", remedy=Remedy(Action.REPAIR))
        with plainly(self.path), closing(self._open()) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            version = _version(connection)
            if application == APPLICATION and version > len(MIGRATIONS):
                raise NewerArchive(f"{self.path} was written by a newer Morgue.", remedy=Remedy(Action.UPGRADE))
            if application != APPLICATION or version == 0:
                raise Damaged(f"{self.path} is not a catalog of Morgue. {_PUT_BACK}", remedy=Remedy(Action.REPAIR))
            connection.execute("SELECT name, value FROM meta LIMIT 1").fetchone()


class _Connection(sqlite3.Connection):
    """A connection that can be referred to weakly."""


class Transaction:
    """What can be written in one unit of work."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, table: Table, *values: Value) -> None:
        """Write a whole row, replacing one with the same key."""
        self._connection.execute(table.put, sealed(values))

    def row(self, statement: str, values: tuple[Value, ...] = ()) -> Row | None:
        """Read one row as this transaction sees it."""
        with suppress(UnicodeEncodeError):  # no row holds a lone surrogate
            found: Row | None = self._connection.execute(statement, values).fetchone()
            return found
        return None

    def rows(self, statement: str, values: tuple[Value, ...] = ()) -> list[Row]:
        """Read rows as this transaction sees them."""
        return self._connection.execute(statement, values).fetchall()

    def delete(self, statement: str, values: tuple[Value, ...] = ()) -> None:
        """Run a DELETE."""
        self._connection.execute(statement, values)

    def next_change(self) -> int:
        """Raise the change number and return it."""
        found = self.row("SELECT value FROM meta WHERE name = 'change'")
        change = number(found[0] if found else None) + 1
        self.put(META, "change", str(change))
        return change


def number(value: str | None) -> int:
    """Return the number a meta row holds; 0 where there is no row.

    Raises:
        Damaged: it holds something else.
    """
    try:
        return int(value or 0)
    except (ValueError, TypeError) as error:
        what = f"The catalog counts its changes with {value!r}. {_PUT_BACK}"
        raise Damaged(what, remedy=Remedy(Action.REPAIR)) from error


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def connect(path: Path, mode: str, *, immutable: bool = False) -> sqlite3.Connection:
    """Open a file of SQLite as one that may come from somebody else."""
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}" + ("&immutable=1" if immutable else "")
    connection = sqlite3.connect(
        uri,
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_MS / 1000,
        cached_statements=256,
        factory=_Connection,
    )
    # The file may come from somebody else: nothing in its schema may run, and every page is looked at before use.
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    return connection


def migrate(connection: sqlite3.Connection) -> None:
    """Run the migrations a catalog lacks, each in one transaction with its own record."""
    for version, migration in enumerate(MIGRATIONS, 1):
        with undone_unless_whole(connection):
            if _version(connection) < version:
                migration(connection)
                connection.execute(f"PRAGMA user_version={version}")


@contextmanager
def undone_unless_whole(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all of a block, or nothing of it when it raises."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
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
        raise Damaged(f"{path} is damaged: {error}. {_PUT_BACK}", remedy=Remedy(Action.REPAIR)) from error
