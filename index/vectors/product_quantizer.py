"""Which of very many passages are worth scoring, told by half a byte for every four numbers of a vector.

Product quantisation (Jégou, Douze and Schmid 2011), scanned in the processor's registers (André, Kermarrec and Le
Scouarnec 2015), by faiss: a million passages take 2 ms on one core. What it tells is an estimate, too low on average by
a share that differs from place to place, and scattered around that.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from index.contracts.engines import Floats, Ordinals

_NUMBERS: Final = 4  # of a vector, that one code stands for
_BITS: Final = 4  # of a code: what the fast scan of faiss takes
_TINY: Final = 1e-9  # keeps a division from zero


@dataclass(frozen=True, slots=True)
class Estimated:
    """Passages with the highest estimates of their cosine.

    Attributes:
        ordinals: ascending.
        scores: the estimate of each, aligned.
    """

    ordinals: Ordinals
    scores: Floats

    def apart(self, nearest: Ordinals) -> float:
        """Return how far the estimates of the nearest passages found lie above the lowest there is.

        In their standard deviations. Estimates of passages like these are scattered like theirs; so this tells how many
        of them may have too low an estimate to be here.

        Args:
            nearest: some of the ordinals.
        """
        theirs = self.scores[np.searchsorted(self.ordinals, nearest)]
        return float((theirs.mean() - self.scores.min()) / max(float(theirs.std()), _TINY))


def quantised(sample: Floats) -> Quantised | None:
    """Return what is to hold vectors like those of a sample; None where estimates cannot be made.

    That is where the length of vectors is no multiple of four, where one is no vector, and where there is no faiss: on
    macOS it would abort the process in which torch is loaded, too, because each brings an OpenMP of its own.
    """
    if sys.platform != "linux" or sample.shape[1] % _NUMBERS or not np.isfinite(sample).all():
        return None
    try:
        return Quantised(sample)
    except ImportError:
        return None


class Quantised:
    """Vectors as half bytes. Safe to share between threads once all are added.

    Args:
        sample: some of the vectors, shape ``(m, dimension)``.
    """

    def __init__(self, sample: Floats) -> None:
        import faiss

        dimension = sample.shape[1]
        self._index: Any = faiss.IndexPQFastScan(dimension, dimension // _NUMBERS, _BITS, faiss.METRIC_INNER_PRODUCT)
        self._index.train(sample)

    def add(self, vectors: Floats) -> None:
        """Add the next vectors, in the order of ordinals."""
        self._index.add(vectors)

    def nearest(self, query: Floats, count: int) -> Estimated:
        """Return who is nearest to a unit vector by estimate."""
        (scores,), (ordinals,) = self._index.search(query[None], count)
        order = np.argsort(ordinals)
        order = order[ordinals[order] >= 0]  # where damaged vectors leave it short, faiss fills up with -1
        return Estimated(ordinals[order], scores[order])
