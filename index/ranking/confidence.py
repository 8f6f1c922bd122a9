"""Whether the archive holds anything about a question, as an absolute figure.

The figure of a question is the best, over the candidate articles, of ``0.7 x best cosine + 0.3 x coverage``; coverage
is the share of the question's terms, weighted by idf, that the article holds. What the figure means depends on the
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

COSINE_SHARE: Final = 0.7


def coverage(held: Floats, idf: Floats) -> Floats:
    """Return the share of the question's terms each article holds, weighted by idf.

    Args:
        held: 1 where an article holds a term, shape ``(terms, articles)``.
        idf: weight of each term, shape ``(terms,)``.
    """
    total = float(idf.sum())
    return np.asarray(idf @ held / total if total else np.zeros(held.shape[1]), np.float32)


def inverse_frequency(frequencies: Sequence[int], documents: int) -> Floats:
    """Return ``ln(1 + (N - df + .5) / (df + .5))`` for each term; a term nobody holds weighs most."""
    df = np.asarray(frequencies, np.float32)
    return np.asarray(np.log(1 + (documents - df + 0.5) / (df + 0.5)), np.float32)


def combined(cosine: Floats, covered: Floats | None) -> Floats:
    """Join both legs' figures, aligned; a leg that did not run (NaN, None) leaves the other's alone.

    Args:
        cosine: NaN where the leg did not run.
        covered: coverage, None where the leg did not run.
    """
    if covered is None:
        return cosine
    return np.where(np.isnan(cosine), covered, COSINE_SHARE * cosine + (1 - COSINE_SHARE) * covered)


def background() -> tuple[str, ...]:
    """Return questions that no news archive answers."""
    return tuple(files("index.ranking").joinpath("background.txt").read_text("utf-8").splitlines())


def scale(scores: Sequence[float], mode: Mode, numbers: ConfidenceScale = RECIPE.scale) -> Scale:
    """Set the scale of one mode from the figures of the background questions."""
    found = np.asarray(scores) if len(scores) else np.zeros(1)
    weak = max(numbers.floor, float(np.quantile(found, numbers.quantile(mode))))
    return Scale(weak, weak + numbers.margin, max(numbers.near_floor, float(np.median(found))))


def judge(figure: float | None, bounds: Scale | None) -> Confidence:
    """Read a figure on the archive's scale; without a figure there is nothing."""
    if figure is None:
        return Confidence.NOTHING
    if bounds is None or figure >= bounds.strong:
        return Confidence.STRONG
    return Confidence.WEAK if figure >= bounds.weak else Confidence.NOTHING
