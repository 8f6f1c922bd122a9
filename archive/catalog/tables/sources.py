"""The roots that were added."""

from __future__ import annotations

from archive.catalog import mapping
from archive.catalog.rows import SourceRow
from archive.catalog.schema import SOURCES
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.article import Source

_READ = SOURCES.everything


def read(reader: CatalogReader, source: str) -> SourceRow | None:
    """Return a source, removed or not."""
    row = reader.row(f"{_READ} WHERE id = ?", (source,))
    return None if row is None else mapping.source_row(row)


def every(reader: CatalogReader) -> list[SourceRow]:
    """Return all sources, removed ones too, by the second of their adding, then by identifier."""
    return [mapping.source_row(row) for row in reader.rows(f"{_READ} ORDER BY added, id")]


def live(reader: CatalogReader) -> tuple[Source, ...]:
    """Return the sources that are not removed, in the order of ``every``."""
    return tuple(Source(row.id, row.root, row.added) for row in every(reader) if row.removed is None)


def write(writing: Transaction, row: SourceRow) -> None:
    """Write a source."""
    writing.put(SOURCES, row.id, row.root, row.added, row.removed)


def delete(writing: Transaction, source: str) -> None:
    """Delete a source, and nothing of what it holds."""
    writing.delete("DELETE FROM sources WHERE id = ?", (source,))


def holds_anything(reader: CatalogReader, source: str) -> bool:
    """Tell whether a source has a file or an article."""
    statement = "SELECT 1 FROM files WHERE source = ? UNION ALL SELECT 1 FROM articles WHERE source = ?"
    return reader.row(statement, (source, source)) is not None
