"""Exact cosines by reading every vector; the fallback and the yardstick of everything quicker.

``numpy.vecdot`` takes each row by itself, on one thread: a score depends on nothing but its two vectors, neither on how
many others are scored with it nor on how busy the machine is, and it is as quick as a matrix product.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.core.errors import Action, Damaged, Remedy
from index.contracts.arrays import distinct
from index.contracts.engines import Floats, Ordinals, Scored, best
from index.vectors.row_forms import Rows
from index.vectors.segment import CAPACITY, Segment
from index.vectors.store import VectorStore

_CHUNK: Final = 8_192  # rows read together: 6 MB of 384 numbers; chosen, not measured
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
            for segment, here, stored in self._stored(rows):
                of_segment = np.empty(len(here), np.float32)
                segment.form.score(stored, query, of_segment)
                cosines[start + here] = of_segment
        return cosines

    def above(self, query: Floats, least: float, admissible: NDArray[np.bool_] | None = None) -> Ordinals:
        """Return the admissible passages with a cosine of at least ``least``, as ``scores`` has it, ascending."""
        allowed = np.arange(len(self)) if admissible is None else np.flatnonzero(admissible)
        return allowed[self.scores(query, allowed) >= np.float32(least)]

    def vectors(self, ordinals: Ordinals) -> Floats:
        """Return the vectors of the given passages, shape ``(len(ordinals), dimension)``."""
        vectors = np.empty((len(ordinals), self.dimension), np.float32)
        for segment, here, stored in self._stored(self._rows[ordinals]):
            vectors[here] = segment.form.decode(stored)
        return vectors

    def forget(self) -> None:
        """Give memory back that was mapped to read vectors; what is asked for next is mapped again."""
        for segment in self._segments:
            segment.forget()

    def close(self) -> None:
        """Let go of the files."""
        self._segments = ()

    def _everything(self, query: Floats) -> Floats:
        scores = np.empty(int(self._starts[-1]), np.float32)
        for segment, start in zip(self._segments, self._starts, strict=False):
            segment.score(query, scores[start : start + segment.rows])
        return scores[self._rows]

    def _stored(self, rows: NDArray[np.int64]) -> Iterator[tuple[Segment, NDArray[np.int64], Rows]]:
        """Yield each segment that rows lie in, with their places among these and as they are stored."""
        few = len(rows) <= _FEW and len(self) >= _MANY
        of = np.searchsorted(self._starts, rows, side="right") - 1
        for number in distinct(of):
            segment, here = self._segments[number], np.flatnonzero(of == number)
            inside = rows[here] - self._starts[number]
            yield segment, here, segment.rows_at(inside) if few else segment.stored[inside]

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
