"""tantivy as a lexical engine: memory-mapped, for archives of any size.

Texts arrive as analysed tokens and go in joined by spaces through tantivy's ``whitespace`` tokenizer, so that positions
and phrases survive and no other analysis takes part. Each table is an index of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from archive.core.errors import ArchiveError
from archive.folder.files import create, link, make_dir
from index.contracts.arrays import places, save
from index.contracts.conditions import BESIDE, AllOf, AnyOf, Condition, Field, Not, Term
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
from index.contracts.recipe import RECIPE
from index.lexical.tantivy_table import (
    BLOCK,
    DAY,
    DEAD,
    GROUPS,
    NEIGHBOURS,
    ORDINAL,
    PLACE,
    READING_LOCK,
    TantivyTable,
    dead,
    neighbours,
    numbered,
    plainly,
    schema,
)

if TYPE_CHECKING:
    import tantivy

_WRITING_LOCK: Final = ".tantivy-writer.lock"
_REWRITTEN: Final = ("meta.json", ".managed.json")
_LEFT: Final = (_WRITING_LOCK, READING_LOCK, DEAD)


class TantivyEngine:
    """Stores and searches with tantivy.

    Args:
        heap: bytes that each table's writer may fill before it writes a segment; at least 15 MB.
        block: documents of one block in a new index; a finished one says so itself.
    """

    def __init__(self, heap: int = 64_000_000, block: int = RECIPE.words.block) -> None:
        self._heap = heap
        self._block = block

    def writer(self, folder: Path) -> LexicalWriter:
        """Start a new index in an empty folder."""
        with _writing():
            return _Writer({table: _TableWriter(*_new(folder / table, self._block), self._heap) for table in Table})

    def extend(self, old: Path, folder: Path, tombstoned: Mapping[Table, Ordinals]) -> LexicalWriter:
        """Start with the segments of a finished index, hard-linked, in a new folder."""
        make_dir(folder)
        tables = {}
        for table in Table:
            size = TantivyTable(old / table).size
            with _writing():
                tables[table] = _TableWriter(*_linked(old / table, folder / table), self._heap, size)
                tables[table].tombstone(dead(old / table), tombstoned[table])
        return _Writer(tables)

    def open(self, folder: Path) -> LexicalIndex:
        """Open a finished index; nothing is written there.

        Raises:
            Damaged: it cannot be read.
        """
        return TantivyIndex(folder)


class _Writer:
    def __init__(self, tables: Mapping[Table, _TableWriter]) -> None:
        self._tables = tables

    def add(self, table: Table, document: IndexedDocument) -> None:
        """Append a document; its ordinal is the number of documents of the table before it."""
        with _writing():
            self._tables[table].add(document)

    def finish(self) -> None:
        """Commit, wait for merges and drop what they replaced; the folder is complete afterwards."""
        with _writing():
            for table in self._tables.values():
                table.finish()


class _TableWriter:
    def __init__(self, folder: Path, index: tantivy.Index, heap: int, count: int = 0) -> None:
        import tantivy

        self._folder = folder
        self._document = tantivy.Document
        self._query, self._schema, self._must = tantivy.Query, index.schema, tantivy.Occur.Must
        self._writer = index.writer(heap, num_threads=1)
        self._count = count
        self._neighbours = neighbours(folder)

    def tombstone(self, before: Ordinals, ordinals: Ordinals) -> None:
        for ordinal in ordinals.tolist():  # by query: deleting by a term of a number finds nothing
            self._writer.delete_documents_by_query(self._itself(ordinal))
        save(self._folder / DEAD, np.union1d(before, ordinals))

    def _itself(self, ordinal: int) -> tantivy.Query:
        block, place = divmod(ordinal, self._neighbours)
        parts = (numbered(self._schema, BLOCK, block), numbered(self._schema, PLACE, place))
        return self._query.boolean_query([(self._must, part) for part in parts])

    def add(self, document: IndexedDocument) -> None:
        entry = self._document()
        entry.add_unsigned(ORDINAL, self._count)
        entry.add_unsigned(BLOCK, self._count // self._neighbours)
        entry.add_unsigned(PLACE, self._count % self._neighbours)
        entry.add_unsigned(DAY, document.day)
        entry.add_text(Field.FOLDED.value, document.folded)
        entry.add_text(Field.STEMMED.value, document.stemmed.replace(BESIDE, ""))
        self._writer.add_document(entry)
        self._count += 1

    def finish(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()
        (self._folder / _WRITING_LOCK).unlink(missing_ok=True)
        (self._folder / READING_LOCK).touch()


def _writing() -> AbstractContextManager[None]:
    return plainly(lambda why: ArchiveError(f"The word index cannot be written: {why}. The one in use stays."))


def _new(folder: Path, block: int) -> tuple[Path, tantivy.Index]:
    import tantivy

    make_dir(folder)
    save(folder / NEIGHBOURS, np.asarray(block, np.int64))
    return folder, tantivy.Index(schema(), path=str(folder))


def _linked(old: Path, folder: Path) -> tuple[Path, tantivy.Index]:
    """Open an index of the same segments in a folder of its own; what tantivy writes anew is copied."""
    import tantivy

    make_dir(folder)
    for path in sorted(old.iterdir()):
        if path.name in _REWRITTEN:
            with create(folder / path.name) as file:
                file.write(path.read_bytes())
        elif path.name not in _LEFT:
            link(path, folder / path.name)
    return folder, tantivy.Index.open(str(folder))


class TantivyIndex:
    """A finished tantivy index, opened for reading; threads share its searchers."""

    def __init__(self, folder: Path) -> None:
        self._tables = {table: TantivyTable(folder / table) for table in Table}

    def size(self, table: Table) -> int:
        """Return how many documents the table holds."""
        return self._tables[table].size

    def document_frequency(self, table: Table, term: Term) -> int:
        """Return how many documents of the table hold the term."""
        return self._tables[table].document_frequency(term)

    def top(self, table: Table, terms: Sequence[Weighted], limit: int, within: Condition | None = None) -> Scored:
        """Return the best documents that hold a term, taken through ties at the cut."""
        return self._tables[table].top(terms, limit, within)

    def score(self, table: Table, terms: Sequence[Weighted], ordinals: Ordinals) -> Floats:
        """Return the BM25 score of each given document; 0 where nothing matches."""
        scored = self._tables[table].among(terms, ordinals)
        scores = np.zeros(len(ordinals), np.float32)
        positions, present = places(scored.ordinals, ordinals)
        scores[positions] = scored.scores[present]
        return scores

    def held(self, table: Table, groups: Sequence[Sequence[Term]], ordinals: Ordinals) -> NDArray[np.bool_]:
        """Return which of the given documents hold a term of which group."""
        incidence = np.zeros((len(groups), len(ordinals)), np.bool_)
        for start in range(0, len(groups), GROUPS):
            part = groups[start : start + GROUPS]
            bits = self._tables[table].bits(part, ordinals)
            positions, present = places(bits.ordinals, ordinals)
            masks = bits.scores[present].astype(np.int64)
            for number in range(len(part)):
                incidence[start + number, positions] = masks >> number & 1
        return incidence

    def matching(self, table: Table, condition: Condition) -> Ordinals:
        """Return the ordinals of which the condition holds, ascending.

        What a condition excludes is looked up and taken away here: tantivy would have to list everything else.
        """
        match condition:
            case Not(part=part):
                return np.setdiff1d(self._everyone(table), self.matching(table, part), assume_unique=True)
            case AllOf(parts=parts) if any(isinstance(part, Not) for part in parts):
                wanted = AllOf(tuple(part for part in parts if not isinstance(part, Not)))
                unwanted = AnyOf(tuple(part.part for part in parts if isinstance(part, Not)))
                return np.setdiff1d(self.matching(table, wanted), self.matching(table, unwanted), assume_unique=True)
            case AllOf(parts=()):
                return self._everyone(table)
        return self._tables[table].matching(condition)

    def meeting(self, table: Table, condition: Condition, ordinals: Ordinals) -> NDArray[np.bool_]:
        """Tell of which of the given documents the condition holds; everything that meets it is not listed."""
        mask = np.zeros(len(ordinals), np.bool_)
        mask[places(self._tables[table].meeting(condition, ordinals).ordinals, ordinals)[0]] = True
        return mask

    def words(self, table: Table, field: Field, beginning: str, most: int | None = None) -> list[tuple[str, int]]:
        """Return the tokens that start with ``beginning``, with how many documents hold each."""
        return self._tables[table].words(field, beginning, most)

    def close(self) -> None:
        """Let go of the files."""
        self._tables.clear()

    def _everyone(self, table: Table) -> Ordinals:
        return np.setdiff1d(np.arange(self.size(table), dtype=np.int64), self._tables[table].dead, assume_unique=True)
