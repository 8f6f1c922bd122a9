"""The seams of retrieval: what an engine must do, in terms no engine owns.

Documents are *ordinals*: positions in a generation's columns (int64, from 0). The lexical index holds two tables of
one schema, articles and passages, each numbered by its own ordinals. Engines receive tokens that are already analysed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.contracts.conditions import Condition, Field, Term

Ordinals = NDArray[np.int64]
Floats = NDArray[np.float32]


class Table(StrEnum):
    """The two tables of a lexical index."""

    ARTICLES = "articles"
    PASSAGES = "passages"


@dataclass(frozen=True, slots=True)
class Weighted:
    """A term that scores, with its weight (1.0 for what the person typed, less for what expansion added)."""

    term: Term
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Scored:
    """Documents with scores, best first; equal scores in ascending order of ordinals. Arrays of one length."""

    ordinals: Ordinals
    scores: Floats


def best(ordinals: Ordinals, scores: Floats, limit: int) -> Scored:
    """Return the documents with the ``limit`` highest scores, best first and taken through ties at the cut.

    Args:
        ordinals: of documents, ascending.
        scores: of each, aligned.
        limit: how many at least.
    """
    if limit <= 0:
        return Scored(np.empty(0, np.int64), np.empty(0, np.float32))
    if limit < len(scores):
        kept = np.flatnonzero(scores >= np.partition(scores, len(scores) - limit)[len(scores) - limit])
        ordinals, scores = ordinals[kept], scores[kept]
    order = np.lexsort((ordinals, -scores))
    return Scored(ordinals[order], scores[order])


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """One document for the lexical index: the same text in both fields, as tokens in order, joined by single spaces.

    Attributes:
        stemmed: a further form of a word that is there too has ``BESIDE`` before it.
        day: of publication, see ``query.day_number``.
    """

    folded: str
    stemmed: str
    day: int = 0


class WordStatistics(Protocol):
    """The words of an index, and how many documents hold each. Safe to share between threads."""

    def size(self, table: Table) -> int:
        """Return how many ordinals the table has given out; tombstoned documents count, though none is ever found."""

    def document_frequency(self, table: Table, term: Term) -> int:
        """Return how many documents of the table hold the term."""

    def words(self, table: Table, field: Field, beginning: str, most: int | None = None) -> list[tuple[str, int]]:
        """Return the tokens of a field that start with ``beginning``, with how many documents hold each.

        Those of most documents first, equals in the order of their letters; the first ``most`` of them.
        """


class LexicalIndex(WordStatistics, Protocol):
    """BM25 and boolean matching over one generation. Safe to share between threads."""

    def top(self, table: Table, terms: Sequence[Weighted], limit: int, within: Condition | None = None) -> Scored:
        """Return the best documents that hold at least one of the terms, taken through ties at the cut.

        ``within`` admits only documents of which it holds. A document's score is the sum over terms of
        weight x BM25.
        """

    def score(self, table: Table, terms: Sequence[Weighted], ordinals: Ordinals) -> Floats:
        """Return the BM25 score of each given document, aligned with ``ordinals``; 0 where nothing matches.

        ``ordinals`` ascend and none is there twice, here as in ``held`` and ``meeting``.
        """

    def held(self, table: Table, groups: Sequence[Sequence[Term]], ordinals: Ordinals) -> NDArray[np.bool_]:
        """Return which of the given documents hold a term of which group, shape ``(len(groups), len(ordinals))``."""

    def matching(self, table: Table, condition: Condition) -> Ordinals:
        """Return the ordinals of which the condition holds, ascending."""

    def meeting(self, table: Table, condition: Condition, ordinals: Ordinals) -> NDArray[np.bool_]:
        """Tell which of the given documents ``matching`` would find under the condition, aligned with ``ordinals``."""

    def close(self) -> None:
        """Let go of files; the index is not used afterwards."""


class LexicalWriter(Protocol):
    """Writes one lexical index; documents of each table arrive in ascending order of ordinals, without gaps."""

    def add(self, table: Table, document: IndexedDocument) -> None:
        """Append a document to the table; its ordinal is the number of documents added before it."""

    def finish(self) -> None:
        """Make everything durable and close; the folder is complete afterwards."""


class LexicalEngine(Protocol):
    """A way to store and search a lexical index: writes into a folder, opens that folder read-only."""

    def writer(self, folder: Path) -> LexicalWriter:
        """Start a new index in an empty folder."""

    def open(self, folder: Path) -> LexicalIndex:
        """Open a finished index; raises ``Damaged`` when it cannot be read."""

    def extend(self, old: Path, folder: Path, tombstoned: Mapping[Table, Ordinals]) -> LexicalWriter:
        """Start an index in a new folder with the documents of a finished one, which stays as it is.

        Args:
            old: folder of the finished index.
            folder: made; shares with ``old`` the files that never change again.
            tombstoned: documents of each table that are not found any more.

        Returns:
            A writer whose first document gets the ordinal after the last of ``old``.
        """


class VectorIndex(Protocol):
    """Cosine over unit vectors of one generation's passages. Safe to share between threads."""

    def nearest(self, query: Floats, limit: int) -> Scored:
        """Return the passages nearest to the unit vector ``query`` (shape ``(dimension,)``)."""

    def close(self) -> None:
        """Let go of files; the index is not used afterwards."""


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def fingerprint(self) -> str:
        """Identify weights, tokenizer, pooling, prompts and limit: equal fingerprints give equal vectors."""

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, shape ``(len(texts), dimension)``."""


class NearestProposer(Protocol):
    """Proposes passages by meaning, approximately."""

    def nearest(self, query: Floats, limit: int) -> Scored | None:
        """Return passages near to the unit vector ``query``, best first; None when nobody proposes."""


class Cosines(Protocol):
    """Cosines of a generation's passages: exact for those that are nearest."""

    def nearest(self, query: Floats, limit: int, admissible: NDArray[np.bool_] | None = None) -> Scored:
        """Return the admissible passages nearest to the unit vector ``query``, taken through ties at the cut.

        Of very many, one in some thousands may be missing (``index.vectors.int8``).
        """

    def scores(self, query: Floats, ordinals: Ordinals) -> Floats:
        """Return the cosine of each given passage, aligned with ``ordinals``."""

    def above(self, query: Floats, least: float, admissible: NDArray[np.bool_] | None = None) -> Ordinals:
        """Return the admissible passages with a cosine of at least ``least``, ascending; none is missing."""
