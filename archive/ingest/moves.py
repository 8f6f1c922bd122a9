"""Files that were elsewhere before, or nowhere: the same bytes at a place that was vacated are the same articles."""

from __future__ import annotations

from pathlib import PurePosixPath

from archive.catalog.article_rows import LOST, settle
from archive.catalog.database import Catalog, Transaction
from archive.catalog.schema import FILES, PLACES, REFUSALS
from archive.folder.paths import absolute, vanished
from archive.ingest.known_files import FileAt


def follow(catalog: Catalog, new: FileAt) -> int | None:
    """Take over what a vanished file of the same digest left; return how many records moved, None without one.

    Of several, one of the same name is preferred, then the first by path.
    """
    old = _left_behind(catalog, new)
    return None if old is None else _take_over(catalog, old, new)


def revive(catalog: Catalog, file: FileAt) -> int:
    """Bring back the records of a file that had vanished and returned as it was; return how many."""
    return _take_over(catalog, (file.source, file.path), file)


def _left_behind(catalog: Catalog, new: FileAt) -> tuple[str, str] | None:
    found = catalog.rows(
        "SELECT f.source, f.path, s.root FROM files f JOIN sources s ON s.id = f.source WHERE f.digest = ?"
        " ORDER BY f.source, f.path",
        (new.digest,),
    )
    name = PurePosixPath(new.path).name
    empty = [(source, path) for source, path, root in found if vanished(absolute(root, path))]
    return min(empty, key=lambda one: PurePosixPath(one[1]).name != name, default=None)


def _take_over(catalog: Catalog, old: tuple[str, str], new: FileAt) -> int:
    with catalog.transaction() as writing:
        places = writing.rows("SELECT record, article, raw_digest, gone FROM places WHERE source = ? AND path = ?", old)
        refused = writing.rows("SELECT record, code, reason, seen FROM refusals WHERE source = ? AND path = ?", old)
        for table in (FILES, PLACES, REFUSALS):
            writing.delete(f"DELETE FROM {table.name} WHERE source = ? AND path = ?", old)
        for row in refused:
            writing.put(REFUSALS, new.source, new.path, *row)
        writing.put(FILES, *new.row)
        return sum(_move_record(writing, old, new, place) for place in places)


def _move_record(writing: Transaction, old: tuple[str, str], new: FileAt, place: tuple[str, str, str, int]) -> bool:
    record, article, raw_digest, gone = place
    here = gone != LOST  # a record that its file had lost before is not in it now
    writing.put(PLACES, new.source, new.path, record, article, raw_digest, 0 if here else LOST)
    if here:
        settle(writing, article, old, (new.source, new.path, record))
    return here
