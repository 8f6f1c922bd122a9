"""Which passages share a vector: those whose encoder input is the same."""

from __future__ import annotations

import numpy as np

from index.contracts.arrays import firsts
from index.contracts.engines import Ordinals, Scored


class PassagesByVector:
    """The passages that have each of some vectors.

    Args:
        slots: of each passage's vector, by ordinal.

    Attributes:
        slots: of the vectors, each once, ascending.
        first: the first passage that has each vector, aligned with ``slots``.
        counts: how many passages have it, aligned.
    """

    def __init__(self, slots: Ordinals) -> None:
        self._passages = np.argsort(slots, kind="stable")
        ordered = np.asarray(slots)[self._passages]
        starts = np.flatnonzero(firsts(ordered)) if len(ordered) else np.empty(0, np.int64)
        self._starts = np.append(starts, len(ordered))
        self.slots: Ordinals = ordered[starts]
        self.first: Ordinals = self._passages[starts]
        self.counts: Ordinals = np.diff(self._starts)

    def __len__(self) -> int:
        """Return how many different vectors there are."""
        return len(self.slots)

    def expanded(self, vectors: Scored) -> Scored:
        """Return every passage that has one of the given vectors, each with its vector's score, in their order.

        Args:
            vectors: by slot; one that no passage has is left out.
        """
        rows = np.searchsorted(self.slots, vectors.ordinals)
        is_used = np.zeros(len(rows), np.bool_)
        inside = rows < len(self)
        is_used[inside] = self.slots[rows[inside]] == vectors.ordinals[inside]
        rows = rows[is_used]
        counts = self.counts[rows]
        before = np.cumsum(counts) - counts
        places = np.arange(int(counts.sum())) + np.repeat(self._starts[rows] - before, counts)
        return Scored(self._passages[places], np.repeat(vectors.scores[is_used], counts))
