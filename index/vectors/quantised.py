"""Which of very many passages are worth scoring, told by half a byte for every four numbers of a vector.

Product quantisation (Jégou, Douze and Schmid 2011), scanned in the processor's registers (André, Kermarrec and Le
Scouarnec 2015), by faiss: a million passages take 2 ms on one core. What it tells is an estimate. How wrong estimates
of a question are is known from vectors of the sample, so that who asks can see whether more is to be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

import numpy as np

from index.ranking import Floats, Ordinals

_NUMBERS: Final = 4  # of a vector, that one code stands for
_BITS: Final = 4
_EVERY: Final = 10  # of the sample is kept to learn how wrong estimates are


@dataclass(frozen=True, slots=True)
class Estimated:
    """Passages with the highest estimates of their cosine.

    Attributes:
        ordinals: ascending.
        least: the lowest of their estimates; nobody else's is higher.
        deviation: standard deviation of what is wrong with estimates, for this question.
    """

    ordinals: Ordinals
    least: float
    deviation: float


def can_quantise(dimension: int) -> bool:
    """Tell whether vectors of a length can be quantised on this machine; faiss is not installed on all of them."""
    return dimension % _NUMBERS == 0 and find_spec("faiss") is not None


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
        some = sample[::_EVERY]
        self._wrong: Floats = some - self._index.sa_decode(self._index.sa_encode(some))

    def add(self, vectors: Floats) -> None:
        """Add the next vectors, in the order of ordinals."""
        self._index.add(vectors)

    def nearest(self, query: Floats, count: int) -> Estimated:
        """Return who is nearest to a unit vector by estimate."""
        (scores,), (ordinals,) = self._index.search(query[None], count)
        return Estimated(np.sort(ordinals), float(scores[-1]), float(np.sqrt(np.mean((self._wrong @ query) ** 2))))
