"""One state of the catalog, read from its beginning to its end while others write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cached_property

from archive.catalog import mapping
from archive.catalog.database import number
from archive.core.article import Indexable


class Snapshot:
    """One state of the catalog, read article by article.

    Attributes:
        change: the change number of that state.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.change = self._number("SELECT value FROM meta WHERE name = 'change'")

    @cached_property
    def articles(self) -> int:
        """Return how many articles there are, removed ones not counted."""
        return self._number("SELECT count(*) FROM articles WHERE removed IS NULL")

    @cached_property
    def passages(self) -> int:
        """Return how many passages the current versions of these articles have."""
        return self._number(
            "SELECT count(*) FROM passages p JOIN articles a ON a.id = p.article AND a.version = p.version"
            " WHERE a.removed IS NULL"
        )

    def changed(self, since: int) -> tuple[str, ...]:
        """Return the articles that were added, changed, removed or brought back after a change number, sorted."""
        rows = self._connection.execute("SELECT id FROM articles WHERE changed > ? ORDER BY id", (since,))
        return tuple(one for (one,) in rows)

    def __iter__(self) -> Iterator[Indexable]:
        """Yield every article with its current version and passages, in the order of identifiers."""
        return self.since(0)

    def since(self, change: int) -> Iterator[Indexable]:
        """Yield the articles that changed after a change number and are not removed, in the order of identifiers."""
        newer = "WHERE a.removed IS NULL AND a.changed > ? ORDER BY a.id"
        for row in self._connection.execute(f"{mapping.ARTICLE} {newer}", (change,)):
            article = mapping.article(row)
            key = (article.id, article.version)
            found = self._connection.execute(f"{mapping.VERSION} WHERE article = ? AND digest = ?", key).fetchone()
            version = mapping.version(found)
            cut = self._connection.execute(mapping.PASSAGES, key).fetchall()
            yield Indexable(article, version, mapping.passages(cut, version))

    def _number(self, statement: str) -> int:
        found = self._connection.execute(statement).fetchone()
        return number(found[0] if found else None)
