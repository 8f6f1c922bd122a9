"""The parts of versions by which people cite them: pages, records, messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from archive.catalog.database import Catalog, Transaction
from archive.catalog.schema import PARTS, Value
from archive.catalog.text_slices import Place
from archive.core.article import Part, Version

# Each place takes four of the 32,766 values that SQLite takes in a statement; as many as texts are read together.
_TOGETHER: Final = 500


def write_parts(writing: Transaction, version: Version, parts: Sequence[Part]) -> None:
    """Write down the parts of a version that has none yet."""
    for part in parts:
        writing.put(PARTS, version.article_id, version.digest, part.start, part.kind, part.label)


def has_parts(catalog: Catalog) -> bool:
    """Tell whether any version has parts; an older catalog has no table for them yet."""
    table = catalog.row("SELECT 1 FROM sqlite_master WHERE name = ?", (PARTS.name,))
    return table is not None and catalog.row("SELECT 1 FROM parts LIMIT 1") is not None


def parts_of(catalog: Catalog, article: str, version: str) -> tuple[Part, ...]:
    """Return the parts of a version, in order."""
    if not has_parts(catalog):
        return ()
    statement = "SELECT start, kind, label FROM parts WHERE article = ? AND version = ? ORDER BY start"
    return tuple(Part(*row) for row in catalog.rows(statement, (article, version)))


def parts_at(catalog: Catalog, places: Sequence[Place]) -> list[Part | None]:
    """Return the part that each place begins in, None where it begins in none."""
    parts: list[Part | None] = []
    for first in range(0, len(places), _TOGETHER):
        parts += _parts_at(catalog, places[first : first + _TOGETHER])
    return parts


def _parts_at(catalog: Catalog, places: Sequence[Place]) -> list[Part | None]:
    asked = ", ".join(["(?, ?, ?, ?)"] * len(places))
    values: list[Value] = []
    for number, (article, version, start, _) in enumerate(places):
        values += number, article, version, start
    rows = catalog.rows(
        f"WITH asked(number, article, version, place) AS (VALUES {asked})"
        " SELECT number, start, kind, label FROM asked CROSS JOIN parts USING (article, version) WHERE start ="
        " (SELECT max(p.start) FROM parts p"
        " WHERE p.article = asked.article AND p.version = asked.version AND p.start <= place)",
        tuple(values),
    )
    found = {number: Part(start, kind, label) for number, start, kind, label in rows}
    return [found.get(number) for number in range(len(places))]
