"""The files of the sources as they were last looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.catalog.rows import FileKey, FileRow, values
from archive.catalog.schema import FILES
from archive.catalog.transaction import CatalogReader, Transaction

_READ = "SELECT source, path, size, mtime_ns, digest, gone FROM files"
# Read folder by folder: asking for each file of a large source by itself would take longest.
_IN_FOLDER = (
    "SELECT source, path, size, mtime_ns, digest, gone,"
    " (SELECT count(*) FROM places p WHERE p.source = f.source AND p.path = f.path AND p.gone = 0),"
    " EXISTS (SELECT 1 FROM refusals r WHERE r.source = f.source AND r.path = f.path)"
    " FROM files f WHERE source = ? AND path >= ? AND path < ? AND instr(substr(path, ?), '/') = 0"
)
_AFTER_SLASH = chr(ord("/") + 1)
_LAST = "\U0010ffff"  # sorts after every path


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was last looked at, and how much of it is in the catalog.

    Attributes:
        places: how many records it holds.
        refused: whether something of it was refused.
    """

    row: FileRow
    places: int
    refused: bool

    def is_as(self, size: int, mtime_ns: int) -> bool:
        """Tell whether a file of this size and time looks as it did."""
        return (self.row.size, self.row.mtime_ns) == (size, mtime_ns)


def folder_range(folder: str) -> tuple[str, str]:
    """Return the first path below a folder (empty, or ending in ``/``), and what comes after the last."""
    return folder, folder[:-1] + _AFTER_SLASH if folder else _LAST


def in_folder(reader: CatalogReader, source: str, folder: str) -> Iterator[KnownFile]:
    """Yield the files that lie in a folder of a source itself; ``folder`` is empty or ends in ``/``."""
    for *row, places, refused in reader.rows(_IN_FOLDER, (source, *folder_range(folder), len(folder) + 1)):
        yield KnownFile(FileRow(*row), places, bool(refused))


def read(reader: CatalogReader, key: FileKey) -> FileRow | None:
    """Return a file."""
    row = reader.row(f"{_READ} WHERE source = ? AND path = ?", key)
    return None if row is None else FileRow(*row)


def every(reader: CatalogReader) -> list[FileRow]:
    """Return the files of all sources."""
    return [FileRow(*row) for row in reader.rows(_READ)]


def paths(reader: CatalogReader, source: str) -> list[str]:
    """Return the path of each file of a source that had not vanished."""
    return [path for (path,) in reader.rows("SELECT path FROM files WHERE source = ? AND gone = 0", (source,))]


def in_source(reader: CatalogReader, source: str) -> list[FileRow]:
    """Return the files of a source."""
    return [FileRow(*row) for row in reader.rows(f"{_READ} WHERE source = ?", (source,))]


def of_digest(reader: CatalogReader, digest: str) -> list[tuple[FileRow, str]]:
    """Return the files of the same bytes, each with the root of its source, by source and path."""
    rows = reader.rows(
        "SELECT f.source, f.path, f.size, f.mtime_ns, f.digest, f.gone, s.root FROM files f"
        " JOIN sources s ON s.id = f.source WHERE f.digest = ? ORDER BY f.source, f.path",
        (digest,),
    )
    return [(FileRow(*row), root) for *row, root in rows]


def write(writing: Transaction, row: FileRow) -> None:
    """Write a file."""
    writing.put(FILES, *values(row))


def delete_in_file(writing: Transaction, key: FileKey) -> None:
    """Delete a file, and nothing of what it holds."""
    writing.delete("DELETE FROM files WHERE source = ? AND path = ?", key)


def delete_in_source(writing: Transaction, source: str) -> None:
    """Delete the files of a source."""
    writing.delete("DELETE FROM files WHERE source = ?", (source,))
