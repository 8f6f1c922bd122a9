"""What a catalog that was put back by hand learns of the copies in its folder: purges, and what a person keeps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from archive.catalog.backups import copies, number_of, reading
from archive.catalog.connection import unread_is_damage
from archive.catalog.database import Catalog
from archive.catalog.rows import PurgedRow
from archive.catalog.tables import meta, notebook, purged
from archive.core.errors import ArchiveError
from archive.folder.layout import Layout
from archive.purge.purge import Bans


@dataclass(frozen=True, slots=True)
class _Told:
    """What a copy knows: up to which change, what was purged, what is kept."""

    known: int
    bans: list[PurgedRow]
    kept: list[notebook.Kept]


def learn(catalog: Catalog, layout: Layout, *, kept: bool) -> None:
    """Let a catalog that is older than copies in its folder know what they know; the caller holds the archive's lock.

    What was purged since is erased again. What a person keeps is as it is in copies that hold later changes; of others,
    where ``kept``, what the catalog never held is taken in, since keeping something is no change. Copies that cannot be
    read are passed over.

    Raises:
        Damaged: the catalog does not hold what was written.
    """
    told = tuple(_told(catalog, layout, kept))
    if not told:
        return
    with catalog.transaction() as writing:
        # oldest first: what a newer copy has of the same thing is written over it
        for copy in told:
            for row in copy.kept:
                notebook.write(writing, row)
            for ban in copy.bans:
                purged.write(writing, ban)
        if any(copy.bans for copy in told):
            Bans().erase(writing, begin_again=True)
        purged.write_known(writing, max(copy.known for copy in told))


def _told(catalog: Catalog, layout: Layout, kept: bool) -> Iterator[_Told]:
    """Yield what copies know and the catalog may not, in the order in which they were made."""
    oldest_first = sorted(copies(layout), key=number_of)
    before = purged.known(catalog) if oldest_first else 0
    for copy in oldest_first:
        with suppress(ArchiveError), unread_is_damage(copy), reading(copy) as read:
            if meta.read(read, meta.ARCHIVE) not in (None, catalog.owner) and catalog.owner is not None:
                continue
            known, is_later = purged.known(read), meta.number_of(read, meta.CHANGE) > before
            bans = purged.every(read) if known > before and purged.is_any(read) else []
            rows = notebook.later(catalog, read) if is_later else notebook.lacking(catalog, read) if kept else []
            if known > before or rows:
                yield _Told(known, bans, rows)
