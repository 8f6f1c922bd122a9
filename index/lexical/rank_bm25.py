"""rank-bm25 as a lexical engine: exact and transparent, for small archives and as the yardstick of the other.

The package only scores; matching is a plain evaluation over the analysed tokens. Stored are arrays of token numbers
and a vocabulary in JSON, never a pickle; the scorer of a field is built from them when it is first asked.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from archive.errors import Damaged
from index.ranking import (
    AllOf,
    AnyOf,
    Condition,
    Field,
    Floats,
    IndexedDocument,
    LexicalIndex,
    LexicalWriter,
    Not,
    Ordinals,
    Phrase,
    Scored,
    Table,
    Term,
    Weighted,
)

NAME: Final = "rank-bm25"
K1: Final = 1.2
B: Final = 0.75
_VOCABULARY: Final = "vocabulary.json"


class RankBM25Engine:
    """Stores tokens as arrays and scores with rank-bm25."""

    name = NAME

    def writer(self, folder: Path) -> LexicalWriter:
        """Start a new index in an empty folder."""
        return _Writer(folder)

    def open(self, folder: Path) -> LexicalIndex:
        """Open a finished index.

        Raises:
            Damaged: it cannot be read.
        """
        return RankBM25Index(folder)


class Okapi(BM25Okapi):  # type: ignore[misc]
    """BM25Okapi over token numbers with an idf that is never negative.

    ``ln(1 + (N - df + .5) / (df + .5))``, as Lucene and tantivy have it; Okapi's own falls below zero for words in more
    than half of the documents, which in an archive of a few articles are most words.
    """

    def __init__(self, corpus: Sequence[Sequence[int]]) -> None:
        super().__init__(corpus, k1=K1, b=B)

    def _calc_idf(self, nd: dict[int, int]) -> None:
        size = self.corpus_size
        self.idf = {word: log(1 + (size - count + 0.5) / (count + 0.5)) for word, count in nd.items()}


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The token numbers of one field of one table, end to end; ``ends`` says where each document stops."""

    numbers: NDArray[np.int32]
    ends: NDArray[np.int64]

    def document_of(self, places: NDArray[np.int64]) -> Ordinals:
        return np.searchsorted(self.ends, places, side="right").astype(np.int64)


class _Writer:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers: dict[str, int] = {}
        self._tokens = {(table, field): (array("i"), array("q")) for table in Table for field in Field}

    def add(self, table: Table, document: IndexedDocument) -> None:
        """Append a document; its ordinal is the number of documents of the table before it."""
        for field, tokens in ((Field.FOLDED, document.folded), (Field.STEMMED, document.stemmed)):
            numbers, ends = self._tokens[table, field]
            numbers.extend(self._numbers.setdefault(token, len(self._numbers)) for token in tokens)
            ends.append(len(numbers))

    def finish(self) -> None:
        """Write everything; the folder is complete afterwards."""
        for (table, field), (numbers, ends) in self._tokens.items():
            np.save(self._folder / f"{table}.{field}.numbers.npy", np.array(numbers, np.int32))
            np.save(self._folder / f"{table}.{field}.ends.npy", np.array(ends, np.int64))
        vocabulary = json.dumps(list(self._numbers), ensure_ascii=True)
        (self._folder / _VOCABULARY).write_text(vocabulary, "ascii")


