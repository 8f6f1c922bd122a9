"""Exact nearest neighbours at a quarter of the reading: bytes first, floats for whoever may be among the best.

Each vector ``v`` is kept as a scale and a code of signed bytes, ``v'``. What that loses of a cosine is bounded: for a
unit ``q``, ``|q.v - q'.v'| <= |v - v'| + |q - q'| * |v'|`` (Cauchy and Schwarz). So whatever lies further below the
``limit``-th best by codes than twice the bound cannot be among the best; the rest is scored exactly. The answer is that
of ``ExactIndex``, figure by figure.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.ranking import Floats, Ordinals, Scored, best
from index.vectors.exact import ExactIndex
from index.vectors.pieces import in_pieces

_CHUNK: Final = 8_192
_FEW: Final = 512  # so few are read as they are
_PART: Final = 4  # codes are copied together for a filter that admits at most a quarter of the passages
_SAMPLE: Final = 64  # passages of the part, for each one wanted
_LEAST_RANK: Final = 8
_ROUNDING: Final = 1e-5  # of the floats themselves
_MOST: Final = 127.0


class CodedIndex:
    """The vectors of an exact index once more, as bytes in memory. Safe to share between threads.

    Args:
        exact: to be coded and asked for exact figures; it stays open.
    """

    def __init__(self, exact: ExactIndex) -> None:
        self._exact = exact
        self._codes = np.empty((len(exact), exact.dimension), np.int8)
        self._scales = np.empty(len(exact), np.float32)
        self._lost = 0.0
        for start in range(0, len(exact), _CHUNK):
            vectors = exact.vectors(np.arange(start, min(start + _CHUNK, len(exact)), dtype=np.int64))
            codes, scales = _coded(vectors)
            self._codes[start : start + len(codes)], self._scales[start : start + len(codes)] = codes, scales
            self._lost = max(self._lost, float(np.linalg.norm(vectors - codes * scales[:, None], axis=1).max()))
            exact.forget()

    def __len__(self) -> int:
        """Return how many passages there are."""
        return len(self._codes)

    def nearest(self, query: Floats, limit: int, admissible: NDArray[np.bool_] | None = None) -> Scored:
        """Return the nearest passages as ``ExactIndex.nearest`` does."""
        allowed = None if admissible is None else np.flatnonzero(admissible)
        count = len(self) if allowed is None else len(allowed)
        if limit <= 0 or count <= max(limit, _FEW):
            return self._exact.nearest(query, limit, admissible)
        rough, slack = self._rough(query, allowed)
        among = np.flatnonzero(rough >= _last_of(rough, limit) - 2 * slack)
        named = among if allowed is None else allowed[among]
        return best(named, self._exact.scores(query, named), limit)

    def scores(self, query: Floats, ordinals: Ordinals) -> Floats:
        """Return the exact cosine of each given passage, aligned with ``ordinals``."""
        return self._exact.scores(query, ordinals)

    def close(self) -> None:
        """Let go of the files."""
        self._exact.close()

    def _rough(self, query: Floats, allowed: Ordinals | None) -> tuple[Floats, float]:
        """Return each allowed passage's cosine by codes, and by how much it may be wrong."""
        ((code,), (scale,)) = _coded(query[None])
        if allowed is None or len(allowed) * _PART > len(self):
            rough = _products(self._codes, code) * (self._scales * scale)
            rough = rough if allowed is None else rough[allowed]
        else:
            rough = _products(self._codes[allowed], code) * (self._scales[allowed] * scale)
        lost = float(np.linalg.norm(query - code * scale))
        return rough, self._lost + lost * (1 + self._lost) + _ROUNDING


def _coded(vectors: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return the codes of vectors, shape ``(n, dimension)``, and their scales, shape ``(n,)``."""
    scales = np.maximum(np.abs(vectors).max(axis=1), np.finfo(np.float32).tiny) / np.float32(_MOST)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def _products(codes: NDArray[np.int8], code: NDArray[np.int8]) -> Floats:
    import numkong

    def product(rows: slice) -> Floats:
        found: Floats = np.asarray(numkong.cdist(code[None], codes[rows], metric="dot"), np.float32)[0]
        return found

    return in_pieces(product, len(codes))


def _last_of(scores: Floats, limit: int) -> float:
    """Return the score of the ``limit``-th best, or less; many scores are thinned out by what a part of them tells."""
    step = len(scores) // (_SAMPLE * limit)
    if step > 1:
        part = scores[::step]
        rank = len(part) - max(_LEAST_RANK, 3 * limit // step)
        thinned = scores[scores >= np.partition(part, rank)[rank]]
        scores = thinned if len(thinned) >= limit else scores
    return float(np.partition(scores, len(scores) - limit)[len(scores) - limit])
