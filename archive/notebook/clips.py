"""Following clips: where the words of each are now, read from the text and compared with what was marked."""

from __future__ import annotations

import sys
from typing import Final

from archive.catalog.database import Catalog
from archive.catalog.reading import CatalogReading
from archive.catalog.tables import articles
from archive.catalog.tables.notebook import ClipRow
from archive.core.article import Article, Span
from archive.core.errors import Damaged
from archive.notebook.kept import Clip, Standing
from archive.text.anchors import find_verbatim

_WHOLE: Final = sys.maxsize  # an end behind that of any text


def followed(row: ClipRow, archive: CatalogReading, catalog: Catalog) -> Clip:
    """Return a clip with its words where they stand now.

    They are looked for in the article's current text first: as they were marked, but for white space. Words that are
    not in it stay where they were, in the older text. No text is believed that is not the one its digest names.

    Args:
        row: as it was kept.
        archive: has the texts.
        catalog: of the archive.
    """
    if row.purged:
        return Clip(row.id, row.question, row.note, row.kept, Standing.PURGED, purged=row.purged)
    article = articles.described(catalog, row.article, removed=True)
    if article is None:
        return _standing(row, Standing.LOST, None)
    try:
        found = _found(row, article, archive)
    except Damaged:
        return _standing(row, Standing.DAMAGED, article)
    if found is None:
        return _standing(row, Standing.LOST, article)
    standing, version, span, text = found
    if articles.described(catalog, row.article) is None:
        standing = Standing.REMOVED
    (part,) = archive.parts_at([(article.id, version, span.start, span.end)])
    places = (version, span.start, span.end, text[span.start : span.end], part)
    return Clip(row.id, row.question, row.note, row.kept, standing, article, *places)


def _found(row: ClipRow, article: Article, archive: CatalogReading) -> tuple[Standing, str, Span, str] | None:
    """Return how and where the words of a clip are found, with the whole text they are in."""
    place = Span(row.start, row.stop)
    current = _text(archive, article.id, article.version)
    if row.version == article.version and current is not None and _holds(current, place, row.words):
        return Standing.CURRENT, article.version, place, current
    moved = None if current is None else find_verbatim(row.words, current, row.start)
    if current is not None and moved is not None:
        return Standing.MOVED, article.version, moved, current
    older = _text(archive, article.id, row.version)
    if older is not None and _holds(older, place, row.words):
        return Standing.OLDER, row.version, place, older
    return None


def _text(archive: CatalogReading, article: str, version: str) -> str | None:
    (text,) = archive.passage_texts([(article, version, 0, _WHOLE)])
    return text


def _holds(text: str, place: Span, words: str) -> bool:
    return text[place.start : place.end] == words


def _standing(row: ClipRow, standing: Standing, article: Article | None) -> Clip:
    where = (row.version, row.start, row.stop)
    return Clip(row.id, row.question, row.note, row.kept, standing, article, *where)
