"""The catalog on disk: one SQLite file, the truth of an archive.

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
from threading import local
from types import TracebackType
from typing import Final, Self
from weakref import WeakSet

from archive.catalog.connection import (
    APPLICATION,
    PUT_BACK,
    Connection,
    Found,
    closed,
    connect,
    migrate,
    newest_version,
    plainly,
    schema_version,
    undone_unless_whole,
    unread_is_damage,
)
from archive.catalog.integrity import has_table, integrity, rows_of, strays
from archive.catalog.schema import TABLES, Value
from archive.catalog.tables.meta import ARCHIVE
from archive.catalog.transaction import Row, Transaction, number
from archive.core.errors import Action, ArchiveError, Busy, Damaged, NewerArchive, Remedy
from archive.core.forking import Lock, process
from archive.core.system_limits import is_unreadable
from archive.folder.files import make_private_dir, make_private_file, point, remove, replace, sync_file
from archive.folder.layout import Layout

# Bytes; with SQLite's own 4,096 more is unused behind texts: 149 MB of 100,000 passages in place of 141.
_PAGE: Final = 8_192


class Catalog:
    """Rows of one archive's catalog.

    Args:
        path: of the file.
        durable: whether what was written survives a power cut; off for copies that are thrown away.
        unread: take also one that the disk does not give back; only what is read of it fails then.

    Attributes:
        owner: identifier of the archive it belongs to; None where that was not written down.

    Raises:
        Damaged: the file is missing, cut short or not a catalog; raised by every method that meets damage.
        NewerArchive: a newer Morgue wrote it.
    """

    def __init__(self, path: Path, *, durable: bool = True, unread: bool = False) -> None:
        self.path = path
        self._durable = durable
        self._local = local()
        # Weak, so that the connection of a thread goes with its thread.
        self._opened: WeakSet[sqlite3.Connection] = WeakSet()
        self._guard = Lock()
        self._process = process()
        self._writer: sqlite3.Connection | None = None
        self.owner: str | None = None
        self._closed = False
        self._left: tuple[object, ...] = ()
        try:
            self._check_header()
        except OSError as error:
            if not (unread and is_unreadable(error, path)):
                raise

    @classmethod
    def create(cls, path: Path) -> Catalog:
        """Make an empty catalog; does nothing to one that exists. The caller holds the archive's lock."""
        make_private_file(path)
        with plainly(path), closing(connect(path, "rwc")) as connection:
            connection.execute(f"PRAGMA page_size={_PAGE}")  # one that holds something keeps its own
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
            with Catalog(path) as catalog:
                return catalog.row("SELECT 1 FROM sources") is None
        except ArchiveError:
            return False

    def rows(self, statement: str, values: tuple[Value, ...] = (), *, any_text: bool = False) -> list[Row]:
        """Read all rows of a statement; with ``any_text``, texts that damage made invalid too, in another form."""
        with plainly(self.path):
            return Transaction(self._reader()).rows(statement, values, any_text=any_text)

    def row(self, statement: str, values: tuple[Value, ...] = ()) -> Row | None:
        """Read the first row of a statement, None without one."""
        with plainly(self.path), suppress(UnicodeEncodeError):
            row: Row | None = self._reader().execute(statement, values).fetchone()
            return row
        return None

    @contextmanager
    def snapshot(self) -> Iterator[Transaction]:
        """Let every read of a block see one state of the catalog."""
        with self._one_state() as connection:
            yield Transaction(connection)

    def bring_up(self) -> None:
        """See to it that the catalog has the newest tables; a copy is made before any is added."""
        with plainly(self.path):
            self._writing()

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
        row = self.row("SELECT value FROM meta WHERE name = ?", (name,))
        return str(row[0]) if row else None

    def check(self) -> Iterator[str]:
        """Yield a sentence for everything in the file that is not as it was written, or that the disk does not give."""
        with unread_is_damage(self.path), self._one_state() as connection:
            looks: list[Callable[[sqlite3.Connection], Iterator[str]]] = [integrity, strays]
            looks += [partial(rows_of, table=table) for table in TABLES if has_table(connection, table)]
            for look in looks:
                try:
                    with unread_is_damage(self.path), plainly(self.path):
                        yield from look(connection)
                except ArchiveError as error:
                    yield error.message

    def require_intact(self) -> None:
        """Refuse a file in which SQLite finds something wrong; rows that are not as they were written are passed over.

        Raises:
            Damaged: with what it finds.
        """
        with unread_is_damage(self.path), self._one_state() as connection:
            for problem in integrity(connection):
                raise Damaged(f"{self.path} is damaged. {problem}", remedy=Remedy(Action.REPAIR))

    def scrub(self) -> None:
        """Write the file anew and empty its log, so that nothing of deleted rows is left in either.

        Raises:
            Busy: another process is reading, which keeps the log as it is.
        """
        point("scrub", self.path)
        with plainly(self.path):
            connection = self._writing()
            connection.execute("VACUUM")
            (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_busy:
            what = f"Another process is reading {self.path}, and its log still holds what was purged."
            raise Busy(f"{what} Close that process, then go on.", remedy=Remedy(Action.UPDATE))

    def backup(self, target: Path) -> None:
        """Write a consistent copy of the catalog to a new file, which appears whole or not at all."""
        part = target.with_name(f".{target.name}.part")
        remove(part)
        make_private_file(part)
        with plainly(self.path), closing(self._open()) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        sync_file(part)
        replace(part, target)

    def overwrite(self, copy: Path) -> None:
        """Hold what a copy holds, from one moment to the next; who reads goes on reading what was there.

        The caller holds the archive's lock. The copy is written anew where its pages are of another size: SQLite cannot
        give those to a file that others may be reading.

        Raises:
            Damaged: the file in place is none of SQLite's.
            Busy: another program reads it, where it is one that was put there by hand.
        """
        point("overwrite", self.path)
        with plainly(self.path), closing(connect(copy, "rw")) as source, closing(connect(self.path, "rw")) as target:
            ((wanted,), (there,)) = (one.execute("PRAGMA page_size").fetchone() for one in (target, source))
            if wanted != there:
                source.execute(f"PRAGMA page_size={wanted}")
                source.execute("VACUUM")
            target.execute(f"PRAGMA synchronous={'FULL' if self._durable else 'OFF'}")
            target.execute("PRAGMA journal_mode=WAL")  # in which readers are in nobody's way
            source.backup(target)
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def require_open(self) -> None:
        """Refuse to go on once it was closed.

        Raises:
            UsageError: it was.
        """
        if self._closed:
            raise closed(self.path)

    def close(self) -> None:
        """Close every connection; whatever is read or written after that raises a UsageError."""
        if self._process != process():
            self._belong_here()
        with self._guard:
            self._closed = True
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

    @contextmanager
    def _one_state(self) -> Iterator[sqlite3.Connection]:
        with plainly(self.path), closing(self._open()) as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM meta").fetchone()  # the state is that of the first read
            yield connection

    def _belong_here(self) -> None:
        """Let connections alone that were opened before this process was forked; SQLite may not use or close them."""
        with self._guard:
            if self._process != process():
                self._left = (*self._left, *self._opened, self._writer)
                self._opened, self._writer, self._local = WeakSet(), None, local()
                self._process = process()

    def _reader(self) -> sqlite3.Connection:
        if self._process != process():
            self._belong_here()
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is not None and connection.found is not None and connection.found != _as_it_lies(self.path):
            connection.close()
            connection = None
        if connection is None:
            connection = self._open()
            self._local.connection = connection
            with self._guard:
                self._opened.add(connection)
        return connection

    def _writing(self) -> sqlite3.Connection:
        if self._process != process():
            self._belong_here()
        if self._writer is None:
            self._writer = self._brought_up()
        return self._writer

    def _brought_up(self) -> sqlite3.Connection:
        self.require_open()
        connection = connect(self.path, "rw")
        try:
            connection.execute(f"PRAGMA synchronous={'FULL' if self._durable else 'OFF'}")
            connection.execute("PRAGMA secure_delete=ON")
            with suppress(sqlite3.OperationalError):  # somebody reads a copy that was put back by hand; another time
                connection.execute("PRAGMA journal_mode=WAL")
            have = schema_version(connection)
            if have < newest_version():
                self.backup(make_private_dir(Layout(self.path.parent).backups) / f"catalog-version-{have}.sqlite")
                migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open(self) -> Connection:
        """Open the file for reading; it may have become that of another archive since it was first looked at."""
        self.require_open()
        connection = self._connected()
        try:
            owner = _owner(connection)
            if self.owner not in (None, owner):
                whose = f"of the identifier {owner}" if owner else "which does not say which it is"
                raise ArchiveError(f"Another archive lies at {self.path.parent} now, {whose}.")
        except BaseException:
            connection.close()
            raise
        return connection

    def _connected(self) -> Connection:
        if os.access(self.path.parent, os.W_OK):
            return connect(self.path, "rw" if os.access(self.path, os.W_OK) else "ro")
        # Where SQLite cannot make its -shm file, it reads the log all the same, or the file as it lies without one. It
        # locks neither; whoever may write to them, beside a mount for reading, is noticed by what changes.
        found = _as_it_lies(self.path)
        has_log = found[1] is not None and found[1][1] > 0
        if has_log and self.path.with_name(f"{self.path.name}-shm").exists():
            return connect(self.path, "ro")
        connection = connect(self.path, "ro", immutable=not has_log, unshared=has_log)
        connection.found = found
        return connection

    def _check_header(self) -> None:
        if not self.path.is_file():
            raise Damaged(f"The catalog {self.path} is missing. {PUT_BACK}", remedy=Remedy(Action.REPAIR))
        with plainly(self.path), closing(self._connected()) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            version = schema_version(connection)
            if application == APPLICATION and version > newest_version():
                raise NewerArchive(f"{self.path} was written by a newer Morgue.", remedy=Remedy(Action.UPGRADE))
            if application != APPLICATION or version == 0:
                raise Damaged(f"{self.path} is not a catalog of Morgue. {PUT_BACK}", remedy=Remedy(Action.REPAIR))
            self.owner = _owner(connection)


def _as_it_lies(path: Path) -> Found:
    """Return the time (nanoseconds) and size (bytes) of a catalog's file and of its log, None for what is not there."""

    def found(file: Path) -> tuple[int, int] | None:
        try:
            status = file.stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_size

    return found(path), found(path.with_name(f"{path.name}-wal"))


def _owner(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (ARCHIVE,)).fetchone()
    return str(row[0]) if row else None
