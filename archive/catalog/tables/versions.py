"""The texts of the articles, and the passages each is cut into."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from archive.catalog import mapping
from archive.catalog.rows import TextSlice
from archive.catalog.schema import FORMER_PASSAGES, PASSAGES, VERSION_NUMBERS, VERSIONS, TableSchema
from archive.catalog.transaction import CatalogReader, Row, Transaction
from archive.core.article import Passage, Version
from archive.core.errors import Action, Damaged, Remedy

VersionKey = tuple[str, str]
"""An article and the digest of one of its versions."""

_PASSAGE: Final = (
    f"SELECT {PASSAGES.sealed_as('p')} FROM passages p JOIN articles a ON a.id = p.article"
    " WHERE p.id = ? AND a.removed IS NULL ORDER BY a.version = p.version DESC"
)
_FORMER: Final = (
    f"SELECT {FORMER_PASSAGES.sealed_as('p')} FROM former_passages p JOIN articles a ON a.id = p.article"
    " WHERE p.id = ? AND a.removed IS NULL"
)
# CROSS fixes the order, by which passages of older versions are not met: SQLite would go through those of all versions.
_CURRENT: Final = (
    "SELECT count(*) FROM articles a CROSS JOIN passages p ON p.article = a.id AND p.version = a.version"
    " WHERE a.removed IS NULL"
)
_BY_ARTICLE: Final = ("former_passages", "version_numbers", "passages", "versions")
_NUMBER: Final = (
    "coalesce((SELECT number FROM version_numbers n WHERE n.article = versions.article AND n.version = digest), 0)"
)


def read(reader: CatalogReader, key: VersionKey) -> Version | None:
    """Return a version."""
    row = reader.row(f"{VERSIONS.everything} WHERE article = ? AND digest = ?", key)
    return None if row is None else mapping.version(row)


def held(reader: CatalogReader, key: VersionKey) -> Version:
    """Return a version that is there unless the catalog is damaged.

    Raises:
        Damaged: it is not there, or does not hold what was written.
    """
    version = read(reader, key)
    if version is None:
        raise Damaged(f"The catalog lacks a text of the article {key[0]}.", remedy=Remedy(Action.REPAIR))
    return version


def of_article(reader: CatalogReader, article: str) -> tuple[Version, ...]:
    """Return all versions of an article, oldest first: as they were first read, whatever the clock said."""
    rows = reader.rows(f"{VERSIONS.everything} WHERE article = ? ORDER BY {_order(reader)}", (article,))
    return tuple(mapping.version(row) for row in rows)


def digests_of(reader: CatalogReader, article: str) -> tuple[str, ...]:
    """Return the digests of all versions of an article, oldest first, whether they hold what was written or not."""
    rows = reader.rows(f"SELECT digest FROM versions WHERE article = ? ORDER BY {_order(reader)}", (article,))
    return tuple(digest for (digest,) in rows)


def _order(reader: CatalogReader) -> str:
    number = _NUMBER if _has(reader, VERSION_NUMBERS) else "NULL"
    return f"{number}, seen, rowid"


def keys(reader: CatalogReader, after: str = "") -> list[VersionKey]:
    """Return article and digest of each version, sorted, from after one that is spelled with a space between."""
    statement = "SELECT article, digest FROM versions WHERE article || ' ' || digest > ? ORDER BY article, digest"
    return [(article, digest) for article, digest in reader.rows(statement, (after,))]


def digests(reader: CatalogReader) -> set[str]:
    """Return the digests of all texts."""
    return {digest for (digest,) in reader.rows("SELECT DISTINCT digest FROM versions")}


def raw_digests(reader: CatalogReader, article: str) -> list[tuple[str, str]]:
    """Return the digest of each version of an article, with that of the bytes it was read from."""
    rows = reader.rows("SELECT digest, raw_digest FROM versions WHERE article = ?", (article,))
    return [(digest, raw) for digest, raw in rows]


def holding(reader: CatalogReader, digest: str) -> set[str]:
    """Return the articles that have a version of this text."""
    return {article for (article,) in reader.rows("SELECT article FROM versions WHERE digest = ?", (digest,))}


def is_text_held(reader: CatalogReader, digest: str) -> bool:
    """Tell whether some article has a version of this text."""
    return reader.row("SELECT 1 FROM versions WHERE digest = ?", (digest,)) is not None


def passages(reader: CatalogReader, version: Version) -> tuple[Passage, ...]:
    """Return the passages of a version, in order."""
    rows = reader.rows(mapping.PASSAGES_OF_VERSION, (version.article_id, version.digest))
    return mapping.passages(rows, version)


def is_held(reader: CatalogReader, key: VersionKey) -> bool:
    """Tell whether a version is there; its text is not read."""
    return reader.row("SELECT 1 FROM versions WHERE article = ? AND digest = ?", key) is not None


def text(reader: CatalogReader, key: VersionKey) -> str | None:
    """Return the text of a version, None where that is not there; nothing else of its row is read.

    Raises:
        Damaged: the text is not the one that its digest names.
    """
    row = reader.row("SELECT CAST(text AS BLOB) FROM versions WHERE article = ? AND digest = ?", key)
    if row is None:
        return None
    (raw,) = row
    if raw is None or sha256(raw).hexdigest() != key[1]:
        what = f"The text of the article {key[0]} does not hold what was written."
        raise Damaged(what, remedy=Remedy(Action.REPAIR))
    return bytes(raw).decode("utf-8", "surrogatepass")


def passage(reader: CatalogReader, passage_id: str) -> TextSlice | None:
    """Return where a passage is, of an article that is not removed.

    One of a current version comes before one of an older version, and that before one that its version was cut into
    before it was cut otherwise.
    """
    row, table = reader.row(_PASSAGE, (passage_id,)), PASSAGES
    if row is None:
        row, table = _former(reader, passage_id), FORMER_PASSAGES
    return None if row is None else mapping.text_slice(table, row)


def count_passages(reader: CatalogReader, article: str) -> int:
    """Return how many passages the versions of an article have."""
    (count,) = reader.row("SELECT count(*) FROM passages WHERE article = ?", (article,)) or (0,)
    return int(count)


def count_current_passages(reader: CatalogReader) -> int:
    """Return how many passages the current versions of the articles that are not removed have."""
    (count,) = reader.row(_CURRENT) or (0,)
    return int(count)


def add(writing: Transaction, version: Version, number: int | None) -> None:
    """Write a version that is new, as the newest of its article; its passages are written by themselves.

    Args:
        writing: the unit of work.
        version: that is new.
        number: its own among those of its article (``derivations.Known.number_at``).
    """
    if number is not None:
        writing.put(VERSION_NUMBERS, version.article_id, version.digest, number)
    write(writing, version)


def write(writing: Transaction, version: Version) -> None:
    """Write a version over the one that is there."""
    writing.put(VERSIONS, *mapping.version_row(version))


def write_passages(writing: Transaction, version: Version, cut: Sequence[Passage]) -> None:
    """Write the passages of a version that has none yet."""
    for number, passage in enumerate(cut):
        writing.put(PASSAGES, version.article_id, version.digest, number, passage.id, passage.start, passage.end)


def recut(writing: Transaction, version: Version, cut: Sequence[Passage]) -> None:
    """Write other passages of a version; where those were that it has no more is kept, because others name them."""
    key, kept = (version.article_id, version.digest), {passage.id for passage in cut}
    for passage in passages(writing, version):
        if passage.id not in kept:
            writing.put(FORMER_PASSAGES, passage.id, *key, passage.start, passage.end)
    writing.delete("DELETE FROM passages WHERE article = ? AND version = ?", key)
    write_passages(writing, version, cut)


def delete_of_article(writing: Transaction, article: str) -> None:
    """Delete the versions of an article with their passages."""
    for table in _BY_ARTICLE:
        writing.delete(f"DELETE FROM {table} WHERE article = ?", (article,))


def _former(reader: CatalogReader, passage_id: str) -> Row | None:
    return reader.row(_FORMER, (passage_id,)) if _has(reader, FORMER_PASSAGES) else None


def _has(reader: CatalogReader, table: TableSchema) -> bool:
    """Tell whether a catalog has a table that came later; one that was not written to since an upgrade lacks it."""
    return reader.row("SELECT 1 FROM sqlite_master WHERE name = ?", (table.name,)) is not None
