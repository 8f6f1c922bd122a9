"""Nearest neighbours at a quarter of the reading or less: bytes first, floats for whoever may be among the best.

Each vector ``v`` is kept as a scale and a code of signed bytes, ``v'``. What that loses of a cosine is bounded: for a
unit ``q``, ``|q.v - q'.v'| <= |v - v'| + |q - q'| * |v'|`` (Cauchy and Schwarz). So whatever lies further below the
``limit``-th best by codes than twice the bound cannot be among the best; the rest is scored exactly. The answer is that
of ``ExactIndex``, figure by figure.

Of very many passages not even the bytes of all are read, where estimates by half bytes tell clearly enough who can be
left out. There the answer is that of ``ExactIndex`` but for a passage in some thousands; where they do not, all are
read.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.contracts.engines import Floats, Ordinals, Scored, best
from index.runtime.threads import in_pieces
from index.vectors.exact import ExactIndex
from index.vectors.product_quantizer import quantised

ESTIMATED: Final = 200_000  # so many passages are sooner estimated than scanned
_LOOKED_AT: Final = 50  # passages, for each one wanted
_LEAST_LOOKED_AT: Final = 5_000  # passages, however few are wanted; chosen, not measured
_CLEARLY: Final = 3.0  # standard deviations, of which one estimate in 740 falls short
_RUNS: Final = 80  # of the sample, in one piece each, so that not everything is read
_RUN: Final = 256  # vectors of a piece; with 80 pieces 20,480, what faiss needs to train 16 centres well
_CHUNK: Final = 8_192  # vectors coded together: 12 MB of 384 floats; chosen, not measured
_FEW: Final = 512  # so few are read as they are
_PART: Final = 4  # codes are copied together for a filter that admits at most a quarter of the passages
_SAMPLE: Final = 64  # passages of the part, for each one wanted
_LEAST_RANK: Final = 8  # of the sample, so that chance hardly cuts too high; chosen, not measured
_ROUNDING: Final = 1e-5  # of the floats themselves
_MOST: Final = 127.0  # the largest signed byte


class CodedIndex:
    """The vectors of an exact index once more, as bytes in memory. Safe to share between threads.

    Args:
        exact: to be coded and asked for exact figures; it stays open.
        estimated: from how many passages on they are estimated first.
    """

    def __init__(self, exact: ExactIndex, estimated: int = ESTIMATED) -> None:
        self._exact = exact
        self._codes = np.empty((len(exact), exact.dimension), np.int8)
        self._scales = np.empty(len(exact), np.float32)
        self._lost = 0.0
        self._quantised = quantised(_sample(exact)) if len(exact) >= estimated else None
        for start in range(0, len(exact), _CHUNK):
            vectors = exact.vectors(np.arange(start, min(start + _CHUNK, len(exact)), dtype=np.int64))
            codes, scales = _coded(vectors)
            self._codes[start : start + len(codes)], self._scales[start : start + len(codes)] = codes, scales
            self._lost = max(self._lost, float(np.linalg.norm(vectors - codes * scales[:, None], axis=1).max()))
            if self._quantised is not None:
                self._quantised.add(vectors)
            exact.forget()

    def __len__(self) -> int:
        """Return how many passages there are."""
        return len(self._codes)

    @property
    def estimates(self) -> bool:
        """Tell whether passages are left out by estimates, where these are clear."""
        return self._quantised is not None

    def nearest(self, query: Floats, limit: int, admissible: NDArray[np.bool_] | None = None) -> Scored:
        """Return the nearest passages as ``ExactIndex.nearest`` does; see above of very many."""
        count = len(self) if admissible is None else int(np.count_nonzero(admissible))
        if limit <= 0 or count <= max(limit, _FEW):
            return self._exact.nearest(query, limit, admissible)
        if 2 * count > len(self) and (clear := self._clear(query, limit, admissible)) is not None:
            return clear
        return self._scanned(query, limit, None if admissible is None else np.flatnonzero(admissible))

    def scores(self, query: Floats, ordinals: Ordinals) -> Floats:
        """Return the exact cosine of each given passage, aligned with ``ordinals``."""
        return self._exact.scores(query, ordinals)

    def above(self, query: Floats, least: float, admissible: NDArray[np.bool_] | None = None) -> Ordinals:
        """Return what ``ExactIndex.above`` does: exact figures are asked for where codes cannot tell."""
        allowed = np.arange(len(self)) if admissible is None else np.flatnonzero(admissible)
        if len(allowed) <= _FEW:
            return self._exact.above(query, least, admissible)
        rough, slack = self._rough(query, None if admissible is None else allowed)
        kept = rough >= least + slack
        unclear = np.flatnonzero(np.abs(rough - least) <= slack)
        kept[unclear] = self.scores(query, allowed[unclear]) >= np.float32(least)
        return allowed[kept]

    def close(self) -> None:
        """Let go of the files."""
        self._exact.close()

    def _scanned(self, query: Floats, limit: int, allowed: Ordinals | None) -> Scored:
        rough, slack = self._rough(query, allowed)
        among = np.flatnonzero(rough >= _last_of(rough, limit) - 2 * slack)
        named = among if allowed is None else allowed[among]
        return best(named, self.scores(query, named), limit)

    def _clear(self, query: Floats, limit: int, admissible: NDArray[np.bool_] | None) -> Scored | None:
        """Return the nearest of those with the highest estimates, None unless that sets them clearly apart."""
        count = max(_LOOKED_AT * limit, _LEAST_LOOKED_AT)
        if self._quantised is None or count * _PART > len(self):
            return None
        estimated = self._quantised.nearest(query, count)
        kept = estimated.ordinals if admissible is None else estimated.ordinals[admissible[estimated.ordinals]]
        if len(kept) < limit:
            return None
        nearest = self._scanned(query, limit, kept)
        return nearest if estimated.apart(nearest.ordinals[:limit]) >= _CLEARLY else None

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


def _sample(exact: ExactIndex) -> Floats:
    """Return vectors of passages from everywhere."""
    starts = np.linspace(0, max(0, len(exact) - _RUN), _RUNS).astype(np.int64)
    return exact.vectors(np.unique(np.minimum(starts[:, None] + np.arange(_RUN), len(exact) - 1)))


def _coded(vectors: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return the codes of vectors, shape ``(n, dimension)``, and their scales, shape ``(n,)``."""
    scales = np.maximum(np.abs(vectors).max(axis=1), np.finfo(np.float32).tiny) / np.float32(_MOST)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def _products(codes: NDArray[np.int8], code: NDArray[np.int8]) -> Floats:
    import numkong

    def product(rows: slice) -> Floats:
        products: Floats = np.asarray(numkong.cdist(code[None], codes[rows], metric="dot"), np.float32)[0]
        return products

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
