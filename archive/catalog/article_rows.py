"""Small changes of where an article is: moved, gone, removed, restored. Each raises the change number."""

from __future__ import annotations

from dataclasses import replace

from archive.catalog.rows import ArticleRow, FileKey, Place, PlaceRow
from archive.catalog.tables import articles, meta, places
from archive.catalog.transaction import Transaction


def touch(writing: Transaction, article: str) -> None:
    """Say that an article changed in a way its row does not show, such as its passages."""
    row = articles.read(writing, article)
    if row is not None:
        articles.write(writing, row)


def lose_place(writing: Transaction, row: PlaceRow, how: int) -> None:
    """Mark a place as gone, and its article when no other place holds it; the article stays searchable.

    Args:
        writing: the unit of work.
        row: the place of a record that is not there any more.
        how: ``places.WITH_FILE`` or ``places.LOST``.
    """
    places.write(writing, replace(row, gone=how))
    leave_place(writing, row.article, row.place)


def leave_place(writing: Transaction, article: str, place: Place) -> None:
    """Anchor an article elsewhere when it was anchored at a place that is gone; without one it is gone too."""
    row = articles.read(writing, article)
    if row is None or row.place != place:
        return
    other = places.another(writing, article)
    if other is not None:
        anchor(writing, article, other)
    else:
        articles.change(writing, row, replace(row, gone=1))


def settle(writing: Transaction, article: str, old: FileKey, place: Place) -> None:
    """Anchor an article at a place it moved to or came back to, unless it lives at another one.

    One that was removed with its source is back; one that was removed by itself is not.
    """
    row = articles.read(writing, article)
    if row is not None and (row.gone or row.place.file == old or row.removed_with):
        anchor(writing, article, place)


def anchor(writing: Transaction, article: str, place: Place) -> None:
    """Say where an article is; a removal together with a source ends with that."""
    row = articles.read(writing, article)
    if row is None:
        return
    moved = replace(row, source=place.source, path=place.path, record=place.record, gone=0)
    _change(writing, row, _unremoved(moved) if row.removed_with else moved)


def remove(writing: Transaction, article: str, when: str, source: str | None = None) -> bool:
    """Take an article out of the archive, by itself or with its source; tell whether there was one to take out."""
    row = articles.read(writing, article)
    return row is not None and articles.change(writing, row, replace(row, removed_at=when, removed_with=source))


def restore(writing: Transaction, article: str) -> bool:
    """Undo the removal of an article; tell whether it was removed."""
    row = articles.read(writing, article)
    return row is not None and _change(writing, row, _unremoved(row))


def _unremoved(row: ArticleRow) -> ArticleRow:
    return replace(row, removed_at=None, removed_with=None)


def _change(writing: Transaction, before: ArticleRow, after: ArticleRow) -> bool:
    """Change an article; one that is back may have been made by older rules, so that is to be looked at again."""
    if before.gone > after.gone or (before.removed_at is not None and after.removed_at is None):
        meta.forget(writing, meta.RULES)
    return articles.change(writing, before, after)
