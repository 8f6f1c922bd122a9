"""The copies of the catalog that lie in the archive folder: what is purged goes from them too."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.catalog.connection import APPLICATION, connect, migrate, plainly, undone_unless_whole
from archive.catalog.tables import versions
from archive.catalog.transaction import Transaction
from archive.core.errors import Action, ArchiveError, Damaged, Remedy
from archive.folder.files import point, remove
from archive.folder.layout import Layout

_BESIDE = ("-journal", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Copies:
    """What became of the copies of the catalog: rewritten without what was purged, or removed as unreadable.

    Attributes:
        strange: files among them that are no copy of a catalog, which nobody looked into.
    """

    rewritten: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    strange: tuple[Path, ...] = ()


def copies(layout: Layout) -> tuple[Path, ...]:
    """Return the copies of the catalog in the archive folder."""
    return tuple(sorted(path for path in layout.backups.glob("*.sqlite") if path.is_file()))


def strangers(layout: Layout) -> tuple[Path, ...]:
    """Return what else lies among the copies; whatever SQLite puts beside one belongs to it."""
    ours = {f"{path}{end}" for path in copies(layout) for end in ("", *_BESIDE)}
    return tuple(sorted(path for path in layout.backups.rglob("*") if path.is_file() and str(path) not in ours))


def drop_parts(layout: Layout) -> None:
    """Remove the copies that were never finished."""
    for part in layout.backups.glob(".*.part*"):
        remove(part)


def drop(copy: Path) -> None:
    """Remove a copy with whatever SQLite keeps beside it."""
    for path in (copy, *(Path(f"{copy}{end}") for end in _BESIDE)):
        remove(path)


@contextmanager
def rewriting(copy: Path) -> Iterator[Transaction]:
    """Change a copy of the catalog and write its file anew; it gets the newest schema.

    Raises:
        ArchiveError: it is none, or cannot be read or written.
    """
    point("rewrite", copy)
    with plainly(copy), closing(connect(copy, "rw")) as connection:
        _check(connection, copy)
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA secure_delete=ON")
        migrate(connection)
        with undone_unless_whole(connection):
            yield Transaction(connection)
        connection.execute("VACUUM")


@contextmanager
def reading(copy: Path) -> Iterator[Transaction]:
    """Read a copy of the catalog.

    Raises:
        ArchiveError: it is none, or cannot be read.
    """
    with plainly(copy), closing(connect(copy, "ro")) as connection:
        _check(connection, copy)
        yield Transaction(connection)


def readable(copy: Path) -> bool:
    """Tell whether a copy is one."""
    try:
        with reading(copy) as reader:
            versions.keys(reader)
    except ArchiveError:
        return False
    return True


def _check(connection: sqlite3.Connection, copy: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION:
        raise Damaged(f"{copy} is not a copy of the catalog.", remedy=Remedy(Action.UPDATE))
