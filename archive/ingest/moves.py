"""Files that were elsewhere before, or nowhere: the same bytes at a place that was vacated are the same articles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from archive.catalog.article_rows import settle
from archive.catalog.database import Catalog
from archive.catalog.rows import FileKey, FileRow, PlaceRow
from archive.catalog.tables import files, places, refusals
from archive.catalog.transaction import Transaction
from archive.folder.paths import absolute, vanished


def follow(catalog: Catalog, new: FileRow) -> int | None:
    """Take over what a vanished file of the same digest left; return how many records moved, None without one.

    Of several, one of the same name is preferred, then the first by path.
    """
    old = _left_behind(catalog, new)
    return None if old is None else _take_over(catalog, old, new)


def revive(catalog: Catalog, file: FileRow) -> int:
    """Bring back the records of a file that had vanished and returned as it was; return how many."""
    return _take_over(catalog, (file.source, file.path), file)


def _left_behind(catalog: Catalog, new: FileRow) -> FileKey | None:
    same = files.of_digest(catalog, new.digest)
    empty = [(row.source, row.path) for row, root in same if vanished(absolute(root, row.path))]
    name = PurePosixPath(new.path).name
    return min(empty, key=lambda key: PurePosixPath(key[1]).name != name, default=None)


def _take_over(catalog: Catalog, old: FileKey, new: FileRow) -> int:
    with catalog.transaction() as writing:
        records, refused = places.in_file(writing, old), refusals.in_file(writing, old)
        for table in (files, places, refusals):
            table.delete_in_file(writing, old)
        for refusal in refused:
            refusals.write(writing, replace(refusal, source=new.source, path=new.path))
        files.write(writing, new)
        return sum(_move_record(writing, old, new, row) for row in records)


def _move_record(writing: Transaction, old: FileKey, new: FileRow, row: PlaceRow) -> bool:
    here = row.gone != places.LOST  # a record that its file had lost before is not in it now
    moved = replace(row, source=new.source, path=new.path, gone=0 if here else places.LOST)
    places.write(writing, moved)
    if here:
        settle(writing, row.article, old, moved.place)
    return here
