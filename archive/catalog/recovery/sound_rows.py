"""What a catalog still gives, whatever was damaged of it: the rows that hold what was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Final

from archive.catalog.connection import connect
from archive.catalog.integrity import any_bytes, has_table, is_sound
from archive.catalog.migrations import MIGRATIONS
from archive.catalog.rows import PurgedRow
from archive.catalog.schema import ARTICLES, FIRST_TABLES, META, PURGED, TableSchema, Value
from archive.catalog.tables import meta
from archive.core.system_limits import raise_exhaustion

StoredRow = tuple[Value, ...]
_CHANGED: Final = ARTICLES.names.index("changed")


def sound_rows(path: Path, table: TableSchema) -> Iterator[StoredRow]:
    """Yield the sound rows of a table: from its beginning to the first broken page, then from its end.

    In a large table the rows lie in another order than that of the key, and either may lead past a page.
    """
    key = ", ".join(table.names[: table.key])
    back = ", ".join(f"{name} DESC" for name in table.names[: table.key])
    for order in (key, back, "rowid", "rowid DESC") if table.large else (key, back):
        try:
            with closing(opened(path)) as connection, any_bytes(connection):
                for row in connection.execute(f"{table.everything} ORDER BY {order}"):
                    if is_sound(table, row):
                        yield tuple(row[:-1])
                break  # the whole table was read
        except (sqlite3.Error, OSError, ValueError) as error:
            raise_exhaustion(error)
            continue


def is_complete(path: Path, table: TableSchema) -> bool:
    """Tell whether every row of a table can be read and holds what was written, or it is a table that came later."""
    try:
        with closing(opened(path)) as connection:
            return _came_later(connection, table) or all(
                is_sound(table, row) for row in connection.execute(table.everything)
            )
    except (sqlite3.Error, OSError, ValueError) as error:
        raise_exhaustion(error)  # what the disk does not give back is lost, like what it gives back wrong
        return False


def _came_later(connection: sqlite3.Connection, table: TableSchema) -> bool:
    """Tell whether a catalog lacks a table because it was not written to since an upgrade."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return table not in FIRST_TABLES and version < len(MIGRATIONS) and not has_table(connection, table)


def reached(path: Path) -> int:
    """Return the number of the newest change that a catalog holds, as far as it can be read."""
    changed = (str(row[_CHANGED]) for row in sound_rows(path, ARTICLES))
    numbers = (int(number) for number in changed if number.isdigit())
    return max(chain([remembered_number(path, meta.CHANGE)], numbers))


def remembered(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what a catalog remembers by name, as far as it can be read."""
    return ((str(name), str(value)) for name, value in sound_rows(path, META))


def remembered_number(path: Path, name: str) -> int:
    """Return a number that a catalog remembers, 0 where it cannot be read."""
    return max((int(value) for other, value in remembered(path) if other == name and value.isdigit()), default=0)


def purged_rows(path: Path) -> Iterator[PurgedRow]:
    """Yield what a catalog keeps of purges, as far as it can be read."""
    return (PurgedRow(*map(str, row)) for row in sound_rows(path, PURGED))


def opened(path: Path) -> sqlite3.Connection:
    """Open a catalog as it lies; OSError is raised where there is none."""
    if not path.is_file():
        raise OSError(f"{path} is missing")
    return connect(path, "rw")
