"""Cosines of passages of which some have no vector yet, over those of the passages that have one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.contracts.engines import Cosines, Floats, Ordinals, Scored


class Covered:
    """Cosines of a generation that is covered in part. Safe to share between threads.

    Args:
        inner: of the passages that have a vector, in the order of their ordinals.
        ordinals: of these passages, ascending.
        passages: how many there are in all.
    """

    def __init__(self, inner: Cosines, ordinals: Ordinals, passages: int) -> None:
        self._inner = inner
        self._ordinals = ordinals
        self._rows = np.full(passages, -1, np.int64)
        self._rows[ordinals] = np.arange(len(ordinals))

    def nearest(self, query: Floats, limit: int, admissible: NDArray[np.bool_] | None = None) -> Scored:
        """Return the nearest of the admissible passages that have a vector."""
        found = self._inner.nearest(query, limit, None if admissible is None else admissible[self._ordinals])
        return Scored(self._ordinals[found.ordinals], found.scores)

    def scores(self, query: Floats, ordinals: Ordinals) -> Floats:
        """Return the cosine of each given passage, NaN where it has no vector."""
        rows = self._rows[ordinals]
        known = rows >= 0
        cosines = np.full(len(ordinals), np.nan, np.float32)
        cosines[known] = self._inner.scores(query, rows[known])
        return cosines

    def above(self, query: Floats, least: float, admissible: NDArray[np.bool_] | None = None) -> Ordinals:
        """Return the admissible passages whose cosine is known to be at least ``least``, ascending."""
        return self._ordinals[
            self._inner.above(query, least, None if admissible is None else admissible[self._ordinals])
        ]
