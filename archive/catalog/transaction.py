"""What is read and written in one unit of work."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from typing import Any, Protocol

from archive.catalog.connection import PUT_BACK
from archive.catalog.integrity import any_bytes
from archive.catalog.schema import META, TableSchema, Value, sealed
from archive.core.errors import Action, Damaged, Remedy

Row = tuple[Any, ...]


class CatalogReader(Protocol):
    """Whatever statements can be asked of: the catalog, a transaction, one state of the catalog."""

    def row(self, statement: str, values: tuple[Value, ...] = ()) -> Row | None:
        """Read the first row of a statement, None without one."""

    def rows(self, statement: str, values: tuple[Value, ...] = (), *, any_text: bool = False) -> list[Row]:
        """Read all rows of a statement; with ``any_text``, texts that damage made invalid too, in another form."""


class Transaction:
    """What can be read and written in one unit of work."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, table: TableSchema, *values: Value) -> None:
        """Write a whole row, replacing one with the same key."""
        self._connection.execute(table.put, sealed(values))

    def row(self, statement: str, values: tuple[Value, ...] = ()) -> Row | None:
        """Read one row as this transaction sees it."""
        with suppress(UnicodeEncodeError):  # no row holds a lone surrogate
            row: Row | None = self._connection.execute(statement, values).fetchone()
            return row
        return None

    def rows(self, statement: str, values: tuple[Value, ...] = (), *, any_text: bool = False) -> list[Row]:
        """Read rows as this transaction sees them; with ``any_text``, texts that damage made invalid too."""
        with suppress(UnicodeEncodeError), any_bytes(self._connection) if any_text else nullcontext():
            return self._connection.execute(statement, values).fetchall()
        return []

    def each(self, statement: str, values: tuple[Value, ...] = ()) -> Iterator[Row]:
        """Yield rows as this transaction sees them, none of them held."""
        yield from self._connection.execute(statement, values)

    def make_index(self, table: TableSchema) -> None:
        """Make the index of a table's keys anew: a damaged key is not found in it, and its row could not be deleted."""
        self._connection.execute(f"REINDEX {table.name}")

    def delete(self, statement: str, values: tuple[Value, ...] = ()) -> None:
        """Run a DELETE."""
        self._connection.execute(statement, values)

    def next_change(self) -> int:
        """Raise the change number and return it."""
        row = self.row("SELECT value FROM meta WHERE name = 'change'")
        change = number(row[0] if row else None) + 1
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
        raise Damaged(
            f"The catalog counts its changes with {value!r}. {PUT_BACK}", remedy=Remedy(Action.REPAIR)
        ) from error
