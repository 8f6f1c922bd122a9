"""How the legs' scores become one: pure functions over aligned arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.contracts.engines import Floats


def article_share(passage: Floats, best_passage: float, title_only: NDArray[np.bool_], full_from: float) -> Floats:
    """Return how much of its article's BM25 each passage gets, in [0, 1].

    All of it from a part of the best passage's BM25 on, below in proportion: the passages that hold the answer share
    the score of their article, those beside them get little or nothing of it (docs/retrieval.md).

    Args:
        passage: BM25 of each passage, shape ``(n,)``.
        best_passage: highest BM25 of an admissible passage.
        title_only: passages that answer for a match in their article's title only, shape ``(n,)``; they get all of it.
        full_from: that part, in (0, 1].
    """
    return np.where(title_only, np.float32(1), np.minimum(1, _by_best(passage, best_passage * full_from)))


def lexical_mix(
    article: Floats,
    passage: Floats,
    shares: Floats,
    best_article: float,
    best_passage: float,
    weight: float,
) -> Floats:
    """Join the BM25 of a passage's article, as far as the passage has a share in it, with the passage's own.

    ``weight * article / best_article * shares + (1 - weight) * passage / best_passage``, in [0, 1]: whole articles rank
    documents best, passages say where in them the answer is.

    Args:
        article: BM25 of each passage's article, shape ``(n,)``.
        passage: BM25 of each passage itself, shape ``(n,)``.
        shares: as ``article_share`` returns them, shape ``(n,)``.
        best_article: highest BM25 of an admissible article.
        best_passage: highest BM25 of an admissible passage.
        weight: of the article.
    """
    of_article = weight * _by_best(article, best_article) * shares
    return np.asarray(of_article + (1 - weight) * _by_best(passage, best_passage), np.float32)


def convex(lexical: Floats, cosine: Floats, semantic_share: float) -> Floats:
    """Fuse both legs by a convex combination normalised with theoretical minima (TM2C2).

    ``(1 - a) * lexical / max(lexical) + a * (cosine + 1) / (max(cosine) + 1)``; the least BM25 can be is 0, the least a
    cosine can be is -1. Bruch, Gai, Ingber: An Analysis of Fusion Functions for Hybrid Retrieval (2022).

    Args:
        lexical: lexical score of each candidate, 0 where no word matched, shape ``(n,)``.
        cosine: cosine of each candidate, shape ``(n,)``; NaN of one without a vector, which is taken to be as near as
            its words are good: its share of the best lexical score, of the best cosine.
        semantic_share: weight of the semantic leg.
    """
    if not len(lexical):
        return lexical
    words, unknown = _by_best(lexical, float(lexical.max())), np.isnan(cosine)
    if unknown.all():
        return words
    best = float(np.nanmax(cosine))
    semantic = (np.where(unknown, words * max(0.0, best), cosine) + 1) / (best + 1)
    return np.asarray((1 - semantic_share) * words + semantic_share * semantic, np.float32)


def _by_best(scores: Floats, best: float) -> Floats:
    return scores / np.float32(best) if best > 0 else np.zeros_like(scores)
