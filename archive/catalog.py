"""The catalog on disk: one SQLite file, the truth of an archive. The only module that speaks to SQLite.

WAL with ``synchronous=FULL``: a transaction that returned survives a power cut. One connection writes, under the
archive's lock; every thread reads through a connection of its own.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock, local
from typing import Any, Final
from urllib.parse import quote

from archive.errors import ArchiveError, Busy, Damaged, NewerArchive
from archive.migrations import MIGRATIONS, VERSION
from archive.rows import META, TABLES, Table, Value, damaged, sealed

_APPLICATION: Final = 0x4D4F5247
_BUSY_MS: Final = 10_000
Row = tuple[Any, ...]


class Catalog:
    """Rows of one archive's catalog.

    Raises:
        Damaged: the file is missing, cut short or not a catalog; raised by every method that meets damage.
        NewerArchive: a newer Morgue wrote it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = local()
        self._opened: list[sqlite3.Connection] = []
        self._guard = Lock()
        self._writer: sqlite3.Connection | None = None
        self._check_header()

    @classmethod
    def create(cls, path: Path) -> Catalog:
        """Make an empty catalog; does nothing to one that exists."""
        path.touch(mode=0o600)
        with _plainly(path), closing(_connect(path, "rwc")) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(f"PRAGMA application_id={_APPLICATION}")
            _migrate(connection)
        return cls(path)

    def rows(self, statement: str, values: tuple[Value, ...] = ()) -> list[Row]:
        """Read all rows of a statement."""
        with _plainly(self.path):
            return self._reader().execute(statement, values).fetchall()

    def row(self, statement: str, values: tuple[Value, ...] = ()) -> Row | None:
        """Read the first row of a statement, None without one."""
        with _plainly(self.path):
            found: Row | None = self._reader().execute(statement, values).fetchone()
            return found

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """Give a connection on which every read sees one state of the catalog."""
        with _plainly(self.path), closing(self._open()) as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM meta").fetchone()
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Write a unit of work; it is durable when the block ends, and undone when the block raises."""
        with _plainly(self.path):
            connection = self._writing()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @property
    def change(self) -> int:
        """Return the change number of the newest committed change of an article."""
        found = self.row("SELECT value FROM meta WHERE name = 'change'")
        return int(found[0]) if found else 0

    def meta(self, name: str) -> str | None:
        """Return a remembered value."""
        found = self.row("SELECT value FROM meta WHERE name = ?", (name,))
        return str(found[0]) if found else None

    def check(self) -> Iterator[str]:
        """Yield a sentence for everything in the file that is not as it was written."""
        try:
            with _plainly(self.path), closing(self._open()) as connection:
                for (found,) in connection.execute("PRAGMA integrity_check"):
                    if found != "ok":
                        yield f"SQLite finds: {found}."
                for table in TABLES:
                    yield from damaged(connection.execute(table.everything), table)
        except ArchiveError as error:
            yield error.message

    def backup(self, target: Path) -> None:
        """Write a consistent copy of the catalog to a new file."""
        with _plainly(self.path), closing(self._open()) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)

    def close(self) -> None:
        """Close every connection."""
        with self._guard:
            for connection in (*self._opened, *([self._writer] if self._writer else [])):
                connection.close()
            self._opened.clear()
            self._writer = None
            self._local = local()

    def _reader(self) -> sqlite3.Connection:
        held: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if held is None:
            held = self._open()
            self._local.connection = held
            with self._guard:
                self._opened.append(held)
        return held

    def _writing(self) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = _connect(self.path, "rw")
            self._writer.execute("PRAGMA synchronous=FULL")
            if self._version(self._writer) < VERSION:
                self.backup(self.path.with_name(f"catalog-before-{VERSION}.sqlite"))
                _migrate(self._writer)
        return self._writer

    def _open(self) -> sqlite3.Connection:
        folder = self.path.parent
        if os.access(folder, os.W_OK) or self.path.with_name(self.path.name + "-wal").exists():
            return _connect(self.path, "rw" if os.access(self.path, os.W_OK) else "ro")
        return _connect(self.path, "ro", immutable=True)

    def _check_header(self) -> None:
        if not self.path.is_file():
            raise Damaged(
                f"The catalog {self.path} is missing; without it nothing can be shown.",
                run="morgue add the sources again into a new archive, or put a copy of catalog.sqlite back",
            )
        with _plainly(self.path), closing(self._open()) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            version = self._version(connection)
            connection.execute("SELECT name, value FROM meta LIMIT 1").fetchone() if version else None
        if application != _APPLICATION or version == 0:
            raise Damaged(f"{self.path} is not a catalog of Morgue.", run=_PUT_BACK)
        if version > VERSION:
            raise NewerArchive(f"{self.path} was written by a newer Morgue.", run="pip install --upgrade morgue")

    @staticmethod
    def _version(connection: sqlite3.Connection) -> int:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        return int(version)


class Transaction:
    """What can be written in one unit of work."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, table: Table, *values: Value) -> None:
        """Write a whole row, replacing one with the same key."""
        self._connection.execute(table.put, sealed(values))

    def row(self, statement: str, values: tuple[Value, ...] = ()) -> Row | None:
        """Read one row as this transaction sees it."""
        found: Row | None = self._connection.execute(statement, values).fetchone()
        return found

    def rows(self, statement: str, values: tuple[Value, ...] = ()) -> list[Row]:
        """Read rows as this transaction sees them."""
        return self._connection.execute(statement, values).fetchall()

    def delete(self, statement: str, values: tuple[Value, ...] = ()) -> None:
        """Run a DELETE."""
        self._connection.execute(statement, values)

    def next_change(self) -> int:
        """Raise the change number and return it."""
        found = self.row("SELECT value FROM meta WHERE name = 'change'")
        change = (int(found[0]) if found else 0) + 1
        self.put(META, "change", str(change))
        return change


_PUT_BACK: Final = "put a copy of catalog.sqlite back, or add the sources again into a new archive"


def _connect(path: Path, mode: str, *, immutable: bool = False) -> sqlite3.Connection:
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}" + ("&immutable=1" if immutable else "")
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=_BUSY_MS / 1000, cached_statements=256
    )
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    (have,) = connection.execute("PRAGMA user_version").fetchone()
    for number, migration in enumerate(MIGRATIONS[have:], have + 1):
        connection.execute("BEGIN IMMEDIATE")
        migration(connection)
        connection.execute(f"PRAGMA user_version={number}")
        connection.execute("COMMIT")


@contextmanager
def _plainly(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        said = str(error)
        if "locked" in said or "busy" in said:
            raise Busy(f"Another program holds {path}.", run="the same again later") from error
        if "full" in said or "readonly" in said or "unable to open" in said:
            raise ArchiveError(f"{path} cannot be written or opened: {said}.") from error
        raise Damaged(f"{path} is damaged: {said}.", run=_PUT_BACK) from error
    except sqlite3.DatabaseError as error:
        raise Damaged(f"{path} is damaged: {error}.", run=_PUT_BACK) from error