class RankBM25Index:
    """A finished index of token numbers."""

    def __init__(self, folder: Path) -> None:
        try:
            words = json.loads((folder / _VOCABULARY).read_text("ascii"))
            self._numbers: dict[str, int] = {word: number for number, word in enumerate(words)}
            self._fields = {(table, field): _Field(folder, f"{table}.{field}") for table in Table for field in Field}
        except (OSError, ValueError, EOFError) as error:
            raise Damaged(f"The word index in {folder} cannot be read: {error}", run="morgue rebuild") from error

    def size(self, table: Table) -> int:
        """Return how many documents the table holds."""
        return self._fields[table, Field.STEMMED].size

    def document_frequency(self, table: Table, term: Term) -> int:
        """Return how many documents of the table hold the term."""
        return len(self._holding(table, term))

    def top(self, table: Table, terms: Sequence[Weighted], limit: int, within: Condition | None = None) -> Scored:
        """Return the best documents that hold a term, taken through ties at the cut."""
        found = self.matching(table, AnyOf(tuple(one.term for one in terms)))
        if within is not None:
            found = np.intersect1d(found, self.matching(table, within))
        scores = self.score(table, terms, found)
        order = np.lexsort((found, -scores))
        if len(order) > limit:
            order = order[scores[order] >= scores[order[limit - 1]]]
        return Scored(found[order], scores[order])

    def score(self, table: Table, terms: Sequence[Weighted], ordinals: Ordinals) -> Floats:
        """Return the BM25 score of each given document; 0 where nothing matches."""
        total = np.zeros(len(ordinals), np.float64)
        if not len(ordinals):
            return total.astype(np.float32)
        for one in terms:
            number = self._numbers.get(one.term.token)
            if number is not None:
                total += one.weight * self._fields[table, one.term.field].score(number, ordinals)
        return total.astype(np.float32)

    def matching(self, table: Table, condition: Condition) -> Ordinals:
        """Return the ordinals of which the condition holds, ascending."""
        match condition:
            case Term():
                return self._holding(table, condition)
            case Phrase():
                return self._phrase(table, condition)
            case AnyOf(parts=parts):
                found = [self.matching(table, part) for part in parts]
                return np.unique(np.concatenate([np.empty(0, np.int64), *found]))
            case AllOf(parts=parts):
                held = np.arange(self.size(table), dtype=np.int64)
                for part in parts:
                    held = np.intersect1d(held, self.matching(table, part))
                return held
            case Not(part=part):
                return np.setdiff1d(np.arange(self.size(table), dtype=np.int64), self.matching(table, part))

    def close(self) -> None:
        """Let go of the arrays."""
        self._fields.clear()

    def _holding(self, table: Table, term: Term) -> Ordinals:
        number = self._numbers.get(term.token)
        return np.empty(0, np.int64) if number is None else self._fields[table, term.field].holding(number)

    def _phrase(self, table: Table, phrase: Phrase) -> Ordinals:
        numbers = [self._numbers.get(token) for token in phrase.tokens]
        known = [number for number in numbers if number is not None]
        if len(known) < len(numbers):
            return np.empty(0, np.int64)
        return self._fields[table, Field.FOLDED].phrase(known, phrase.slop)


class _Field:
    """One field of one table: its tokens, and its scorer once it is asked for."""

    def __init__(self, folder: Path, name: str) -> None:
        numbers = np.load(folder / f"{name}.numbers.npy", mmap_mode="r", allow_pickle=False)
        ends = np.load(folder / f"{name}.ends.npy", allow_pickle=False)
        if (int(ends[-1]) if len(ends) else 0) != len(numbers):
            raise ValueError(f"{name} is cut short")
        self._tokens = _Tokens(numbers, ends)
        self._building = Lock()

    @property
    def size(self) -> int:
        return len(self._tokens.ends)

    def holding(self, number: int) -> Ordinals:
        places = np.flatnonzero(self._tokens.numbers == number)
        return np.unique(self._tokens.document_of(places))

    def phrase(self, numbers: Sequence[int], slop: int) -> Ordinals:
        places = [np.flatnonzero(self._tokens.numbers == number) for number in numbers]
        if slop:
            return _near(places, self._tokens, slop)
        starts = places[0]
        for offset, found in enumerate(places[1:], 1):
            starts = starts[np.isin(starts + offset, found)]
        first, last = self._tokens.document_of(starts), self._tokens.document_of(starts + len(numbers) - 1)
        return np.unique(first[first == last])

    def score(self, number: int, ordinals: Ordinals) -> NDArray[np.float64]:
        return np.asarray(self._scorer.get_batch_scores([number], ordinals.tolist()), np.float64)

    @cached_property
    def _okapi(self) -> Okapi:
        parts = np.split(np.asarray(self._tokens.numbers), self._tokens.ends[:-1])
        return Okapi([part.tolist() for part in parts])

    @property
    def _scorer(self) -> Okapi:
        with self._building:
            return self._okapi


def _near(places: Sequence[NDArray[np.int64]], tokens: _Tokens, slop: int) -> Ordinals:
    """Return the documents where a choice of one place a token moves by at most ``slop`` in all (Lucene's slop)."""
    found = set()
    by_document = [_by_document(each, tokens) for each in places]
    for document in set.intersection(*(set(each) for each in by_document)):
        if _narrow([sorted(at - offset for at in each[document]) for offset, each in enumerate(by_document)], slop):
            found.add(document)
    return np.array(sorted(found), np.int64)


def _by_document(places: NDArray[np.int64], tokens: _Tokens) -> dict[int, list[int]]:
    held: dict[int, list[int]] = {}
    for document, at in zip(tokens.document_of(places).tolist(), places.tolist(), strict=True):
        held.setdefault(document, []).append(at)
    return held


def _narrow(moved: list[list[int]], slop: int) -> bool:
    """Tell whether one number from each sorted list lie within ``slop`` of each other."""
    at = [0] * len(moved)
    while True:
        now = [each[place] for each, place in zip(moved, at, strict=True)]
        if max(now) - min(now) <= slop:
            return True
        least = now.index(min(now))
        at[least] += 1
        if at[least] == len(moved[least]):
            return False
