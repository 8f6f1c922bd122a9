"""The hashes that are kept of what was purged, by whom they belong to: an article or a source, each a hash itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from archive.catalog.rows import PurgedRow, values
from archive.catalog.schema import PURGED
from archive.catalog.tables import meta
from archive.catalog.transaction import CatalogReader, Transaction

# How often an owner was purged and taken in again, each counted, so that catalogs that parted can be told apart: odd
# while it is purged. Not written down of who was purged once and never taken in again.
_TURN: Final = "purge turn "


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


def write(writing: Transaction, row: PurgedRow) -> None:
    """Keep a hash."""
    writing.put(PURGED, *values(row))


def turns(reader: CatalogReader) -> dict[str, int]:
    """Return how often each owner was purged and taken in again, together: odd while it is purged."""
    stated = meta.numbers_below(reader, _TURN)
    return stated | {owner: _odd(stated.get(owner, 1)) for owner in _owners(reader)}


def turn_begins(writing: Transaction, owner: str) -> None:
    """Count a purge of an owner, whose hashes are kept from now on."""
    _write_turn(writing, owner, _odd(_turn(writing, owner) or 1))


def take_over(writing: Transaction, told: Mapping[str, int], rows: Iterable[PurgedRow]) -> bool:
    """Know what another catalog knows that was told more often; return whether any of that is purged.

    Args:
        writing: the unit of work.
        told: ``turns`` of the other.
        rows: its hashes.
    """
    own = turns(writing)
    newer = {owner: turn for owner, turn in told.items() if turn > own.get(owner, 0)}
    for owner, turn in newer.items():
        writing.delete("DELETE FROM purged WHERE one = ?", (owner,))
        _write_turn(writing, owner, turn)
    banned = [row for row in rows if newer.get(row.owner, 0) % 2]
    for row in banned:
        write(writing, row)
    return bool(banned)


def forget(writing: Transaction, kept: str) -> None:
    """Forget a hash."""
    _delete(writing, [row for row in _holding(writing, (kept,)) if row.hash == kept])


def forget_owners(writing: Transaction, owners: Collection[str]) -> None:
    """Forget all that is kept of some articles and sources, and what else stands for one, each named by its hash."""
    _delete(writing, [row for row in every(writing) if row.owner in owners or row.hash in owners])


def forget_all_of(writing: Transaction, hashes: Collection[str]) -> None:
    """Forget the hashes of everything that one of these stands for."""
    _delete(writing, _holding(writing, hashes))


def _holding(reader: CatalogReader, hashes: Collection[str]) -> list[PurgedRow]:
    """Return all rows of the owners of some hashes."""
    marks = ", ".join("?" * len(hashes))
    which = f"one IN (SELECT one FROM purged WHERE hash IN ({marks}))"
    return [PurgedRow(*row) for row in reader.rows(f"SELECT one, hash, at FROM purged WHERE {which}", tuple(hashes))]


def _delete(writing: Transaction, rows: Collection[PurgedRow]) -> None:
    """Forget some hashes; an owner of whom none is left was taken in again."""
    before = {row.owner: _turn(writing, row.owner) for row in rows}
    for row in rows:
        writing.delete("DELETE FROM purged WHERE one = ? AND hash = ?", (row.owner, row.hash))
    for owner, turn in before.items():
        if not _is_purged(writing, owner):
            _write_turn(writing, owner, turn + 1)


def _turn(reader: CatalogReader, owner: str) -> int:
    """Return how often one owner was purged and taken in again, together."""
    stated = meta.number_of(reader, f"{_TURN}{owner}")
    return _odd(stated or 1) if _is_purged(reader, owner) else stated


def _is_purged(reader: CatalogReader, owner: str) -> bool:
    return reader.row("SELECT 1 FROM purged WHERE one = ?", (owner,)) is not None


def _owners(reader: CatalogReader) -> set[str]:
    return {str(owner) for (owner,) in reader.rows("SELECT DISTINCT one FROM purged")} if is_any(reader) else set()


def _write_turn(writing: Transaction, owner: str, turn: int) -> None:
    if turn > 1:
        meta.write(writing, f"{_TURN}{owner}", str(turn))


def _odd(turn: int) -> int:
    return turn if turn % 2 else turn + 1
