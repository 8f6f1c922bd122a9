"""rank-bm25 as a lexical engine: exact and transparent, for small archives and as the yardstick of the other.

Scores are by the package's formula and parameters; matching is a plain evaluation over the analysed tokens. Stored are
arrays of token numbers and postings and a vocabulary in JSON, never a pickle; a field's scorer is made when something
in it is first scored.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import islice, takewhile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.core.errors import Action, Damaged, Remedy
from archive.core.forking import Lock, cached_property
from archive.core.system_limits import tell_apart
from archive.folder.files import create, make_dir
from index.contracts.arrays import distinct, load, save
from index.contracts.conditions import BESIDE, AllOf, AnyOf, Condition, Dated, Field, Not, Phrase, Term, Where
from index.contracts.engines import (
    Floats,
    IndexedDocument,
    LexicalIndex,
    LexicalWriter,
    Ordinals,
    Scored,
    Table,
    Weighted,
)
from index.contracts.recipe import RECIPE, Tuning
from index.lexical.bm25 import Okapi
from index.lexical.postings import NOBODY, Tokens, TokensWriter, load_tokens

_VOCABULARY: Final = "vocabulary.json"


class RankBM25Engine:
    """Stores tokens as arrays and scores with rank-bm25.

    Args:
        tuning: has ``k1`` and ``b``, by which is scored; nothing that is stored depends on them.
    """

    def __init__(self, tuning: Tuning = RECIPE.tuning) -> None:
        self._tuning = tuning

    def writer(self, folder: Path) -> LexicalWriter:
        """Start a new index in an empty folder."""
        return _Writer(folder)

    def extend(self, old: Path, folder: Path, tombstoned: Mapping[Table, Ordinals]) -> LexicalWriter:
        """Start with the documents of a finished index, in a new folder; arrays are written anew, nothing is analysed.

        Raises:
            Damaged: the finished one cannot be read.
        """
        make_dir(folder)
        writer = _Writer(folder)
        writer.take_over(RankBM25Index(old), tombstoned)
        return writer

    def open(self, folder: Path) -> LexicalIndex:
        """Open a finished index.

        Raises:
            Damaged: it cannot be read.
        """
        return RankBM25Index(folder, self._tuning)


class _Written(dict[str, int]):
    """What is stored of each token: its number, given as it is first asked for; the complement beside another one."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers

    def __missing__(self, token: str) -> int:
        number = self._numbers.setdefault(token.removeprefix(BESIDE), len(self._numbers))
        self[token] = stored = ~number if token.startswith(BESIDE) else number
        return stored


class _Writer:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers: dict[str, int] = {}
        self._written = _Written(self._numbers)
        self._tokens = {(table, field): TokensWriter() for table in Table for field in Field}
        self._days = {table: array("i") for table in Table}
        self._dead = dict.fromkeys(Table, NOBODY)

    def take_over(self, old: RankBM25Index, tombstoned: Mapping[Table, Ordinals]) -> None:
        """Begin with the documents of a finished index, before any ``add``."""
        self._numbers.update(old.numbers)
        for table in Table:
            self._dead[table] = np.union1d(old.dead[table], tombstoned[table])
            self._days[table].frombytes(old.days[table].astype(np.int32).tobytes())
        for (table, field), tokens in self._tokens.items():
            tokens.take_over(old.tokens[table, field], self._dead[table])

    def add(self, table: Table, document: IndexedDocument) -> None:
        """Append a document; its ordinal is the number of documents of the table before it."""
        for field, tokens in ((Field.FOLDED, document.folded), (Field.STEMMED, document.stemmed)):
            self._tokens[table, field].add(list(map(self._written.__getitem__, filter(None, tokens.split(" ")))))
        self._days[table].append(document.day)

    def finish(self) -> None:
        """Write everything; the folder is complete afterwards."""
        for (table, field), tokens in self._tokens.items():
            tokens.save(self._folder, f"{table}.{field}")
        for table in Table:
            save(self._folder / f"{table}.days.npy", np.array(self._days[table], np.int32))
            save(self._folder / f"{table}.dead.npy", self._dead[table].astype(np.int64))
        with create(self._folder / _VOCABULARY) as file:
            file.write(json.dumps(list(self._numbers)).encode("ascii"))


