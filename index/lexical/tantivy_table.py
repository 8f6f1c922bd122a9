"""One tantivy index: its schema, opening it without touching it, and questions in tantivy's terms."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final

import numpy as np

from archive.core.errors import Action, ArchiveError, Damaged, Remedy
from archive.core.system_limits import tell_apart
from index.analysis.proximity import arrangements, fitting_slop
from index.contracts.arrays import distinct, load
from index.contracts.conditions import ANYWHERE, AllOf, AnyOf, Condition, Dated, Field, Not, Phrase, Term, Where
from index.contracts.engines import Ordinals, Scored, Weighted
from index.contracts.recipe import FORMAT_5

if TYPE_CHECKING:
    import tantivy

ORDINAL: Final = "ordinal"
BLOCK: Final = "block"
PLACE: Final = "place"
DAY: Final = "day"
READING_LOCK: Final = ".tantivy-meta.lock"
DEAD: Final = "dead.npy"
NEIGHBOURS: Final = "neighbours.npy"  # how many documents make a block, as whoever wrote them counted
_INDEXED: Final = {Field.FOLDED: "position", Field.STEMMED: "freq"}
_NAMED: Final = 500  # blocks in one query, which nests a clause for each; chosen, not measured
_FOUND_FOR_A_BLOCK: Final = 5  # documents that are found for what it costs to name a block
GROUPS: Final = 20  # of 24 bits that a 32-bit float keeps exactly
_MARGIN: Final = 50  # documents fetched beyond the limit, so that ties at the cut rarely need a second search; chosen
_REMEMBERED: Final = 1 << 13  # terms
_REVERSED: Final = 2  # the slop that two neighbours in reversed order cost


def schema() -> tantivy.Schema:
    """Return the schema of a table: ordinals and days as fast fields, where ordinals stand, the two fields of words.

    Documents are named by blocks: the passages that are asked for stand together, those of one article in a row. One is
    named by its block and its place there; a range of the fast field would be looked for in the whole column.
    """
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(ORDINAL, fast=True)
    for where in (BLOCK, PLACE):
        builder.add_unsigned_field(where, indexed=True)
    builder.add_unsigned_field(DAY, fast=True)
    for field, option in _INDEXED.items():
        builder.add_text_field(field.value, tokenizer_name="whitespace", index_option=option)
    return builder.build()


def numbered(schema: tantivy.Schema, field: str, number: int) -> tantivy.Query:
    """Return what finds the documents of a block, or those at a place in theirs."""
    import tantivy

    return tantivy.Query.term_query(schema, field, number, "basic")


def dead(folder: Path) -> Ordinals:
    """Return the ordinals of a table that were tombstoned, ascending."""
    path = folder / DEAD
    ordinals: Ordinals = load(path) if path.exists() else np.empty(0, np.int64)
    return ordinals


def neighbours(folder: Path) -> int:
    """Return how many documents of a table make a block; one that does not say so was made before any other number.

    Raises:
        ValueError: it is no number of documents; OSError: it cannot be read.
    """
    path = folder / NEIGHBOURS
    number = int(load(path, mapped=False)) if path.exists() else FORMAT_5.words.block
    if number < 1:
        raise ValueError(f"{path.name} says that {number} documents make a block")
    return number


class TantivyTable:
    """A finished index, opened for reading; ``neighbours`` of its documents make a block."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._folder = folder
        self._query, self._occur, self._ascending = tantivy.Query, tantivy.Occur, tantivy.Order.Asc
        self._number = tantivy.FieldType.Unsigned
        with self._guarded(), _untouched(folder) as linked:
            index = tantivy.Index.open(str(linked))
            self._searcher = index.searcher()
            self._schema = index.schema
            self.dead = dead(folder)
            self.neighbours = neighbours(folder)
        self.size = self._searcher.num_docs + len(self.dead)
        # asked several times of each word of a question: for spellings, for what is to be named, for coverage
        self.document_frequency: Callable[[Term], int] = lru_cache(_REMEMBERED)(self._document_frequency)

    def _document_frequency(self, term: Term) -> int:
        """Return how many documents hold the term."""
        with self._guarded():
            return self._searcher.doc_freq(term.field.value, term.token)

    def words(self, field: Field, beginning: str, most: int | None) -> list[tuple[str, int]]:
        """Return the tokens that start with ``beginning``, with how many documents hold each, most first."""
        with self._guarded():
            tokens: list[tuple[str, int]] = self._searcher.terms_with_prefix(field.value, beginning, limit=most)
        return tokens

    def top(self, terms: Sequence[Weighted], limit: int, within: Condition | None) -> Scored:
        """Return the best documents that hold a term, taken through ties at the cut."""
        query = self._scoring(terms)
        if within is not None:
            query = self._query.boolean_query([(self._occur.Must, query), *self._clauses(within)])
        fetch = min(limit, self.size) + _MARGIN if limit > 0 else 0
        best = self._best(query, fetch)
        while len(best.scores) == fetch > limit and best.scores[-1] == best.scores[limit - 1]:
            fetch *= 4
            best = self._best(query, fetch)
        if len(best.scores) <= limit:
            return best
        kept = best.scores >= best.scores[limit - 1]
        return Scored(best.ordinals[kept], best.scores[kept])

    def among(self, terms: Sequence[Weighted], ordinals: Ordinals) -> Scored:
        """Return those of the given documents that hold a term, and maybe others, in any order."""
        return self._among(self._scoring(terms), [weighted.term for weighted in terms], ordinals)

    def bits(self, groups: Sequence[Sequence[Term]], ordinals: Ordinals) -> Scored:
        """Return, as the score, a number whose bit ``i`` tells whether a document holds a term of group ``i``.

        Each group scores a power of two of its own; 32-bit scores keep the sum of up to ``GROUPS`` exact.
        """
        parts = [
            self._query.const_score_query(self._any([self._term(term) for term in group]), float(1 << number))
            for number, group in enumerate(groups)
        ]
        return self._among(self._any(parts), [term for group in groups for term in group], ordinals)

    def _among(self, query: tantivy.Query, terms: Iterable[Term], ordinals: Ordinals) -> Scored:
        """Name the documents' blocks, unless all that match a query of these terms are found sooner."""
        blocks = distinct(ordinals // self.neighbours)
        few = _FOUND_FOR_A_BLOCK * len(blocks)
        if self.size <= few or self._hold_at_most(few, terms):
            return self._found(query, min(self.size, few))
        return self._of_blocks(query, blocks)

    def meeting(self, condition: Condition, ordinals: Ordinals) -> Scored:
        """Return those of the given documents of which the condition holds, and maybe others, in any order."""
        return self._of_blocks(self._silent(self._holding(condition)), distinct(ordinals // self.neighbours))

    def _of_blocks(self, query: tantivy.Query, blocks: Ordinals) -> Scored:
        """Return the documents of blocks that match a query, in any order."""
        parts = [self._named(query, blocks[start : start + _NAMED]) for start in range(0, len(blocks), _NAMED)]
        ordinals = np.concatenate([np.empty(0, np.int64), *(part.ordinals for part in parts)])
        return Scored(ordinals, np.concatenate([np.empty(0, np.float32), *(part.scores for part in parts)]))

    def _hold_at_most(self, most: int, terms: Iterable[Term]) -> bool:
        """Tell whether no more than so many documents can hold one of the terms."""
        return all(count <= most for count in accumulate(map(self.document_frequency, terms)))

    def _named(self, query: tantivy.Query, blocks: Ordinals) -> Scored:
        named = self._any([numbered(self._schema, BLOCK, block) for block in blocks.tolist()])
        both = [(self._occur.Must, query), (self._occur.Must, self._silent(named))]
        return self._found(self._query.boolean_query(both), min(self.size, len(blocks) * self.neighbours))

    def matching(self, condition: Condition) -> Ordinals:
        """Return the ordinals of which the condition holds, ascending."""
        if not self.size:
            return np.empty(0, np.int64)
        with self._guarded():
            query = self._silent(self._holding(condition))
            hits = self._searcher.search(
                query, limit=self.size, count=False, order_by_field=ORDINAL, order=self._ascending
            ).hits
        return np.asarray([ordinal for ordinal, _ in hits], np.int64)

    def _best(self, query: tantivy.Query, limit: int) -> Scored:
        """Return the best ``limit`` documents, equal scores by ordinal."""
        matches = self._found(query, limit)
        order = np.lexsort((matches.ordinals, -matches.scores))
        return Scored(matches.ordinals[order], matches.scores[order])

    def _found(self, query: tantivy.Query, limit: int) -> Scored:
        """Return the best ``limit`` documents, in any order."""
        if limit <= 0:
            return Scored(np.empty(0, np.int64), np.empty(0, np.float32))
        with self._guarded():
            hits = self._searcher.search(query, limit=limit, count=False).hits
            ordinals = np.asarray(self._searcher.fast_field_values(ORDINAL, [hit[1] for hit in hits]), np.int64)
        return Scored(ordinals, np.asarray([hit[0] for hit in hits], np.float32))

    def _scoring(self, terms: Sequence[Weighted]) -> tantivy.Query:
        return self._any([self._weighted(weighted) for weighted in terms])

    def _weighted(self, weighted: Weighted) -> tantivy.Query:
        query = self._term(weighted.term)
        return query if weighted.weight == 1.0 else self._query.boost_query(query, weighted.weight)

    def _holding(self, condition: Condition) -> tantivy.Query:
        """Return what matches where the condition holds."""
        match condition:
            case Term():
                return self._term(condition)
            case Phrase():
                return self._phrase(condition)
            case AnyOf(parts=parts):
                return self._any([self._holding(part) for part in parts])
            case AllOf() | Not():
                everything = (self._occur.Must, self._silent(self._query.all_query()))
                return self._query.boolean_query([everything, *self._clauses(condition)])
            case Where(what=Dated() as dated):
                return self._query.range_query(self._schema, DAY, self._number, *dated.numbers)
            case Where():
                raise TypeError("a word index knows nothing of an article but its words and its day")

    def _clauses(self, condition: Condition) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        """Return clauses of one boolean query that together demand the condition and score nothing."""
        match condition:
            case AllOf(parts=parts):
                return [clause for part in parts for clause in self._clauses(part)]
            case Not(part=part):
                return [(self._occur.MustNot, self._holding(part))]
        return [(self._occur.Must, self._silent(self._holding(condition)))]

    def _phrase(self, phrase: Phrase) -> tantivy.Query:
        tokens = phrase.tokens
        if len(tokens) < 2:
            return self._any([self._term(Term(Field.FOLDED, token)) for token in tokens])
        if phrase.ordered:
            # both places are moved so far apart that the slop, which counts either way, is used up in this order
            return self._row([(0, tokens[0]), (ANYWHERE + 1, tokens[-1])], ANYWHERE)
        slop = fitting_slop(len(tokens), phrase.slop)
        if len(tokens) == 2 and tokens[0] != tokens[1]:
            # of two different words, tantivy's slop counts what stands between them in this order, and no other
            reversed_ways = [self._row(tokens[::-1], slop - _REVERSED)] if slop >= _REVERSED else []
            return self._any([self._row(tokens, slop), *reversed_ways])
        ways = {tuple(sorted(zip(places, tokens, strict=True))) for places in arrangements(tokens, slop)}
        return self._any([self._row(each) for each in sorted(ways)])

    def _row(self, words: Sequence[str] | Sequence[tuple[int, str]], slop: int = 0) -> tantivy.Query:
        return self._query.phrase_query(self._schema, Field.FOLDED.value, list(words), slop)

    def _term(self, term: Term) -> tantivy.Query:
        return self._query.term_query(self._schema, term.field.value, term.token, _INDEXED[term.field])

    def _any(self, queries: Sequence[tantivy.Query]) -> tantivy.Query:
        parts = [(self._occur.Should, query) for query in queries]
        return self._query.boolean_query(parts) if parts else self._query.empty_query()

    def _silent(self, query: tantivy.Query) -> tantivy.Query:
        return self._query.const_score_query(query, 0.0)

    def _guarded(self) -> AbstractContextManager[None]:
        message = f"The word index in {self._folder} cannot be read"
        return plainly(lambda why: Damaged(f"{message}: {why}", remedy=Remedy(Action.REBUILD)))


@contextmanager
def plainly(as_error: Callable[[str], ArchiveError]) -> Iterator[None]:
    """Turn what tantivy throws, its panics included, into a plain error; what the system refused stays what it is."""
    try:
        yield
    except ArchiveError:
        raise
    except BaseException as error:
        # A panic arrives as a PanicException, which is no Exception and cannot be imported.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            tell_apart(error, as_error(str(error)))
        raise


@contextmanager
def _untouched(folder: Path) -> Iterator[Path]:
    """Lend a folder in which tantivy may open an index without changing it.

    tantivy opens its lock file for writing and makes it where there is none, which must not happen in a finished
    generation and cannot in a read-only one. So where the index has no lock that may be written, a throw-away folder of
    links to its files is lent: once there is a searcher, it holds the files and needs no folder. Where links cannot be
    made (some Windows accounts), the folder itself is lent.
    """
    if os.access(folder / READING_LOCK, os.W_OK):
        yield folder
        return
    linked = Path(mkdtemp(prefix="morgue-words-"))
    try:
        yield linked if _link(folder, linked) else folder
    finally:
        for _ in range(2):  # tantivy's watcher, as it starts, may set its lock there once between listing and removing
            rmtree(linked, ignore_errors=True)


def _link(folder: Path, linked: Path) -> bool:
    try:
        for file in folder.iterdir():
            if file.name != READING_LOCK:
                (linked / file.name).symlink_to(file.resolve())
    except OSError:
        return False
    return True
