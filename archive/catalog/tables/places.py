"""Where records are, and which article each is.

``gone`` says 0 for a record that is there, ``WITH_FILE`` for one whose file vanished, ``LOST`` for one that its file
does not hold any more.
"""

from __future__ import annotations

from typing import Final

from archive.catalog import mapping
from archive.catalog.rows import FileKey, Place, PlaceRow, values
from archive.catalog.schema import PLACES, SOURCES
from archive.catalog.transaction import CatalogReader, Transaction

WITH_FILE: Final = 1
LOST: Final = 2
_READ: Final = PLACES.everything
_OTHER: Final = (
    "SELECT p.source, p.path, p.record FROM places p JOIN sources s ON s.id = p.source"
    " WHERE p.article = ? AND p.gone = 0 AND s.removed IS NULL ORDER BY p.source, p.path, p.record LIMIT 1"
)


def read(reader: CatalogReader, place: Place) -> PlaceRow | None:
    """Return what a place holds."""
    row = reader.row(f"{_READ} WHERE source = ? AND path = ? AND record = ?", place.key)
    return None if row is None else mapping.place_row(row)


def in_file(reader: CatalogReader, file: FileKey) -> list[PlaceRow]:
    """Return what a file holds, and what it held, by record."""
    return [mapping.place_row(row) for row in reader.rows(f"{_READ} WHERE source = ? AND path = ?", file)]


def in_source(reader: CatalogReader, source: str) -> list[PlaceRow]:
    """Return what a source holds, and what it held."""
    return [mapping.place_row(row) for row in reader.rows(f"{_READ} WHERE source = ?", (source,))]


def of_article(reader: CatalogReader, article: str) -> list[PlaceRow]:
    """Return where an article is, and where it was."""
    return [mapping.place_row(row) for row in reader.rows(f"{_READ} WHERE article = ?", (article,))]


def roots_of(reader: CatalogReader, article: str) -> list[tuple[PlaceRow, str]]:
    """Return where an article is and was, each with the root of its source."""
    both = f"{PLACES.sealed_as('p')}, {SOURCES.sealed_as('s')}"
    rows = reader.rows(f"SELECT {both} FROM places p JOIN sources s ON s.id = p.source WHERE p.article = ?", (article,))
    width = PLACES.width
    return [(mapping.place_row(row[:width]), mapping.source_row(row[width:]).root) for row in rows]


def files_of(reader: CatalogReader, source: str) -> set[str]:
    """Return the paths in a source at which records are or were."""
    return {path for (path,) in reader.rows("SELECT DISTINCT path FROM places WHERE source = ?", (source,))}


def another(reader: CatalogReader, article: str) -> Place | None:
    """Return a place where an article is, in a source that is not removed; the first by name."""
    row = reader.row(_OTHER, (article,))
    return None if row is None else Place(*row)


def of_removed_with_source(reader: CatalogReader, source: str) -> list[PlaceRow]:
    """Return the places in a source that hold an article which was removed together with some source."""
    rows = reader.rows(
        f"SELECT {PLACES.sealed_as('p')} FROM places p JOIN articles a ON a.id = p.article"
        " WHERE p.source = ? AND p.gone = 0 AND a.removed LIKE '% %'",
        (source,),
    )
    return [mapping.place_row(row) for row in rows]


def write(writing: Transaction, row: PlaceRow) -> None:
    """Write what a place holds."""
    writing.put(PLACES, *values(row))


def delete(writing: Transaction, place: Place) -> None:
    """Forget a place."""
    writing.delete("DELETE FROM places WHERE source = ? AND path = ? AND record = ?", place.key)


def delete_of_article(writing: Transaction, article: str) -> None:
    """Forget the places of an article."""
    writing.delete("DELETE FROM places WHERE article = ?", (article,))


def delete_in_file(writing: Transaction, file: FileKey) -> None:
    """Forget the places in a file."""
    writing.delete("DELETE FROM places WHERE source = ? AND path = ?", file)


def delete_in_source(writing: Transaction, source: str) -> None:
    """Forget the places in a source."""
    writing.delete("DELETE FROM places WHERE source = ?", (source,))