class RankBM25Index:
    """A finished index of token numbers.

    Attributes:
        numbers: of tokens.
        tokens: of each table and field.
        days: of publication of each document, by table.
        dead: the documents that were tombstoned, by table, ascending; they hold no tokens.
    """

    def __init__(self, folder: Path, tuning: Tuning = RECIPE.tuning) -> None:
        self._tuning = tuning
        try:
            self.numbers = _vocabulary(folder / _VOCABULARY)
            self.tokens = {
                (table, field): load_tokens(
                    folder, f"{table}.{field}", len(self.numbers), beside=field == Field.STEMMED
                )
                for table in Table
                for field in Field
            }
            self.days = {table: load(folder / f"{table}.days.npy") for table in Table}
            self.dead = {table: load(folder / f"{table}.dead.npy") for table in Table}
            if any(len(days) != self.size(table) for table, days in self.days.items()):
                raise ValueError("the days are not as many as the documents")
            if any(
                len(dead) and not 0 <= dead.min() <= dead.max() < self.size(table) for table, dead in self.dead.items()
            ):
                raise ValueError("documents that are not there were tombstoned")
        except (OSError, ValueError, RecursionError) as error:
            what = f"The word index in {folder} cannot be read: {error}"
            tell_apart(error, Damaged(what, remedy=Remedy(Action.REBUILD)))
        self._scorers: dict[tuple[Table, Field], Okapi] = {}
        self._making = Lock()

    @cached_property
    def _in_order(self) -> list[str]:
        """Return all tokens in the order of their letters; once, ten milliseconds for sixty thousand."""
        return sorted(self.numbers)

    def size(self, table: Table) -> int:
        """Return how many documents the table holds."""
        return len(self.tokens[table, Field.STEMMED])

    def document_frequency(self, table: Table, term: Term) -> int:
        """Return how many documents of the table hold the term."""
        number = self.numbers.get(term.token)
        return 0 if number is None else int(self.tokens[table, term.field].frequencies[number])

    def top(self, table: Table, terms: Sequence[Weighted], limit: int, within: Condition | None = None) -> Scored:
        """Return the best documents that hold a term, taken through ties at the cut."""
        if limit <= 0:
            return Scored(NOBODY, np.empty(0, np.float32))
        admitted = None if within is None else self._mask(table, self.matching(table, within))
        scores, touched = self._sums(table, terms, admitted)
        ordinals = np.flatnonzero(touched)
        order = np.lexsort((ordinals, -scores[ordinals]))
        ranked = scores[ordinals[order]]
        if len(order) > limit:
            kept = ranked >= ranked[limit - 1]
            order, ranked = order[kept], ranked[kept]
        return Scored(ordinals[order], ranked)

    def score(self, table: Table, terms: Sequence[Weighted], ordinals: Ordinals) -> Floats:
        """Return the BM25 score of each given document; 0 where nothing matches."""
        return self._sums(table, terms, self._mask(table, ordinals))[0][ordinals]

    def held(self, table: Table, groups: Sequence[Sequence[Term]], ordinals: Ordinals) -> NDArray[np.bool_]:
        """Return which of the given documents hold a term of which group."""
        rows = [self._mask(table, self.matching(table, AnyOf(tuple(group))))[ordinals] for group in groups]
        return np.asarray(rows, np.bool_).reshape(len(groups), len(ordinals))

    def matching(self, table: Table, condition: Condition) -> Ordinals:
        """Return the ordinals of which the condition holds, ascending."""
        match condition:
            case Term(field=field, token=token):
                number = self.numbers.get(token)
                return NOBODY if number is None else self.tokens[table, field].posting(number)[0]
            case Phrase():
                return self._phrase(self.tokens[table, Field.FOLDED], condition)
            case AnyOf(parts=parts):
                return distinct(np.concatenate([NOBODY, *(self.matching(table, part) for part in parts)]))
            case AllOf(parts=parts):
                ordinals = self._living(table, np.ones(self.size(table), np.bool_))
                for part in parts:
                    ordinals = np.intersect1d(ordinals, self.matching(table, part), assume_unique=True)
                return ordinals
            case Not(part=part):
                return self._living(table, ~self._mask(table, self.matching(table, part)))
            case Where(what=Dated() as dated):
                first, last = dated.numbers
                return self._living(table, (self.days[table] >= first) & (self.days[table] <= last))
            case Where():
                raise TypeError("a word index knows nothing of an article but its words and its day")

    def meeting(self, table: Table, condition: Condition, ordinals: Ordinals) -> NDArray[np.bool_]:
        """Tell of which of the given documents the condition holds."""
        return self._mask(table, self.matching(table, condition))[ordinals]

    def words(self, table: Table, field: Field, beginning: str, most: int | None = None) -> list[tuple[str, int]]:
        """Return the tokens that start with ``beginning``, with how many documents hold each."""
        counts = self.tokens[table, field].frequencies
        first = bisect_left(self._in_order, beginning)
        starting = takewhile(lambda word: word.startswith(beginning), islice(self._in_order, first, None))
        named = ((word, int(counts[self.numbers[word]])) for word in starting)
        return sorted((pair for pair in named if pair[1]), key=lambda pair: (-pair[1], pair[0]))[:most]

    def close(self) -> None:
        """Let go of the arrays."""
        self.tokens.clear()
        self.days.clear()
        self.dead.clear()
        self._scorers.clear()

    def _phrase(self, tokens: Tokens, phrase: Phrase) -> Ordinals:
        numbers = [number for token in phrase.tokens if (number := self.numbers.get(token)) is not None]
        if not numbers or len(numbers) < len(phrase.tokens):
            return NOBODY
        return tokens.in_order(numbers[0], numbers[-1]) if phrase.ordered else tokens.phrase(numbers, phrase.slop)

    def _sums(
        self, table: Table, terms: Sequence[Weighted], admitted: NDArray[np.bool_] | None
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """Return every document's score, and which of those admitted hold a term at all."""
        sums, touched = np.zeros(self.size(table), np.float64), np.zeros(self.size(table), np.bool_)
        for weighted in terms:
            number = self.numbers.get(weighted.term.token)
            if number is None:
                continue
            holders, counts = self.tokens[table, weighted.term.field].posting(number)
            if admitted is not None:
                kept = admitted[holders]
                holders, counts = holders[kept], counts[kept]
            if len(holders):
                sums[holders] += weighted.weight * self._scorer(table, weighted.term.field).scores(
                    number, holders, counts
                )
                touched[holders] = True
        return sums.astype(np.float32), touched

    def _scorer(self, table: Table, field: Field) -> Okapi:
        with self._making:
            if (table, field) not in self._scorers:
                self._scorers[table, field] = Okapi(self.tokens[table, field], len(self.dead[table]), self._tuning)
            return self._scorers[table, field]

    def _living(self, table: Table, mask: NDArray[np.bool_]) -> Ordinals:
        """Return the ordinals of a mask, without those that were tombstoned; the mask is changed."""
        mask[self.dead[table]] = False
        return np.flatnonzero(mask)

    def _mask(self, table: Table, ordinals: Ordinals) -> NDArray[np.bool_]:
        mask = np.zeros(self.size(table), np.bool_)
        mask[ordinals] = True
        return mask


def _vocabulary(path: Path) -> dict[str, int]:
    words = json.loads(path.read_text("ascii"))
    if not isinstance(words, list) or set(map(type, words)) - {str}:
        raise ValueError(f"{path.name} is no list of words")
    return dict(zip(words, range(len(words)), strict=True))
