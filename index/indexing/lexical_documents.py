"""What the lexical index is given of an article: its visible words with the title, and each passage's own words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from archive.core.article import Indexable
from index.analysis.analyzer import BREAK, joined, stems
from index.analysis.visible_words import visible_words
from index.contracts.conditions import day_number
from index.contracts.engines import IndexedDocument

TITLE_WEIGHT: Final = 2
_BETWEEN_WORDS: Final = frozenset(" \n\t\u3000。！？；：，、")


class _Piece(NamedTuple):
    """Words of a text in a row, joined by spaces: folded and stemmed; ``start`` is the offset of the first."""

    start: int
    folded: str
    stemmed: str


def documents(item: Indexable) -> tuple[IndexedDocument, tuple[IndexedDocument, ...]]:
    """Return the document of an article and those of its passages, in order.

    The article's document is its title and its visible text; the title counts twice for scoring and stands once, before
    a break, for phrases. A passage's document holds the words that begin in the passage.
    """
    edges = {offset for one in item.passages for offset in (one.start, one.end)}
    pieces = _between(item, edges) if all(_parts(item.version.text, edge) for edge in edges) else _one_by_one(item)
    title = item.article.title
    folded, stemmed = joined(title, 0, len(title), item.article.language)
    head = [*filter(None, (folded, BREAK))], [stemmed] * TITLE_WEIGHT
    starts = [piece.start for piece in pieces]
    day = day_number(item.article.published)
    return _document(day, pieces, *head), tuple(
        _document(day, pieces[bisect_left(starts, one.start) : bisect_left(starts, one.end)]) for one in item.passages
    )


def _document(
    day: int, pieces: Sequence[_Piece], folded: Sequence[str] = (), stemmed: Sequence[str] = ()
) -> IndexedDocument:
    return IndexedDocument(
        " ".join([*folded, *(piece.folded for piece in pieces if piece.folded)]),
        " ".join([*filter(None, stemmed), *(piece.stemmed for piece in pieces if piece.stemmed)]),
        day,
    )


def _parts(text: str, edge: int) -> bool:
    """Tell whether no word can reach over an offset."""
    return not _BETWEEN_WORDS.isdisjoint(text[max(0, edge - 1) : edge + 1]) or edge in (0, len(text))


def _between(item: Indexable, edges: set[int]) -> list[_Piece]:
    """Analyse what lies between passages' edges and hidden spans, each stretch at once; a break for a hidden span."""
    text, language = item.version.text, item.article.language
    hidden = {span.start: span.end for span in item.version.hidden}
    pieces, shown = [], 0
    for start, end in pairwise(sorted({0, len(text), *edges, *hidden, *hidden.values()})):
        if start in hidden:
            pieces.append(_Piece(start, BREAK, ""))
            shown = hidden[start]
        if start >= shown:
            pieces.append(_Piece(start, *joined(text, start, end, language)))
    return pieces


def _one_by_one(item: Indexable) -> list[_Piece]:
    """Analyse a text of which a passage ends within a word: a piece a word."""
    found, known = visible_words(item.version.text, item.version.hidden), stems(item.article.language)
    return [_Piece(at, word, known[word] or "") for at, word in zip(found.starts, found.folded, strict=True)]
