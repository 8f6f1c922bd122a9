"""Whether the archive holds anything about a question: a score that does not depend on the other hits.

The confidence score of a question is the best, over the candidate articles, of ``0.7 x best cosine + 0.3 x coverage``;
coverage is the share of the question's terms, weighted by idf, that the article holds. What it means depends on the
archive: in a large one, every question finds something a little like it. So each generation scores some two hundred
questions that no news archive answers (``background.txt``), and the scale is set on its own background. By words alone
both kinds of question overlap, and to be told "nothing" about words that are there is the worse mistake: the limit is
lower there (docs/retrieval.md has the figures).
It can say "off topic"; it cannot say that an answer is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Final

import numpy as np

from index.contracts.engines import Floats
from index.contracts.options import Confidence, Mode
from index.contracts.recipe import RECIPE, ConfidenceScale
from index.generations.manifest import Scale

_ROUNDING: Final = 1e-6
"""Processors add the float32 products of a cosine in orders of their own: what meets a limit on one does on all."""


def coverage(incidence: Floats, weights: Floats) -> Floats:
    """Return the share of the question's terms each article holds, weighted by idf.

    Args:
        incidence: 1 where an article holds a term, shape ``(terms, articles)``.
        weights: idf of each term, shape ``(terms,)``.
    """
    total = float(weights.sum())
    return np.asarray(weights @ incidence / total if total else np.zeros(incidence.shape[1]), np.float32)


def combined(cosine: Floats, covered: Floats | None, cosine_share: float) -> Floats:
    """Join cosine and coverage, aligned; where one leg did not run (NaN, None), the other stands alone.

    Args:
        cosine: NaN where the leg did not run.
        covered: coverage, None where the leg did not run.
        cosine_share: weight of the cosine.
    """
    if covered is None:
        return cosine
    return np.where(np.isnan(cosine), covered, cosine_share * cosine + (1 - cosine_share) * covered)


def background() -> tuple[str, ...]:
    """Return questions that no news archive answers."""
    return tuple(files("index.ranking").joinpath("background.txt").read_text("utf-8").splitlines())


def scale(scores: Sequence[float], mode: Mode, rule: ConfidenceScale = RECIPE.scale) -> Scale:
    """Set the scale of one mode from the scores of the background questions."""
    sample = np.asarray(scores) if len(scores) else np.zeros(1)
    weak = max(rule.floor, float(np.quantile(sample, rule.quantile(mode))))
    return Scale(weak, weak + rule.margin, max(rule.near_floor, float(np.median(sample))))


def judge(score: float | None, bounds: Scale | None) -> Confidence:
    """Read a confidence score on the archive's scale; without a score there is nothing."""
    if score is None:
        return Confidence.NOTHING
    if bounds is None or score >= bounds.strong - _ROUNDING:
        return Confidence.STRONG
    return Confidence.WEAK if score >= bounds.weak - _ROUNDING else Confidence.NOTHING


def least_near(bounds: Scale | None) -> float:
    """Return the least cosine of a passage that answers by meaning alone; without a scale every passage does."""
    return bounds.near - _ROUNDING if bounds is not None else -1.0
