"""What retrieval hands on: a question in the terms of the legs, candidates with scores, a ranking. Ordinals only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.contracts.engines import Floats, Ordinals, Scored
from index.contracts.options import Group, Mode, Order
from index.contracts.recipe import Tuning
from index.query.compiler import LexicalPlan
from index.ranking.score_breakdown import Arithmetic, Share

Mask = NDArray[np.bool_]
NOBODY: Final = np.empty(0, np.int64)
DEEPER: Final = 4  # times as many are asked for when too few may answer; chosen, not measured
NOTHING: Final = Scored(NOBODY, np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in the terms of the legs.

    Attributes:
        plan: the lexical plan.
        vector: the query's unit vector; None: the leg is off.
        mode: which legs answer.
        left_out: keys of passages' words that are no answer, those of passages that others are to be like.
        group: what a row of the answer stands for.
        order: of the rows.
    """

    plan: LexicalPlan
    vector: Floats | None
    mode: Mode
    left_out: tuple[int, ...] = ()
    group: Group = Group.PASSAGE
    order: Order = Order.BEST

    @property
    def lists(self) -> bool:
        """Tell whether articles are listed: only conditions were given."""
        return not self.plan.asks and self.vector is None


@dataclass(frozen=True, slots=True)
class LexicalCandidates:
    """Candidates by words.

    Attributes:
        passages: ordinals, ascending; those of the best articles are all among them.
        best_articles: admissible articles that match, best first, by BM25; likewise ``best_passages``.
    """

    passages: Ordinals
    best_articles: Scored
    best_passages: Scored


NO_LEXICAL: Final = LexicalCandidates(NOBODY, NOTHING, NOTHING)


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is proposed for a question.

    Attributes:
        lexical: by words; ``NO_LEXICAL`` where the leg did not run.
        nearest: by meaning, with cosines; empty where the leg did not run.
        degraded: sentences about what was missing.
        nearest_elsewhere: whether an engine elsewhere proposed those by meaning.
    """

    lexical: LexicalCandidates
    nearest: Scored
    degraded: tuple[str, ...] = ()
    nearest_elsewhere: bool = False


NO_CANDIDATES: Final = Candidates(NO_LEXICAL, NOTHING)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranked passages, best first; all arrays aligned, shape ``(n,)``.

    Attributes:
        passages: ordinals.
        scores: what they were ranked by.
        lexical: lexical score, 0 where no word matched; all 0 where the leg did not run.
        cosine: cosine; NaN where the leg did not run.
        matches: whether the passage itself holds a word of the question; also of the first passage of an article that
            has such words in its title only.
        holds: whether the passage itself holds the phrases and ``+`` words asked for.
        confidence_score: of the whole question, None where no leg could give one.
        candidates: beside which they were scored; ``NO_CANDIDATES`` of a mere listing.
    """

    passages: Ordinals
    scores: Floats
    lexical: Floats
    cosine: Floats
    matches: Mask
    holds: Mask
    confidence_score: float | None = None
    candidates: Candidates = NO_CANDIDATES

    @property
    def degraded(self) -> tuple[str, ...]:
        """Return sentences about what was missing."""
        return self.candidates.degraded

    @property
    def nearest_elsewhere(self) -> bool:
        """Tell whether an engine elsewhere proposed the candidates by meaning."""
        return self.candidates.nearest_elsewhere

    def __len__(self) -> int:
        return len(self.passages)

    def hits(self, near: float) -> Ranking:
        """Return what counts as a hit: passages with a match of their own, or with a cosine of at least ``near``."""
        return self.taken(np.flatnonzero(self.matches | (self.cosine >= near)))

    def taken(self, positions: Ordinals) -> Ranking:
        """Return what is at the given positions, in the given order."""
        return replace(
            self,
            passages=self.passages[positions],
            scores=self.scores[positions],
            lexical=self.lexical[positions],
            cosine=self.cosine[positions],
            matches=self.matches[positions],
            holds=self.holds[positions],
        )


@dataclass(frozen=True, slots=True)
class Scoring:
    """Candidates with all that makes their scores; arrays aligned, shape ``(n,)``.

    Attributes:
        passages: ordinals, ascending.
        article: BM25 of each passage's article; ``best_article`` the highest of any that is admissible.
        passage: BM25 of the passage itself; ``best_passage`` likewise.
        article_share: how much of its article's BM25 a passage gets, in [0, 1].
        lexical: both, mixed.
        cosine: NaN where the leg did not run.
        fused: score of both legs.
        tuning: by which they were joined.
    """

    passages: Ordinals
    article: Floats
    best_article: float
    passage: Floats
    article_share: Floats
    best_passage: float
    lexical: Floats
    cosine: Floats
    fused: Floats
    tuning: Tuning

    def of(self, row: int, shares: tuple[Share, ...], question: Question) -> Arithmetic:
        """Return what the score of one candidate is made of."""
        known = question.vector is not None and not np.isnan(self.cosine[row])
        cosine = float(self.cosine[row]) if known else None
        return Arithmetic(
            shares=shares,
            passage=float(self.passage[row]),
            article_share=float(self.article_share[row]),
            best_passage=self.best_passage,
            article=float(self.article[row]),
            best_article=self.best_article,
            lexical=None if question.mode == Mode.SEMANTIC else float(self.lexical[row]),
            best_lexical=float(self.lexical.max(initial=0)),
            cosine=cosine,
            best_cosine=0.0 if np.isnan(self.cosine).all() else float(np.nanmax(self.cosine)),
            is_uncovered=question.vector is not None and not known,
            score=float(self.fused[row]),
            tuning=self.tuning,
        )
