"""The articles, each with the metadata of its current version."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from archive.catalog import mapping
from archive.catalog.integrity import is_sound
from archive.catalog.rows import ArticleRow
from archive.catalog.schema import ARTICLES
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.article import Article

_READ: Final = ARTICLES.everything
_REMOVED: Final = ARTICLES.names.index("removed")
_ONLY_IN: Final = (
    "SELECT id FROM articles a WHERE source = ? AND NOT EXISTS (SELECT 1 FROM places p JOIN sources s"
    " ON s.id = p.source WHERE p.article = a.id AND p.gone = 0 AND s.removed IS NULL AND p.source <> a.source)"
    " ORDER BY id"
)


def read(reader: CatalogReader, article: str) -> ArticleRow | None:
    """Return an article, removed or not."""
    row = reader.row(f"{_READ} WHERE id = ?", (article,))
    return None if row is None else mapping.article_row(row)


def exists(reader: CatalogReader, article: str) -> bool:
    """Tell whether there is an article of an identifier, removed or not."""
    return reader.row("SELECT 1 FROM articles WHERE id = ?", (article,)) is not None


def is_any(reader: CatalogReader) -> bool:
    """Tell whether there is any article, removed ones included."""
    return reader.row("SELECT 1 FROM articles LIMIT 1") is not None


def is_any_live(reader: CatalogReader) -> bool:
    """Tell whether there is any article that is not removed."""
    return reader.row("SELECT 1 FROM articles WHERE removed IS NULL LIMIT 1") is not None


def in_source(reader: CatalogReader, source: str) -> list[ArticleRow]:
    """Return the articles that are anchored in a source, removed ones too."""
    return [mapping.article_row(row) for row in reader.rows(f"{_READ} WHERE source = ?", (source,))]


def only_in(reader: CatalogReader, source: str) -> tuple[str, ...]:
    """Return the articles of a source that no other source holds, removed ones too."""
    return tuple(article for (article,) in reader.rows(_ONLY_IN, (source,)))


def ids(reader: CatalogReader) -> list[str]:
    """Return all identifiers, also of removed articles."""
    return [article for (article,) in reader.rows("SELECT id FROM articles")]


def live(reader: Transaction, source: str | None = None) -> Iterator[Article]:
    """Yield the articles that are not removed, of one source or of all, in the order of identifiers."""
    only, values = (" AND a.source = ?", (source,)) if source else ("", ())
    for row in reader.each(f"{mapping.ARTICLE} WHERE a.removed IS NULL{only} ORDER BY a.id", values):
        yield mapping.article(row)


def live_since(reader: Transaction, change: int) -> Iterator[Article]:
    """Yield the articles that changed after a change number and are not removed, in the order of identifiers.

    Removed ones are read as well: that an article counts as removed is proved like everything else of it.
    """
    for row in reader.each(f"{mapping.ARTICLE} WHERE a.changed > ? ORDER BY a.id", (change,)):
        article = mapping.article(row)
        if row[_REMOVED] is None:
            yield article


def described(reader: CatalogReader, article: str, *, removed: bool = False) -> Article | None:
    """Return an article as its users see it; one that was removed only where that is asked for."""
    state = "" if removed else " AND a.removed IS NULL"
    row = reader.row(f"{mapping.ARTICLE} WHERE a.id = ?{state}", (article,))
    return None if row is None else mapping.article(row)


def removed_among(reader: CatalogReader, identifiers: Iterable[str]) -> frozenset[str]:
    """Return which of some articles were removed; a row that does not hold what was written removes none."""
    named = json.dumps([*identifiers])
    which = "WHERE removed IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
    found = reader.rows(f"{_READ} {which}", (named,), any_text=True)
    return frozenset(str(row[0]) for row in found if is_sound(ARTICLES, row))


def removed_since(reader: CatalogReader, since: int) -> frozenset[str]:
    """Return the articles that were removed after a change number; a row as it was not written removes none."""
    found = reader.rows(f"{_READ} WHERE removed IS NOT NULL AND changed > ?", (since,), any_text=True)
    return frozenset(str(row[0]) for row in found if is_sound(ARTICLES, row))


def known_among(reader: CatalogReader, identifiers: Iterable[str]) -> frozenset[str]:
    """Return which of some articles there are, removed ones among them."""
    found = reader.rows(
        "SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([*identifiers]),)
    )
    return frozenset(str(row[0]) for row in found)


def count_gone(reader: CatalogReader) -> int:
    """Return how many articles no place holds any more, removed ones not counted."""
    (count,) = reader.row("SELECT count(*) FROM articles WHERE gone = 1 AND removed IS NULL") or (0,)
    return int(count)


def count_changed(reader: CatalogReader, since: int) -> int:
    """Return how many articles were added, changed or removed after a change number."""
    (count,) = reader.row("SELECT count(*) FROM articles WHERE changed > ?", (since,)) or (0,)
    return int(count)


def count_live(reader: CatalogReader) -> int:
    """Return how many articles there are, removed ones not counted."""
    (count,) = reader.row("SELECT count(*) FROM articles WHERE removed IS NULL") or (0,)
    return int(count)


def count_kept(reader: CatalogReader, since: int) -> int:
    """Return how many articles that are not removed stand as they stood at a change number."""
    (count,) = reader.row("SELECT count(*) FROM articles WHERE removed IS NULL AND changed <= ?", (since,)) or (0,)
    return int(count)


def changed(reader: CatalogReader, since: int) -> tuple[str, ...]:
    """Return the articles that were added, changed, removed or brought back after a change number, sorted."""
    rows = reader.rows("SELECT id FROM articles WHERE changed > ? ORDER BY id", (since,))
    return tuple(article for (article,) in rows)


def changed_between(reader: CatalogReader, since: int, upto: int) -> list[str]:
    """Return the articles whose newest change has a number above one and not above another."""
    rows = reader.rows("SELECT id FROM articles WHERE changed > ? AND changed <= ?", (since, upto))
    return [article for (article,) in rows]


def beginning_with(reader: CatalogReader, prefix: str, most: int, tables: Sequence[str]) -> tuple[str, ...]:
    """Return identifiers of articles that begin with a prefix, then of passages', then of sources'; of some tables."""
    bounds = (f"{prefix}\U0010ffff", prefix, most)
    identifiers = [
        identifier
        for table in tables
        for (identifier,) in reader.rows(f"SELECT id FROM {table} WHERE id < ? AND id >= ? LIMIT ?", bounds)
    ]
    return tuple(dict.fromkeys(identifiers))[:most]


def write(writing: Transaction, row: ArticleRow) -> None:
    """Write an article with a new change number, so that the index sees it."""
    writing.put(ARTICLES, *replace(row, changed=writing.next_change()).columns)


def change(writing: Transaction, before: ArticleRow, after: ArticleRow) -> bool:
    """Write an article when it differs from what its row holds; tell whether it did."""
    differs = before != after
    if differs:
        write(writing, after)
    return differs


def delete(writing: Transaction, article: str) -> None:
    """Delete an article, and nothing of its versions and places."""
    writing.delete("DELETE FROM articles WHERE id = ?", (article,))
