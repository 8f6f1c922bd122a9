"""The hashes that are kept of what was purged, by whom they belong to: an article or a source, each a hash itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from archive.catalog.integrity import LOST_BAN, is_sound
from archive.catalog.rows import PurgedRow, values
from archive.catalog.schema import PURGED
from archive.catalog.tables import meta
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.clock import now_utc

_TURN: Final = "purge turn "


@dataclass(frozen=True, slots=True)
class Purges:
    """What a catalog knows of purges, so that catalogs that parted can be held against each other.

    Attributes:
        turns: how often each owner was purged and taken in again, together: odd while it is purged.
        owners: whose hashes are kept; one without a turn was purged by a build of before these were counted.
    """

    turns: Mapping[str, int]
    owners: frozenset[str]

    def turn(self, owner: str) -> int:
        """Return how often one owner was purged and taken in again, as far as that is known."""
        return self.turns.get(owner, int(owner in self.owners))

    def beyond(self, other: Purges, *, earlier: bool) -> dict[str, int]:
        """Return the turns of owners of whom this knows more; those without a turn only where ``earlier`` is true."""
        told = {owner: self.turn(owner) for owner in (*self.turns, *(self.owners if earlier else ()))}
        return {owner: turn for owner, turn in told.items() if turn > other.turn(owner)}


def is_any(reader: CatalogReader) -> bool:
    """Tell whether anything was ever purged; an older catalog has no table for it yet."""
    table = reader.row("SELECT 1 FROM sqlite_master WHERE name = ?", (PURGED.name,))
    return table is not None and holds_any(reader)


def holds_any(reader: CatalogReader) -> bool:
    """Tell whether the table, which is there, holds anything, or something is purged whose hash is lost."""
    return reader.row(f"SELECT 1 FROM purged UNION ALL SELECT 1 FROM meta WHERE {LOST_BAN}") is not None


def every(reader: CatalogReader) -> list[PurgedRow]:
    """Return all hashes."""
    return [PurgedRow(*row) for row in reader.rows("SELECT one, hash, at FROM purged")]


def sound(reader: CatalogReader) -> list[PurgedRow]:
    """Return the hashes that are as they were written; an older catalog has none."""
    rows = reader.rows(PURGED.everything, any_text=True) if is_any(reader) else []
    return [PurgedRow(*row[:-1]) for row in rows if is_sound(PURGED, row)]


def times(reader: CatalogReader, hashes: Collection[str]) -> dict[str, str]:
    """Return those of some hashes that are kept, each with the time of its purge."""
    marks = ", ".join("?" * len(hashes))
    rows = reader.rows(f"SELECT hash, at FROM purged WHERE hash IN ({marks})", tuple(hashes))
    return {str(digest): str(purged_at) for digest, purged_at in rows}


def write(writing: Transaction, row: PurgedRow) -> None:
    """Keep a hash."""
    writing.put(PURGED, *values(row))


def known(reader: CatalogReader) -> Purges:
    """Return what a catalog knows of purges.

    Raises:
        Damaged: something is not as it was written.
    """
    turns = meta.numbers_below(reader, _TURN)
    owners = reader.rows("SELECT DISTINCT one FROM purged") if is_any(reader) else []
    return Purges(turns, frozenset(str(owner) for (owner,) in owners))


def turns_of(reader: CatalogReader, rows: Iterable[PurgedRow]) -> Purges:
    """Return what a catalog that may be damaged knows of purges, without what is not as it was written.

    Args:
        reader: of it.
        rows: its sound hashes.
    """
    return Purges(meta.numbers_below(reader, _TURN, as_it_is=True), frozenset(row.owner for row in rows))


def heal(writing: Transaction) -> None:
    """Keep the hash of the identifier of whatever is purged by its turn, where that is lost."""
    turns = meta.numbers_below(writing, _TURN, as_it_is=True)
    for (owner,) in writing.rows(f"SELECT substr(name, 12) FROM meta WHERE {LOST_BAN}"):
        if turns.get(owner, 0) % 2:
            write(writing, PurgedRow(owner, owner, now_utc()))


def stated(remembered: Iterable[tuple[str, str]], rows: Iterable[PurgedRow]) -> Purges:
    """Return what rows of a damaged catalog tell of purges: values that it remembers by name, and hashes."""
    pairs = ((name.removeprefix(_TURN), value) for name, value in remembered if name.startswith(_TURN))
    turns = {owner: int(value) for owner, value in pairs if value.isdigit()}
    return Purges(turns, frozenset(row.owner for row in rows))


def highest(told: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the highest turn of each owner."""
    most = dict[str, int]()
    for turns in told:
        most |= {owner: max(turn, most.get(owner, 0)) for owner, turn in turns.items()}
    return most


def turn_begins(writing: Transaction, owner: str) -> None:
    """Count a purge of an owner, whose hashes are kept from now on."""
    turn = _turn(writing, owner)
    _write_turn(writing, owner, turn if turn % 2 else turn + 1)


def take_over(writing: Transaction, newer: Mapping[str, int], rows: Collection[PurgedRow]) -> bool:
    """Know what another catalog knows; return whether any of that is purged.

    Hashes of an owner that is purged are united: any of them may be lost, and none of them names anything else. The
    owner's own, which is that of its identifier, is among them in any case.

    Args:
        writing: the unit of work.
        newer: the turns that are higher there, by owner.
        rows: the hashes of these owners and of others.
    """
    for owner, turn in newer.items():
        _write_turn(writing, owner, turn)
        if turn % 2 == 0:
            writing.delete("DELETE FROM purged WHERE one = ?", (owner,))
    is_purged = {owner: _turn(writing, owner) % 2 == 1 for owner in (*newer, *{row.owner for row in rows})}
    for row in rows:
        if is_purged[row.owner]:
            write(writing, row)
    heal(writing)
    return any(is_purged.values())


def forget(writing: Transaction, kept: str) -> None:
    """Forget a hash; of an owner it is taken in again, also where the hash itself was lost."""
    _delete(writing, [row for row in _holding(writing, (kept,)) if row.hash == kept])
    turn = _turn(writing, kept)
    if turn % 2 and not _is_purged(writing, kept):
        _write_turn(writing, kept, turn + 1)


def is_bare(reader: CatalogReader, owner: str) -> bool:
    """Tell whether of an owner that is purged no other hash is kept than its own: the others were lost, or damaged."""
    rows = reader.rows(f"{PURGED.everything} WHERE one = ? AND hash <> one", (owner,), any_text=True)
    return not any(is_sound(PURGED, row) for row in rows)


def forget_uncounted(writing: Transaction, owners: Collection[str]) -> None:
    """Forget all that an earlier build kept of some articles and sources, and what stands for one, named by hashes."""
    counted = known(writing).turns
    rows = [row for row in every(writing) if row.owner not in counted]
    _delete(writing, [row for row in rows if row.owner in owners or row.hash in owners])


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
    return meta.number_of(reader, f"{_TURN}{owner}") or int(_is_purged(reader, owner))


def _is_purged(reader: CatalogReader, owner: str) -> bool:
    return reader.row("SELECT 1 FROM purged WHERE one = ?", (owner,)) is not None


def _write_turn(writing: Transaction, owner: str, turn: int) -> None:
    meta.write(writing, f"{_TURN}{owner}", str(turn))
