"""What a catalog that was put back by hand learns of the copies in its folder: purges, and what a person keeps."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archive.catalog.backups import copies, told_by_copies
from archive.catalog.connection import plainly, unread_is_damage
from archive.catalog.database import Catalog
from archive.catalog.rows import PurgedRow
from archive.catalog.tables import meta, notebook, purged
from archive.catalog.transaction import CatalogReader
from archive.core.clock import now_utc
from archive.core.errors import ArchiveError
from archive.folder.layout import Layout
from archive.purge.notebooks import State, changes_of, joined, state
from archive.purge.purge import Bans, all_purged


@dataclass(frozen=True, slots=True)
class _Copy:
    """What a copy knows and the catalog may not: who was purged how often, by which hashes, and what is kept."""

    newer: dict[str, int]
    hashes: list[PurgedRow]
    kept: State


def learn(catalog: Catalog, layout: Layout, *, kept: bool) -> None:
    """Let a catalog know what copies in its folder know; the caller holds the archive's lock.

    What was purged since is erased again, unless it was taken in again after that. What a person keeps becomes what it
    is in a copy of a later state of the notebook; of others, where ``kept``, what the catalog never held is taken in.
    What cannot be read of a copy is passed over.

    Raises:
        Damaged: the catalog does not hold what was written.
    """
    if not copies(layout):
        return
    changes = state(catalog, catalog.path, above=sys.maxsize).changes
    told = _told(catalog, layout, None if kept else sys.maxsize if changes is None else changes)
    notebooks = [copy.kept for copy in told]
    is_later = changes is not None and changes_of(notebooks) > changes
    if not (is_later or _joined(catalog, notebooks) or any(copy.newer or copy.hashes for copy in told)):
        return
    with catalog.transaction() as writing:
        rows = _joined(writing, notebooks)  # as it is now: whoever keeps something does not wait for the lock
        most = purged.highest(copy.newer for copy in told)
        if purged.take_over(writing, most, [row for copy in told for row in copy.hashes]):
            Bans().erase(writing, begin_again=True)
        hashes, change = all_purged(writing), meta.number_of(writing, meta.CHANGE)
        for row in notebook.without(notebook.seen_at_most(rows.values(), change), hashes.holds, now_utc()):
            notebook.write(writing, row)
        if is_later:
            notebook.write_count(writing, max(changes_of(notebooks), notebook.count(writing)))


def _joined(reader: CatalogReader, notebooks: Sequence[State]) -> notebook.Keyed:
    """Return the rows that the notebook of a catalog lacks, or holds in an earlier state."""
    if not any(one.rows for one in notebooks):
        return {}
    changes = None
    with suppress(ArchiveError):
        changes = notebook.count(reader)
    return joined(State(changes, notebook.keyed(reader)), notebooks)


def _told(catalog: Catalog, layout: Layout, above: int | None) -> list[_Copy]:
    """Return what copies know of purges and the catalog does not, and their notebooks, as ``state`` reads them."""
    own, change = purged.known(catalog), catalog.change
    held = {(row.owner, row.hash) for row in purged.sound(catalog)}

    def tell(path: Path, copy: CatalogReader) -> _Copy:
        newer, rows = dict[str, int](), list[PurgedRow]()
        with suppress(ArchiveError), unread_is_damage(path), plainly(path):
            rows = purged.sound(copy)
        with suppress(ArchiveError), unread_is_damage(path), plainly(path):
            newer = purged.turns_of(copy, rows).beyond(own, earlier=_change(copy) > change)
        lacking = (row for row in rows if (row.owner, row.hash) not in held)
        hashes = [row for row in lacking if row.owner in newer or own.turn(row.owner) % 2]
        return _Copy(newer, hashes, state(copy, path, above))

    return told_by_copies(layout, catalog.owner, tell)


def _change(copy: CatalogReader) -> int:
    """Return the number of the newest change of a copy, 0 where that is damaged."""
    with suppress(ArchiveError):
        return meta.number_of(copy, meta.CHANGE)
    return 0
