"""Small changes of an article's row: moved, gone, removed, restored. Each raises the change number."""

from __future__ import annotations

from typing import Final

from archive.catalog import Transaction
from archive.rows import ARTICLES, PLACES, Value

_COLUMNS: Final = ARTICLES.names[1:]


def update_article(writing: Transaction, article: str, **fields: Value) -> None:
    """Set some columns of an article, leaving the row as it is when they hold that already."""
    row = writing.row(f"SELECT {', '.join(_COLUMNS)} FROM articles WHERE id = ?", (article,))
    if row is None:
        return
    held = dict(zip(_COLUMNS, row, strict=True))
    if any(held[name] != value for name, value in fields.items()):
        _write(writing, article, held | fields)


def touch_article(writing: Transaction, article: str) -> None:
    """Say that an article changed in a way its row does not show, such as its passages."""
    row = writing.row(f"SELECT {', '.join(_COLUMNS)} FROM articles WHERE id = ?", (article,))
    if row is not None:
        _write(writing, article, dict(zip(_COLUMNS, row, strict=True)))


def lose_place(writing: Transaction, source: str, path: str, record: str) -> None:
    """Mark a place as gone, and its article when no other place holds it; the article stays searchable."""
    key = (source, path, record)
    row = writing.row("SELECT article, raw_digest FROM places WHERE source = ? AND path = ? AND record = ?", key)
    if row is None:
        return
    writing.put(PLACES, *key, *row, 1)
    other = writing.row("SELECT source, path, record FROM places WHERE article = ? AND gone = 0", (row[0],))
    if other is None:
        update_article(writing, row[0], gone=1)
    else:
        update_article(writing, row[0], source=other[0], path=other[1], record=other[2], gone=0)


def _write(writing: Transaction, article: str, held: dict[str, Value]) -> None:
    held["changed"] = writing.next_change()
    writing.put(ARTICLES, article, *held.values())
