"""How the legs' scores become one: pure functions over aligned arrays."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.contracts.engines import Floats

ARTICLE_SHARE: Final = 0.65
SEMANTIC_SHARE: Final = 0.8
_IN_FULL: Final = 0.5


def borne(own: Floats, best_own: float, titled: NDArray[np.bool_]) -> Floats:
    """Return how much of its article's BM25 each passage bears, in [0, 1].

    In full from half of the best passage's BM25 on, below in proportion: the passages in which the answer stands share
    the score of their article, those beside them have little or nothing of it (docs/retrieval.md).

    Args:
        own: BM25 of each passage, shape ``(n,)``.
        best_own: highest BM25 of an admissible passage.
        titled: passages that answer for a match that is in their article's title alone, which they bear in full.
    """
    return np.where(titled, np.float32(1), np.minimum(1, _by_best(own, best_own * _IN_FULL)))


def lexical_mix(
    article: Floats, own: Floats, bears: Floats, best_article: float, best_own: float, share: float = ARTICLE_SHARE
) -> Floats:
    """Join the BM25 score of a passage's article, as far as the passage bears it, with the passage's own.

    ``share * article / best_article * bears + (1 - share) * own / best_own``, in [0, 1]: whole articles rank documents
    best, passages say where in them the answer stands.

    Args:
        article: BM25 of each passage's article, shape ``(n,)``.
        own: BM25 of each passage, shape ``(n,)``.
        bears: as ``borne`` returns it, shape ``(n,)``.
        best_article: highest BM25 of an admissible article.
        best_own: highest BM25 of an admissible passage.
        share: weight of the article.
    """
    return np.asarray(
        share * _by_best(article, best_article) * bears + (1 - share) * _by_best(own, best_own), np.float32
    )


def convex(lexical: Floats, cosine: Floats, semantic_share: float = SEMANTIC_SHARE) -> Floats:
    """Fuse both legs by a convex combination normalised with theoretical minima (TM2C2).

    ``(1 - a) * lexical / max(lexical) + a * (cosine + 1) / (max(cosine) + 1)``; the least BM25 can be is 0, the least a
    cosine can be is -1. Bruch, Gai, Ingber: An Analysis of Fusion Functions for Hybrid Retrieval (2022).

    Args:
        lexical: lexical score of each candidate, 0 where no word matched, shape ``(n,)``.
        cosine: cosine of each candidate, shape ``(n,)``.
        semantic_share: weight of the semantic leg.
    """
    if not len(lexical):
        return lexical
    semantic = (cosine + 1) / (float(cosine.max()) + 1)
    fused = (1 - semantic_share) * _by_best(lexical, float(lexical.max())) + semantic_share * semantic
    return np.asarray(fused, np.float32)


def _by_best(scores: Floats, best: float) -> Floats:
    return scores / np.float32(best) if best > 0 else np.zeros_like(scores)
