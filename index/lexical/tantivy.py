"""tantivy as a lexical engine: memory-mapped, for archives of any size.

Texts arrive as analysed tokens and go in joined by spaces through tantivy's ``whitespace`` tokenizer, so that positions
and phrases survive and no other analysis takes part. Each table is an index of its own, merged to one segment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

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

if TYPE_CHECKING:
    import tantivy

NAME: Final = "tantivy"
_HEAP: Final = 128_000_000
_ORDINAL: Final = "ordinal"
_FREQUENCIES: Final = {Field.FOLDED: "position", Field.STEMMED: "freq"}


class TantivyEngine:
    """Stores and searches with tantivy."""

    name = NAME

    def writer(self, folder: Path) -> LexicalWriter:
        """Start a new index in an empty folder."""
        return _Writer(folder)

    def open(self, folder: Path) -> LexicalIndex:
        """Open a finished index.

        Raises:
            Damaged: it cannot be read.
        """
        return TantivyIndex(folder)


class _Writer:
    def __init__(self, folder: Path) -> None:
        import tantivy

        self._document = tantivy.Document
        self._counts = dict.fromkeys(Table, 0)
        self._indexes: dict[Table, tantivy.Index] = {}
        for table in Table:
            (folder / table).mkdir()
            self._indexes[table] = tantivy.Index(_schema(), path=str(folder / table))
        self._writers = {table: index.writer(_HEAP, num_threads=1) for table, index in self._indexes.items()}

    def add(self, table: Table, document: IndexedDocument) -> None:
        """Append a document; its ordinal is the number of documents of the table before it."""
        made = self._document()
        made.add_unsigned(_ORDINAL, self._counts[table])
        made.add_text(Field.FOLDED, " ".join(document.folded))
        made.add_text(Field.STEMMED, " ".join(document.stemmed))
        self._writers[table].add_document(made)
        self._counts[table] += 1

    def finish(self) -> None:
        """Commit and wait for merges; the folder is complete afterwards."""
        for writer in self._writers.values():
            writer.commit()
            writer.wait_merging_threads()


class TantivyIndex:
    """A finished tantivy index, opened for reading; threads share its searchers."""

    def __init__(self, folder: Path) -> None:
        self._tables = {table: _Table(folder / table) for table in Table}

    def size(self, table: Table) -> int:
        """Return how many documents the table holds."""
        return int(self._tables[table].searcher.num_docs)

    def document_frequency(self, table: Table, term: Term) -> int:
        """Return how many documents of the table hold the term."""
        return int(self._tables[table].searcher.doc_freq(term.field.value, term.token))

    def top(self, table: Table, terms: Sequence[Weighted], limit: int, within: Condition | None = None) -> Scored:
        """Return the best documents that hold a term, taken through ties at the cut."""
        held = self._tables[table]
        query = held.scoring(terms)
        if within is not None:
            query = held.all_of([query, held.silent(held.condition(within))])
        return held.top(query, limit)

    def score(self, table: Table, terms: Sequence[Weighted], ordinals: Ordinals) -> Floats:
        """Return the BM25 score of each given document; 0 where nothing matches."""
        held = self._tables[table]
        scores = np.zeros(len(ordinals), np.float32)
        if not len(ordinals) or not terms:
            return scores
        found = held.every(held.all_of([held.scoring(terms), held.silent(held.among(ordinals))]), len(ordinals))
        if not len(found.ordinals):
            return scores
        order = np.argsort(found.ordinals)
        known = found.ordinals[order]
        places = np.minimum(np.searchsorted(known, ordinals), len(known) - 1)
        return np.where(known[places] == ordinals, found.scores[order][places], scores)

    def matching(self, table: Table, condition: Condition) -> Ordinals:
        """Return the ordinals of which the condition holds, ascending."""
        held = self._tables[table]
        return np.sort(held.every(held.silent(held.condition(condition)), self.size(table)).ordinals)

    def close(self) -> None:
        """Let go of the files."""
        self._tables.clear()


class _Table:
    """One tantivy index with what is asked of it."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._folder = folder
        with _reading(folder):
            self._index = tantivy.Index.open(str(folder))
            self.searcher = self._index.searcher()
        self._schema = self._index.schema
        self._query = tantivy.Query
        self._occur = tantivy.Occur

    def scoring(self, terms: Sequence[Weighted]) -> tantivy.Query:
        parts = [(self._occur.Should, self._weighted(one)) for one in terms]
        return self._query.boolean_query(parts) if parts else self._query.empty_query()

    def condition(self, condition: Condition) -> tantivy.Query:
        match condition:
            case Term():
                return self._term(condition)
            case Phrase(tokens=(token,)):
                return self._term(Term(Field.FOLDED, token))
            case Phrase():
                return self._query.phrase_query(
                    self._schema, Field.FOLDED.value, list(condition.tokens), condition.slop
                )
            case AnyOf(parts=parts):
                either = [(self._occur.Should, self.condition(part)) for part in parts]
                return self._query.boolean_query(either) if either else self._query.empty_query()
            case AllOf(parts=parts):
                return self.all_of([self.condition(part) for part in parts])
            case Not(part=part):
                unwanted = [(self._occur.Must, self._query.all_query()), (self._occur.MustNot, self.condition(part))]
                return self._query.boolean_query(unwanted)

    def all_of(self, queries: Sequence[tantivy.Query]) -> tantivy.Query:
        parts = [(self._occur.Must, query) for query in queries]
        return self._query.boolean_query(parts) if parts else self._query.all_query()

    def silent(self, query: tantivy.Query) -> tantivy.Query:
        """Make a query that admits and scores nothing."""
        return self._query.const_score_query(query, 0.0)

    def among(self, ordinals: Ordinals) -> tantivy.Query:
        return self._query.term_set_query(self._schema, _ORDINAL, ordinals.tolist())

    def top(self, query: tantivy.Query, limit: int) -> Scored:
        fetch = limit
        while True:
            found = self.every(query, fetch)
            cut = found.scores[limit - 1] if len(found.scores) >= limit else None
            if cut is None or len(found.scores) < fetch or found.scores[-1] < cut:
                break
            fetch = fetch * 2 + 1
        kept = slice(None) if cut is None else found.scores >= cut
        return Scored(found.ordinals[kept], found.scores[kept])

    def every(self, query: tantivy.Query, limit: int) -> Scored:
        """Return the best ``limit`` documents, equal scores by ordinal."""
        with _reading(self._folder):
            hits = self.searcher.search(query, limit=max(1, limit), count=False).hits
            ordinals = np.asarray(self.searcher.fast_field_values(_ORDINAL, [hit[1] for hit in hits]), np.int64)
        scores = np.asarray([hit[0] for hit in hits], np.float32)
        order = np.lexsort((ordinals, -scores))
        return Scored(ordinals[order], scores[order])

    def _weighted(self, one: Weighted) -> tantivy.Query:
        query = self._term(one.term)
        return query if one.weight == 1.0 else self._query.boost_query(query, one.weight)

    def _term(self, term: Term) -> tantivy.Query:
        return self._query.term_query(self._schema, term.field.value, term.token, _FREQUENCIES[term.field])


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """Turn what tantivy says of damaged files into ``Damaged``; its panics are no children of Exception."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise Damaged(f"The word index in {folder} cannot be read: {error}", run="morgue rebuild") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Damaged(f"The word index in {folder} cannot be read: {error}", run="morgue rebuild") from error


def _schema() -> Any:  # noqa: ANN401 - tantivy is imported lazily
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(_ORDINAL, indexed=True, fast=True)
    for field, option in _FREQUENCIES.items():
        builder.add_text_field(field.value, tokenizer_name="whitespace", index_option=option)
    return builder.build()
