"""The files and records that were refused."""

from __future__ import annotations

from archive.catalog import mapping
from archive.catalog.rows import FileKey, Place, RefusalRow, values
from archive.catalog.schema import REFUSALS, SOURCES
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.article import Refusal

_READ = REFUSALS.everything


def live(reader: CatalogReader) -> tuple[Refusal, ...]:
    """Return the refusals in sources that are not removed, by source, path and record."""
    rows = reader.rows(
        f"SELECT {REFUSALS.sealed_as('r')}, {SOURCES.sealed_as('s')} FROM refusals r JOIN sources s"
        " ON s.id = r.source WHERE s.removed IS NULL ORDER BY r.source, r.path, r.record"
    )
    return tuple(mapping.refusal(row) for row in rows)


def code(reader: CatalogReader, place: Place) -> str | None:
    """Return why a place is refused, None when it is not."""
    row = reader.row("SELECT code FROM refusals WHERE source = ? AND path = ? AND record = ?", place.key)
    return None if row is None else str(row[0])


def in_file(reader: CatalogReader, file: FileKey) -> list[RefusalRow]:
    """Return the refusals of a file."""
    return [mapping.refusal_row(row) for row in reader.rows(f"{_READ} WHERE source = ? AND path = ?", file)]


def in_source(reader: CatalogReader, source: str) -> list[RefusalRow]:
    """Return the refusals in a source."""
    return [mapping.refusal_row(row) for row in reader.rows(f"{_READ} WHERE source = ?", (source,))]


def files(reader: CatalogReader) -> list[FileKey]:
    """Return the files of which something is refused."""
    return [(source, path) for source, path in reader.rows("SELECT DISTINCT source, path FROM refusals")]


def write(writing: Transaction, row: RefusalRow) -> None:
    """Write a refusal."""
    writing.put(REFUSALS, *values(row))


def delete(writing: Transaction, place: Place) -> None:
    """Delete the refusal of a place."""
    writing.delete("DELETE FROM refusals WHERE source = ? AND path = ? AND record = ?", place.key)


def delete_in_file(writing: Transaction, file: FileKey) -> None:
    """Delete the refusals of a file."""
    writing.delete("DELETE FROM refusals WHERE source = ? AND path = ?", file)


def delete_in_source(writing: Transaction, source: str) -> None:
    """Delete the refusals in a source."""
    writing.delete("DELETE FROM refusals WHERE source = ?", (source,))
