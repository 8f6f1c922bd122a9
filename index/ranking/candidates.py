"""What retrieval hands on: a question in the terms of the legs, candidates with scores, a ranking. Ordinals only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.contracts.engines import Floats, Ordinals
from index.contracts.options import Group, Mode
from index.query.compiler import LexicalPlan
from index.ranking.score_breakdown import Arithmetic, Share


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in the terms of the legs.

    Attributes:
        plan: the lexical plan.
        vector: the query's unit vector; None: the leg is off.
        mode: which legs answer.
        left_out: keys of passages' words that are no answer, those of passages that others are to be like.
        group: what a row of the answer stands for.
    """

    plan: LexicalPlan
    vector: Floats | None
    mode: Mode
    left_out: tuple[int, ...] = ()
    group: Group = Group.PASSAGE

    @property
    def lists(self) -> bool:
        """Tell whether articles are listed: only conditions were given."""
        return not self.plan.asks and self.vector is None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranked passages, best first; all arrays aligned, shape ``(n,)``.

    Attributes:
        passages: ordinals.
        scores: what they were ranked by.
        lexical: lexical score, 0 where no word matched; all 0 where the leg did not run.
        cosine: cosine; NaN where the leg did not run.
        own: whether a word of the question stands in the passage itself; also of the first passage of an article that
            has such words in its title alone.
        holds: whether the passage itself holds the phrases and ``+`` words asked for.
        figure: the confidence figure of the whole question, None where no leg could give one.
    """

    passages: Ordinals
    scores: Floats
    lexical: Floats
    cosine: Floats
    own: NDArray[np.bool_]
    holds: NDArray[np.bool_]
    figure: float | None = None

    def __len__(self) -> int:
        return len(self.passages)

    def hits(self, near: float) -> Ranking:
        """Return what counts as a hit: passages with a match of their own, or with a cosine of at least ``near``."""
        return self.taken(np.flatnonzero(self.own | (np.nan_to_num(self.cosine, nan=-1.0) >= near)))

    def taken(self, places: Ordinals) -> Ranking:
        """Return the given places, in the given order."""
        return replace(
            self,
            passages=self.passages[places],
            scores=self.scores[places],
            lexical=self.lexical[places],
            cosine=self.cosine[places],
            own=self.own[places],
            holds=self.holds[places],
        )


class Scoring(NamedTuple):
    """Candidates, by ordinal ascending, with all that makes their scores; arrays aligned."""

    found: Ordinals
    of_article: Floats
    best_article: float
    own: Floats
    bears: Floats
    best_own: float
    lexical: Floats
    cosine: Floats
    fused: Floats

    def of(self, at: int, shares: tuple[Share, ...], question: Question) -> Arithmetic:
        """Return what the score of one candidate is made of."""
        cosine = None if question.vector is None else float(self.cosine[at])
        return Arithmetic(
            shares=shares,
            own=float(self.own[at]),
            bears=float(self.bears[at]),
            best_own=self.best_own,
            article=float(self.of_article[at]),
            best_article=self.best_article,
            lexical=None if question.mode == Mode.SEMANTIC else float(self.lexical[at]),
            best_lexical=float(self.lexical.max(initial=0)),
            cosine=cosine,
            best_cosine=0.0 if cosine is None else float(self.cosine.max()),
            score=float(self.fused[at]),
        )
