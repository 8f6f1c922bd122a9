"""What a catalog that was put back by hand learns of the copies in its folder: purges, and what a person keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archive.catalog.backups import copies, number_of, reading
from archive.catalog.connection import unread_is_damage
from archive.catalog.database import Catalog
from archive.catalog.rows import PurgedRow
from archive.catalog.tables import meta, notebook, purged
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.clock import now_utc
from archive.core.errors import ArchiveError
from archive.folder.layout import Layout
from archive.purge.purge import Bans, all_purged


@dataclass(frozen=True, slots=True)
class _Copy:
    """What a copy knows and the catalog may not: who was purged how often, by which hashes, and what is kept."""

    newer: dict[str, int]
    hashes: list[PurgedRow]
    kept: list[notebook.Kept]
    count: int


def learn(catalog: Catalog, layout: Layout, *, kept: bool) -> None:
    """Let a catalog know what copies in its folder know; the caller holds the archive's lock.

    What was purged since is erased again, unless it was taken in again after that. What a person keeps becomes what it
    is in a copy of a later state of the notebook; of others, where ``kept``, what the catalog never held is taken in.
    What cannot be read of a copy is passed over.

    Raises:
        Damaged: the catalog does not hold what was written.
    """
    told = tuple(_told(catalog, layout, kept))
    if not told:
        return
    with catalog.transaction() as writing:
        most = purged.highest(copy.newer for copy in told)
        is_banned = False
        for copy in told:
            highest = {owner: turn for owner, turn in copy.newer.items() if turn == most[owner]}
            is_banned |= purged.take_over(writing, highest, copy.hashes)
        if is_banned:
            Bans().erase(writing, begin_again=True)
        if any(copy.kept for copy in told):
            _keep(writing, told)


def _keep(writing: Transaction, told: Sequence[_Copy]) -> None:
    """Write what copies have of the notebook, oldest first: what a newer one has of the same thing comes over it."""
    hashes, now, change = all_purged(writing), now_utc(), meta.number_of(writing, meta.CHANGE)
    for copy in told:
        for row in notebook.without(notebook.seen_at_most(copy.kept, change), hashes.holds, now):
            notebook.write(writing, row)
    notebook.write_count(writing, max(notebook.count(writing), *(copy.count for copy in told)))


def is_later_kept(catalog: Catalog, layout: Layout) -> bool:
    """Tell whether a copy in the folder of a catalog holds a later state of the notebook; nobody is waited for."""
    there = copies(layout)
    own = notebook.count(catalog) if there else 0
    for path in there:
        with suppress(ArchiveError, OSError), unread_is_damage(path), reading(path, immutable=True) as copy:
            if notebook.count(copy) > own:
                return True
    return False


def _told(catalog: Catalog, layout: Layout, kept: bool) -> Iterator[_Copy]:
    """Yield what copies know and the catalog does not, in the order in which they were made."""
    oldest_first = sorted(copies(layout), key=number_of)
    own, change = (purged.known(catalog), catalog.change) if oldest_first else (purged.Purges({}, frozenset()), 0)
    for path in oldest_first:
        # immutable: nobody changes a copy without the lock that is held, and nobody who reads one is waited for
        with suppress(ArchiveError, OSError), unread_is_damage(path), reading(path, immutable=True) as copy:
            if meta.read(copy, meta.ARCHIVE) in (None, catalog.owner) or catalog.owner is None:
                newer = purged.known(copy, as_it_is=True).beyond(own, earlier=_change(copy) > change)
                hashes = [row for row in purged.every(copy) if row.owner in newer] if newer else []
                rows, count = _kept(catalog, copy, path, kept)
                if newer or rows:
                    yield _Copy(newer, hashes, rows, count)


def _change(copy: CatalogReader) -> int:
    """Return the number of the newest change of a copy, 0 where that is damaged."""
    with suppress(ArchiveError):
        return meta.number_of(copy, meta.CHANGE)
    return 0


def _kept(catalog: Catalog, copy: CatalogReader, path: Path, kept: bool) -> tuple[list[notebook.Kept], int]:
    """Return what a copy has of the notebook and the catalog has not, and how often its notebook was changed."""
    count = own = 0
    with suppress(ArchiveError):  # of a copy that does not say, nothing is written over
        count, own = notebook.count(copy), notebook.count(catalog)
    with suppress(ArchiveError), unread_is_damage(path):
        if count > own:
            return notebook.later(catalog, copy), count
        if kept:
            return notebook.lacking(catalog, copy), count
    return [], 0
