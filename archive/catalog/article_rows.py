"""Small changes of an article's row: moved, gone, removed, restored. Each raises the change number.

``places.gone`` says 0 for a record that is there, ``WITH_FILE`` for one whose file vanished, ``LOST`` for one that its
file does not hold any more. ``articles.removed`` holds the time of the removal; where an article was removed with its
source, also the source, after a space.
"""

from __future__ import annotations

from typing import Final

from archive.catalog.database import Transaction
from archive.catalog.schema import ARTICLES, PLACES, Value

WITH_FILE: Final = 1
LOST: Final = 2
Place = tuple[str, str, str]
_COLUMNS: Final = ARTICLES.names[1:]
_READ: Final = f"SELECT {', '.join(_COLUMNS)} FROM articles WHERE id = ?"
_OTHER: Final = (
    "SELECT p.source, p.path, p.record FROM places p JOIN sources s ON s.id = p.source"
    " WHERE p.article = ? AND p.gone = 0 AND s.removed IS NULL ORDER BY p.source, p.path, p.record"
)


def update_article(writing: Transaction, article: str, **fields: Value) -> bool:
    """Set some columns of an article, leaving the row as it is when they hold that already; tell whether it changed."""
    row = writing.row(_READ, (article,))
    if row is None:
        return False
    held = dict(zip(_COLUMNS, row, strict=True))
    differs = any(held[name] != value for name, value in fields.items())
    if differs:
        _write(writing, article, held | fields)
    return differs


def touch_article(writing: Transaction, article: str) -> None:
    """Say that an article changed in a way its row does not show, such as its passages."""
    row = writing.row(_READ, (article,))
    if row is not None:
        _write(writing, article, dict(zip(_COLUMNS, row, strict=True)))


def lose_place(writing: Transaction, place: Place, how: int) -> None:
    """Mark a place as gone, and its article when no other place holds it; the article stays searchable."""
    row = writing.row("SELECT article, raw_digest FROM places WHERE source = ? AND path = ? AND record = ?", place)
    if row is not None:
        writing.put(PLACES, *place, *row, how)
        leave_place(writing, row[0], place)


def leave_place(writing: Transaction, article: str, place: Place) -> None:
    """Anchor an article elsewhere when it was anchored at a place that is gone; without one it is gone too."""
    held = writing.row("SELECT source, path, record FROM articles WHERE id = ?", (article,))
    if held != place:
        return
    other = other_place(writing, article)
    if other is not None:
        anchor(writing, article, other)
    else:
        update_article(writing, article, gone=1)


def other_place(writing: Transaction, article: str) -> Place | None:
    """Return a place where an article still is, in a source that is not removed; the first by name."""
    row = writing.row(f"{_OTHER} LIMIT 1", (article,))
    return (row[0], row[1], row[2]) if row is not None else None


def settle(writing: Transaction, article: str, old: tuple[str, str], place: Place) -> None:
    """Anchor an article at a place it moved to or came back to, unless it lives at another one.

    One that was removed with its source is back; one that was removed by itself is not.
    """
    row = writing.row("SELECT source, path, gone, removed FROM articles WHERE id = ?", (article,))
    if row is None:
        return
    if row[2] or row[:2] == old or with_source(row[3]):
        anchor(writing, article, place)


def anchor(writing: Transaction, article: str, place: Place) -> None:
    """Say where an article is; a removal together with a source ends with that."""
    row = writing.row("SELECT removed FROM articles WHERE id = ?", (article,))
    removed = row[0] if row is not None and not with_source(row[0]) else None
    source, path, record = place
    update_article(writing, article, source=source, path=path, record=record, gone=0, removed=removed)


def with_source(removed: str | None) -> bool:
    """Tell whether an article was removed together with a source."""
    return removed is not None and " " in removed


def _write(writing: Transaction, article: str, held: dict[str, Value]) -> None:
    held["changed"] = writing.next_change()
    writing.put(ARTICLES, article, *held.values())
