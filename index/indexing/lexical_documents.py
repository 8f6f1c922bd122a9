"""What the lexical index is given of an article (visible words with the title, each passage's own), and writing it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from archive.core.article import Indexable
from archive.core.spans import gaps
from archive.folder.files import link_tree, make_dir
from archive.text.searched import searched
from index.analysis.analyzer import divides, joined, placed
from index.analysis.pieces import BREAK
from index.contracts.conditions import day_number
from index.contracts.engines import IndexedDocument, LexicalWriter, Table
from index.generations.columns import ColumnsWriter, copy_key
from index.generations.generation import COLUMNS, LEXICAL
from index.indexing.facts import Base
from index.lexical import engine

UNKNOWN: Final = "und"  # ISO 639: such articles hold their words unstemmed


class _Piece(NamedTuple):
    """Words of a text in a row, joined by spaces: folded and stemmed; ``start`` is the offset of the first."""

    start: int
    folded: str
    stemmed: str


class TextIndexWriter:
    """Writes ``columns/`` and ``lexical/`` of a generation.

    Args:
        folder: of the new generation.
        engine: name of the lexical engine.
        title_weight: see ``documents``.
        base: a generation whose rows and words are taken over; None writes anew.
    """

    def __init__(self, folder: Path, engine: str, title_weight: int, base: Base | None = None) -> None:
        self.since = base.manifest.change if base else 0
        self._folder, self._engine, self._title_weight, self._base = folder, engine, title_weight, base
        self._columns = ColumnsWriter(folder / COLUMNS)
        self._languages = set(base.manifest.languages) if base else set[str]()
        self._words: LexicalWriter | None = None
        if base is not None:
            self._columns.take_over(base.columns, base.outdated)
        if base is None or len(base.outdated):
            self._words = self._opened()

    def add(self, item: Indexable) -> None:
        """Append an article with its passages."""
        if self._words is None:
            self._words = self._opened()
        of_article, of_passages = documents(item, self._title_weight)
        self._columns.add(item, [copy_key(document.folded) for document in of_passages])
        self._words.add(Table.ARTICLES, of_article)
        for document in of_passages:
            self._words.add(Table.PASSAGES, document)
        self._languages.add(item.article.language or UNKNOWN)

    def finish(self) -> tuple[str, ...]:
        """Complete both; return the languages of the articles, sorted."""
        self._columns.finish()
        if self._words is not None:
            self._words.finish()
        elif self._base is not None:
            link_tree(self._base.folder / LEXICAL, self._folder / LEXICAL)
        return tuple(sorted(self._languages))

    def _opened(self) -> LexicalWriter:
        folder, base = self._folder / LEXICAL, self._base
        if base is None:
            make_dir(folder)
            return engine(self._engine).writer(folder)
        tombstoned = {Table.ARTICLES: base.outdated, Table.PASSAGES: base.columns.passages_of(base.outdated)}
        return engine(self._engine).extend(base.folder / LEXICAL, folder, tombstoned)


def documents(item: Indexable, title_weight: int) -> tuple[IndexedDocument, tuple[IndexedDocument, ...]]:
    """Return the document of an article and those of its passages, in order.

    The article's document is its title and its visible text. For scoring the title counts ``title_weight`` times; for
    phrases it stands once, before a break. A passage's document holds the words that begin in the passage.
    """
    edges = {offset for passage in item.passages for offset in (passage.start, passage.end)}
    text = searched(item.version.text, item.version.hidden, edges).text
    pieces = _between(item, text, edges) if all(divides(text, edge) for edge in edges) else _one_by_one(item, text)
    title = item.article.title
    folded, stemmed = joined(title, 0, len(title), item.article.language)
    head = [*filter(None, (folded, BREAK))], [stemmed] * title_weight
    starts = [piece.start for piece in pieces]
    day = day_number(item.article.published)
    return _document(day, pieces, *head), tuple(
        _document(day, pieces[bisect_left(starts, passage.start) : bisect_left(starts, passage.end)])
        for passage in item.passages
    )


def _document(
    day: int, pieces: Sequence[_Piece], folded: Sequence[str] = (), stemmed: Sequence[str] = ()
) -> IndexedDocument:
    return IndexedDocument(
        " ".join([*folded, *(piece.folded for piece in pieces if piece.folded)]),
        " ".join([*filter(None, stemmed), *(piece.stemmed for piece in pieces if piece.stemmed)]),
        day,
    )


def _between(item: Indexable, text: str, edges: set[int]) -> list[_Piece]:
    """Analyse what lies between passages' edges and hidden spans, each stretch at once; a break for a hidden span."""
    language = item.article.language
    hidden = {span.start: span.end for span in item.version.hidden}
    pieces, shown = [], 0
    for start, end in pairwise(sorted({0, len(text), *edges, *hidden, *hidden.values()})):
        if start in hidden:
            pieces.append(_Piece(start, BREAK, ""))
            shown = hidden[start]
        if start >= shown:
            pieces.append(_Piece(start, *joined(text, start, end, language)))
    return pieces


def _one_by_one(item: Indexable, text: str) -> list[_Piece]:
    """Analyse a text of which a passage ends within a word: a piece a word."""
    pieces = list[_Piece]()
    for gap in gaps(item.version.hidden, len(text)):
        pieces += (_Piece(*token) for token in placed(text, gap.start, gap.end, item.article.language))
        pieces.append(_Piece(gap.end, BREAK, ""))
    return pieces
