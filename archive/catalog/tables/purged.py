"""The hashes that are kept of what was purged."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from archive.catalog.rows import PurgedRow, values
from archive.catalog.schema import PURGED
from archive.catalog.tables import meta
from archive.catalog.transaction import CatalogReader, Transaction

_KNOWN: Final = "learned"  # up to which change number of other catalogs their purges are known here


def is_any(reader: CatalogReader) -> bool:
    """Tell whether anything was ever purged; an older catalog has no table for it yet."""
    table = reader.row("SELECT 1 FROM sqlite_master WHERE name = ?", (PURGED.name,))
    return table is not None and holds_any(reader)


def holds_any(reader: CatalogReader) -> bool:
    """Tell whether the table, which is there, holds anything."""
    return reader.row("SELECT 1 FROM purged") is not None


def every(reader: CatalogReader) -> list[PurgedRow]:
    """Return all hashes."""
    return [PurgedRow(*row) for row in reader.rows("SELECT one, hash, at FROM purged")]


def times(reader: CatalogReader, hashes: Collection[str]) -> dict[str, str]:
    """Return those of some hashes that are kept, each with the time of its purge."""
    marks = ", ".join("?" * len(hashes))
    rows = reader.rows(f"SELECT hash, at FROM purged WHERE hash IN ({marks})", tuple(hashes))
    return {str(digest): str(purged_at) for digest, purged_at in rows}


def known(reader: CatalogReader) -> int:
    """Return up to which change number a catalog, or a copy of one, knows what was purged.

    That is the number of its own newest change, or of the newest of another catalog that told it.

    Raises:
        Damaged: it does not hold what was written.
    """
    return max(meta.number_of(reader, meta.CHANGE), meta.number_of(reader, _KNOWN))


def write_known(writing: Transaction, change: int) -> None:
    """Remember up to which change number of another catalog its purges are known here."""
    meta.write(writing, _KNOWN, str(max(change, meta.number_of(writing, _KNOWN))))


def write(writing: Transaction, row: PurgedRow) -> None:
    """Keep a hash."""
    writing.put(PURGED, *values(row))


def forget(writing: Transaction, kept: str) -> None:
    """Forget a hash."""
    writing.delete("DELETE FROM purged WHERE hash = ?", (kept,))


def forget_owners(writing: Transaction, owners: Collection[str]) -> None:
    """Forget all that is kept of some articles and sources, and what else stands for one, each named by its hash."""
    for row in every(writing):
        if row.owner in owners or row.hash in owners:
            writing.delete("DELETE FROM purged WHERE one = ? AND hash = ?", (row.owner, row.hash))


def forget_all_of(writing: Transaction, hashes: Collection[str]) -> None:
    """Forget the hashes of everything that one of these stands for."""
    marks = ", ".join("?" * len(hashes))
    statement = f"DELETE FROM purged WHERE one IN (SELECT one FROM purged WHERE hash IN ({marks}))"
    writing.delete(statement, tuple(hashes))
