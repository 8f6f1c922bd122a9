"""Exact cosines by reading every vector; the fallback and the yardstick of everything quicker.

``numpy.vecdot`` takes each row by itself, on one thread: a score depends on nothing but its two vectors, neither on how
many others are scored with it nor on how busy the machine is, and it is as quick as a matrix product.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.core.errors import Action, Damaged, Remedy
from index.contracts.arrays import distinct
from index.contracts.engines import Floats, Ordinals, Scored, best
from index.vectors.segment import CAPACITY
from index.vectors.store import VectorStore

_CHUNK: Final = 8_192  # rows read together: 12 MB of 384 floats; chosen, not measured
_MANY: Final = 200_000  # of so many, few are read past the mapping: each would map a page of fifteen neighbours
_FEW: Final = 2_000  # rows that are read one by one; of more, mapping is quicker; chosen, not measured


class ExactIndex:
    """Cosine over the vectors of one generation's passages. Safe to share between threads.

    Args:
        store: of the epoch.
        slots: of each passage, by ordinal.

    Attributes:
        dimension: length of a vector.

    Raises:
        Damaged: the store lacks a vector that ``slots`` names.
    """

    def __init__(self, store: VectorStore, slots: Ordinals) -> None:
        segments = store.segments()
        self._folder: Path = store.folder
        self._segments = segments
        self._matrices = [segment.vectors for segment in segments]
        self._starts = np.cumsum([0, *(segment.rows for segment in segments)])
        self.dimension = store.dimension
        self._rows = self._rows_of(np.asarray(slots), [segment.number for segment in segments])

    def __len__(self) -> int:
        """Return how many passages there are."""
        return len(self._rows)

    def nearest(self, query: Floats, limit: int, admissible: NDArray[np.bool_] | None = None) -> Scored:
        """Return the nearest passages, best first and taken through ties at the cut; equals in the order of ordinals.

        Args:
            query: a unit vector.
            limit: how many at least, if there are as many.
            admissible: which passages may be returned, by ordinal; None admits all.
        """
        allowed = np.arange(len(self)) if admissible is None else np.flatnonzero(admissible)
        return best(allowed, self.scores(query, allowed), limit)

    def scores(self, query: Floats, ordinals: Ordinals) -> Floats:
        """Return the cosine of each given passage, aligned with ``ordinals``; the same figures as ``nearest`` gives."""
        query = _checked(query)
        if 2 * len(ordinals) > len(self):
            return self._everything(query)[ordinals]
        cosines = np.empty(len(ordinals), np.float32)
        for start in range(0, len(ordinals), _CHUNK):
            rows = self._rows[ordinals[start : start + _CHUNK]]
            cosines[start : start + _CHUNK] = np.vecdot(self._vectors(rows), query)
        return cosines

    def above(self, query: Floats, least: float, admissible: NDArray[np.bool_] | None = None) -> Ordinals:
        """Return the admissible passages with a cosine of at least ``least``, as ``scores`` has it, ascending."""
        allowed = np.arange(len(self)) if admissible is None else np.flatnonzero(admissible)
        return allowed[self.scores(query, allowed) >= np.float32(least)]

    def vectors(self, ordinals: Ordinals) -> Floats:
        """Return the vectors of the given passages, shape ``(len(ordinals), dimension)``."""
        return self._vectors(self._rows[ordinals])

    def forget(self) -> None:
        """Give memory back that was mapped to read vectors; what is asked for next is mapped again."""
        for segment in self._segments:
            segment.forget()

    def close(self) -> None:
        """Let go of the files."""
        self._matrices, self._segments = [], ()

    def _everything(self, query: Floats) -> Floats:
        scores = np.empty(int(self._starts[-1]), np.float32)
        for matrix, start in zip(self._matrices, self._starts, strict=False):
            np.vecdot(matrix, query, out=scores[start : start + len(matrix)])
        return scores[self._rows]

    def _vectors(self, rows: NDArray[np.int64]) -> Floats:
        if len(self._matrices) == 1:
            return self._matrices[0][rows]
        few = len(rows) <= _FEW and len(self) >= _MANY
        vectors = np.empty((len(rows), self._matrices[0].shape[1] if self._matrices else 0), np.float32)
        of = np.searchsorted(self._starts, rows, side="right") - 1
        for number in distinct(of):
            here = np.flatnonzero(of == number)
            segment_rows = rows[here] - self._starts[number]
            vectors[here] = (
                self._segments[number].rows_at(segment_rows) if few else self._matrices[number][segment_rows]
            )
        return vectors

    def _rows_of(self, slots: Ordinals, numbers: list[int]) -> NDArray[np.int64]:
        """Turn slots into rows counted over all segments."""
        place = np.full(max(numbers, default=0) + 1, -1, np.int64)
        place[numbers] = np.arange(len(numbers))
        of_segment, row = slots // CAPACITY + 1, slots % CAPACITY
        valid = (slots >= 0) & (of_segment < len(place))
        which = place[np.where(valid, of_segment, 0)]
        room = np.diff(self._starts)
        valid &= which >= 0
        valid &= row < (room[which] if len(room) else 0)
        if not valid.all():
            what = f"{self._folder} lacks {int((~valid).sum()):,} of {len(slots):,} vectors."
            raise Damaged(what, remedy=Remedy(Action.REBUILD))
        rows: NDArray[np.int64] = self._starts[which] + row
        return rows


def _checked(query: Floats) -> Floats:
    query = np.ascontiguousarray(query, np.float32)
    if not np.isfinite(query).all():
        raise ValueError("the query's vector holds something that is not a number")
    return query
