"""The parts of versions by which people cite them: pages, records, messages."""

from __future__ import annotations

from collections.abc import Sequence

from archive.catalog import mapping
from archive.catalog.schema import PARTS
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.article import Part, Version


def write(writing: Transaction, version: Version, parts: Sequence[Part]) -> None:
    """Write down the parts of a version that has none yet."""
    for part in parts:
        writing.put(PARTS, version.article_id, version.digest, part.start, part.kind, part.label)


def update(writing: Transaction, version: Version, parts: Sequence[Part]) -> bool:
    """Replace the parts of a version where they differ; tell whether they did."""
    if of_version(writing, version.article_id, version.digest) == tuple(sorted(parts, key=lambda part: part.start)):
        return False
    writing.delete("DELETE FROM parts WHERE article = ? AND version = ?", (version.article_id, version.digest))
    write(writing, version, parts)
    return True


def is_any(reader: CatalogReader) -> bool:
    """Tell whether any version has parts; an older catalog has no table for them yet."""
    table = reader.row("SELECT 1 FROM sqlite_master WHERE name = ?", (PARTS.name,))
    return table is not None and reader.row("SELECT 1 FROM parts LIMIT 1") is not None


def of_version(reader: CatalogReader, article: str, version: str) -> tuple[Part, ...]:
    """Return the parts of a version, in order."""
    if not is_any(reader):
        return ()
    statement = f"{PARTS.everything} WHERE article = ? AND version = ? ORDER BY start"
    return tuple(mapping.part(row) for row in reader.rows(statement, (article, version)))


def at(reader: CatalogReader, article: str, version: str, place: int) -> Part | None:
    """Return the part of a version that an offset into its text is in, None where it is in none.

    All parts of the version are read, so that a start that is not as it was written is noticed.
    """
    before = [part for part in of_version(reader, article, version) if part.start <= place]
    return before[-1] if before else None


def delete_of_article(writing: Transaction, article: str) -> None:
    """Delete the parts of the versions of an article."""
    writing.delete("DELETE FROM parts WHERE article = ?", (article,))
