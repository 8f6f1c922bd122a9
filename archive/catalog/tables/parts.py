"""The parts of versions by which people cite them: pages, records, messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from archive.catalog import mapping
from archive.catalog.rows import TextSlice
from archive.catalog.schema import PARTS, Value
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.article import Part, Version

# Each slice takes four of the 32,766 values that SQLite takes in a statement; as many as texts are read together.
_TOGETHER: Final = 500


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
    statement = "SELECT start, kind, label FROM parts WHERE article = ? AND version = ? ORDER BY start"
    return tuple(mapping.part(row) for row in reader.rows(statement, (article, version)))


def at(reader: CatalogReader, slices: Sequence[TextSlice]) -> list[Part | None]:
    """Return the part that each slice begins in, None where it begins in none."""
    parts: list[Part | None] = []
    for first in range(0, len(slices), _TOGETHER):
        parts += _at(reader, slices[first : first + _TOGETHER])
    return parts


def _at(reader: CatalogReader, slices: Sequence[TextSlice]) -> list[Part | None]:
    asked = ", ".join(["(?, ?, ?, ?)"] * len(slices))
    values: list[Value] = []
    for number, (article, version, start, _) in enumerate(slices):
        values += number, article, version, start
    rows = reader.rows(
        f"WITH asked(number, article, version, place) AS (VALUES {asked})"
        " SELECT number, start, kind, label FROM asked CROSS JOIN parts USING (article, version) WHERE start ="
        " (SELECT max(p.start) FROM parts p"
        " WHERE p.article = asked.article AND p.version = asked.version AND p.start <= place)",
        tuple(values),
    )
    parts = {number: mapping.part(tuple(row)) for number, *row in rows}
    return [parts.get(number) for number in range(len(slices))]


def delete_of_article(writing: Transaction, article: str) -> None:
    """Delete the parts of the versions of an article."""
    writing.delete("DELETE FROM parts WHERE article = ?", (article,))
