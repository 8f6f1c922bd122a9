"""Putting a copy of the catalog back: proved, without what was purged since, and never seen in parts.

What is in place is overwritten in one transaction, not exchanged as a file: SQLite's log belongs to a file by its name
alone, and beside another one it would be applied to that.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from archive.catalog.backups import (
    copies,
    drop,
    exchange,
    is_catalog,
    new_replaced_copy,
    number_of,
    restored,
    rewriting,
)
from archive.catalog.connection import unread_is_damage
from archive.catalog.database import Catalog
from archive.catalog.tables import history, meta
from archive.core.errors import Action, ArchiveError, Damaged, Remedy, UsageError
from archive.folder.files import make_private_dir, sync_file
from archive.folder.layout import Layout
from archive.purge.learning import learn
from archive.purge.purge import carry_over


def put_back(layout: Layout, archive: str, copy: Path, above: int, *, known: bool) -> Path | None:
    """Let the catalog be what a copy of it holds; the caller holds the archive's lock and has no catalog open.

    What was purged since the copy was made is erased from it. Its change number is raised above all that were given
    out, so that an index of the one in place is never taken for one of the copy.

    Args:
        layout: of the archive.
        archive: its identifier.
        copy: the file.
        above: the highest change number that an index tells.
        known: whether it is known for a copy of this archive should it not say so, as those of earlier builds do not.

    Returns:
        Where the catalog that was in place lies now, None when there was none.

    Raises:
        UsageError: it is the catalog itself, or a copy of that of another archive.
        Damaged: it is no sound copy of a catalog; nothing was changed.
        NewerArchive: a newer Morgue wrote it.
    """
    make_private_dir(layout.tmp)
    made = restored(layout)
    drop(made)
    try:
        _copy(layout, archive, copy, made, known=known)
        above = max(above, _since(layout, archive, made))
        with rewriting(made) as writing:
            history.number_on(writing, above)
            meta.write(writing, meta.ARCHIVE, archive)
        sync_file(made)
        return _exchange(layout, made)
    finally:
        drop(made)


def _copy(layout: Layout, archive: str, copy: Path, made: Path, *, known: bool) -> None:
    """Copy what a file and its log hold together, and prove it."""
    if layout.catalog.exists() and copy.samefile(layout.catalog):
        raise UsageError(f"{copy} is the catalog itself.")
    if not (known or is_catalog(copy)):
        raise UsageError(f"{copy} is no copy of a catalog.")
    try:
        with Catalog(copy) as source:
            _require_ours(layout, copy, (source.owner or archive) if known else source.owner, archive)
            source.backup(made)
        with Catalog(made) as held:
            problem = next(held.check(), None)
    except Damaged as error:
        problem = error.message
    if problem is not None:
        what = f"{copy} is no sound copy of the catalog, and nothing was changed: {problem}"
        raise Damaged(what, remedy=Remedy(Action.RESTORE))


def _require_ours(layout: Layout, copy: Path, owner: str | None, archive: str) -> None:
    if owner is None:
        raise UsageError(
            f"Nothing in {copy} tells of which archive it is a copy; if it is one of {layout.root},"
            f" move it to {layout.backups} and put it back from there."
        )
    if owner != archive:
        raise UsageError(f"{copy} is a copy of another archive ({owner}), not of {layout.root} ({archive}).")


def _since(layout: Layout, archive: str, made: Path) -> int:
    """Let a copy know what was purged and kept since; return the change number of the catalog in place, 0 without one.

    First of all copies in the archive folder, then of the catalog in place, as far as it can be read, which may be an
    older one itself. What is left to do of a purge, and where copies lie, is told by the newest copy where it cannot.
    """
    with Catalog(made) as catalog:
        learn(catalog, layout, kept=True)
    for path in (layout.catalog, *sorted(copies(layout), key=number_of, reverse=True)):
        try:
            with unread_is_damage(path), Catalog(path) as catalog:
                if path != layout.catalog and catalog.owner not in (None, archive):
                    continue
                carry_over(made, catalog)
                with suppress(Damaged):
                    return catalog.change if path == layout.catalog else 0
        except ArchiveError:
            continue
        break
    return 0


def _exchange(layout: Layout, made: Path) -> Path | None:
    """Put a catalog in place of the one that is there, which is kept among the copies."""
    try:
        with unread_is_damage(layout.catalog), Catalog(layout.catalog) as catalog:
            kept = new_replaced_copy(layout, readable=True)
            catalog.backup(kept)
            catalog.overwrite(made)
            return kept
    except Damaged:
        return exchange(layout, made, new_replaced_copy(layout, readable=False))
