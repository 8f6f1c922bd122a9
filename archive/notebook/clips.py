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


class Follower:
    """Follows clips; what was looked up of an article is kept, so that one serves for a list and no longer.

    Args:
        archive: has the texts.
        catalog: of the archive.
    """

    def __init__(self, archive: CatalogReading, catalog: Catalog) -> None:
        self._archive = archive
        self._catalog = catalog
        self._known: dict[str, tuple[Article | None, bool]] = {}

    def followed(self, row: ClipRow) -> Clip:
        """Return a clip with its words where they stand now.

        They are looked for in the article's current text first: as they were marked, but for white space. Words that
        are not in it stay where they were, in the older text. No text is believed that is not the one its digest names.
        """
        if row.purged:
            return Clip(row.id, row.question, row.note, row.kept, Standing.PURGED, purged=row.purged)
        article, is_removed = self._article(row.article)
        if article is None:
            return _standing(row, Standing.LOST, None)
        try:
            found = _found(row, article, self._archive)
        except Damaged:
            return _standing(row, Standing.DAMAGED, article)
        if found is None:
            return _standing(row, Standing.LOST, article)
        standing, version, span, text = found
        (part,) = self._archive.parts_at([(article.id, version, span.start, span.end)])
        places = (version, span.start, span.end, text[span.start : span.end], part)
        standing = Standing.REMOVED if is_removed else standing
        return Clip(row.id, row.question, row.note, row.kept, standing, article, *places)

    def _article(self, article_id: str) -> tuple[Article | None, bool]:
        """Return an article, removed or not, and whether it was removed."""
        if article_id not in self._known:
            live = articles.described(self._catalog, article_id)
            kept = live or articles.described(self._catalog, article_id, removed=True)
            self._known[article_id] = kept, live is None
        return self._known[article_id]


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
