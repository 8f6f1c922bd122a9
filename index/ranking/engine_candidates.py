"""Candidates from an engine elsewhere: identifiers of passages become ordinals of the generation in use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.core.errors import ArchiveError
from archive.core.forking import cached_property
from index.contracts.arrays import places
from index.contracts.candidate_engine import CandidateEngine, CandidateRequest, Proposed, ProposedPassages
from index.contracts.engines import Floats, Ordinals, Scored, Table
from index.contracts.options import Mode
from index.generations.columns import Columns
from index.ranking.candidates import DEEPER, NO_LEXICAL, NOTHING, Candidates, LexicalCandidates, Mask, Question
from index.ranking.local_candidates import LocalCandidates, whole_articles
from index.ranking.scoring import Scorer

_ID_LENGTH: Final = 16  # characters of a passage's identifier
_LARGEST_COSINE: Final = 1.001  # of vectors whose length is 1 but for rounding


@dataclass(frozen=True, slots=True)
class _Leg:
    """What one leg of an engine proposed.

    Attributes:
        passages: ordinals of those that may answer, each once, best first.
        scores: the engine's, aligned; None where it has none.
        proposed: how many it named, may they answer or not.
        unknown: how many of these are not in this generation.
    """

    passages: Ordinals
    scores: Floats | None
    proposed: int
    unknown: int

    def scored(self) -> Scored:
        """Return the passages with the engine's scores; without scores, none."""
        return NOTHING if self.scores is None else Scored(self.passages, self.scores)


@dataclass(frozen=True, slots=True)
class _Legs:
    """What both legs proposed; a leg that was not asked is empty."""

    words: _Leg
    meaning: _Leg

    def enough(self, wanted: int, asked: int) -> bool:
        """Tell whether each leg brought as many as are wanted, or all there are, when so many were asked for."""
        return all(len(leg.passages) >= wanted or leg.proposed < asked for leg in (self.words, self.meaning))


class EngineCandidates:
    """Asks an engine elsewhere, and the archive's own indexes for the legs that it does not have.

    Whatever the archive can score, it scores itself; the engine's scores count where it cannot. Safe to share between
    threads.

    Args:
        engine: that proposes.
        columns: of the generation.
        scorer: of its passages.
        local: candidates from the archive's own indexes, in place of an engine that fails as well.
    """

    def __init__(self, engine: CandidateEngine, columns: Columns, scorer: Scorer, local: LocalCandidates) -> None:
        self._engine = engine
        self._columns = columns
        self._identifiers = _Identifiers(columns)
        self._scorer = scorer
        self._local = local

    def candidates(self, question: Question, admissible: Mask | None, depth: int) -> Candidates:
        """Return what either leg proposes, fetched as deep as it takes."""
        mode = self._mode(question)
        if mode is None:
            return self._local.candidates(question, admissible, depth)
        try:
            legs = self._fetched(_request(question, mode, depth), admissible)
        except Exception as error:
            local = self._local.candidates(question, admissible, depth)
            return replace(local, degraded=(f"{self._engine.name} was not used: {plainly(error)}",))
        if mode == Mode.SEMANTIC:
            words = self._local.by_words(question, admissible, depth)
        else:
            words = self._words(question, legs.words, admissible)
        if mode == Mode.LEXICAL:
            nearest = self._local.by_meaning(question, admissible, depth)
        else:
            nearest = self._meaning(question, legs.meaning)
        return Candidates(words, nearest, tuple(self._degraded(legs)), nearest_elsewhere=mode != Mode.LEXICAL)

    def _mode(self, question: Question) -> Mode | None:
        """Return the legs for which the engine is asked, None for none."""
        abilities = self._engine.abilities
        words = abilities.words and question.mode != Mode.SEMANTIC and bool(question.plan.terms)
        meaning = abilities.meaning and question.vector is not None
        if words and meaning:
            return Mode.HYBRID
        return Mode.LEXICAL if words else Mode.SEMANTIC if meaning else None

    def _fetched(self, request: CandidateRequest, admissible: Mask | None) -> _Legs:
        """Ask as deep as it takes until enough may answer or the engine has no more."""
        wanted = request.depth
        while True:
            proposed = _checked(self._engine.candidates(request))
            legs = _Legs(self._leg(proposed.by_words, admissible), self._leg(proposed.by_meaning, admissible))
            if legs.enough(wanted, request.depth) or request.depth >= self._columns.passages:
                return legs
            request = replace(request, depth=DEEPER * request.depth)

    def _leg(self, proposed: ProposedPassages, admissible: Mask | None) -> _Leg:
        """Return what one leg proposed, by ordinal."""
        ordinals = self._identifiers.ordinals(proposed.ids)
        indexed = ordinals >= 0
        kept = indexed if admissible is None else indexed & admissible[ordinals]
        _, first = np.unique(ordinals, return_index=True)
        positions = np.sort(first[kept[first]])
        scores = None if proposed.scores is None else proposed.scores[positions]
        return _Leg(ordinals[positions], scores, len(ordinals), int(np.count_nonzero(~indexed)))

    def _words(self, question: Question, leg: _Leg, admissible: Mask | None) -> LexicalCandidates:
        """Return the passages proposed by words, with all those of their articles."""
        if not self._scorer.scores_words:
            scored = leg.scored()
            return replace(NO_LEXICAL, passages=np.sort(scored.ordinals), best_passages=scored)
        passages = np.sort(leg.passages)
        articles, _ = self._scorer.articles_of(passages)
        return whole_articles(
            self._columns,
            self._scorer.matching(Table.ARTICLES, question.plan, articles),
            self._scorer.matching(Table.PASSAGES, question.plan, passages),
            admissible,
        )

    def _meaning(self, question: Question, leg: _Leg) -> Scored:
        """Return the passages proposed by meaning."""
        cosines = self._scorer.cosines
        if cosines is None or question.vector is None:
            return leg.scored()
        return Scored(leg.passages, cosines.scores(question.vector, leg.passages))

    def _degraded(self, legs: _Legs) -> Iterator[str]:
        """Yield sentences about what was missing."""
        name, exact = self._engine.name, self._engine.abilities.exact_scores
        proposed, unknown = legs.words.proposed + legs.meaning.proposed, legs.words.unknown + legs.meaning.unknown
        if unknown:
            yield (
                f"{unknown:,} of {proposed:,} passages that {name} proposed are not in this index;"
                " it holds another state of the archive."
            )
        scored_here = {"words": self._scorer.scores_words, "meaning": self._scorer.cosines is not None}
        for what, leg in (("words", legs.words), ("meaning", legs.meaning)):
            if not leg.proposed or scored_here[what]:
                continue
            if leg.scores is None:
                yield f"{name} gives no scores by {what}, and none can be computed here; its passages are left out."
            elif not exact:
                yield f"Scores by {what} are those of {name}, and approximate."


def _request(question: Question, mode: Mode, depth: int) -> CandidateRequest:
    plan = question.plan
    return CandidateRequest(
        mode=mode,
        depth=depth,
        terms=() if mode == Mode.SEMANTIC else plan.terms,
        vector=None if mode == Mode.LEXICAL else question.vector,
        required=plan.required,
        excluded=plan.excluded,
        known=plan.known,
    )


def plainly(error: Exception) -> str:
    """Return what went wrong elsewhere, in words."""
    return error.message if isinstance(error, ArchiveError) else f"{type(error).__name__}: {error}".rstrip(": ")


def _checked(proposed: Proposed) -> Proposed:
    """Return what an engine proposed, as what the contract says it is.

    Raises:
        ArchiveError: it is something else.
    """
    if not isinstance(proposed, Proposed):
        raise ArchiveError("its answer is none.")
    by_words, by_meaning = _checked_leg(proposed.by_words), _checked_leg(proposed.by_meaning)
    if by_words.scores is not None and (by_words.scores <= 0).any():
        raise ArchiveError("its scores by words are not all above 0.")
    if by_meaning.scores is not None and (np.abs(by_meaning.scores) > _LARGEST_COSINE).any():
        raise ArchiveError("its scores by meaning are no cosines.")
    return Proposed(by_words, by_meaning)


def _checked_leg(leg: ProposedPassages) -> ProposedPassages:
    ids = tuple(leg.ids)
    if not all(isinstance(each, str) for each in ids):
        raise ArchiveError("its identifiers are no text.")
    if leg.scores is None:
        return ProposedPassages(ids)
    given = np.asarray(leg.scores)
    scores = given.astype(np.float32) if given.dtype.kind in "iuf" else np.empty(0, np.float32)
    if scores.shape != (len(ids),) or not np.isfinite(scores).all():
        raise ArchiveError("its scores are not one number for each passage.")
    if (np.diff(scores) > 0).any():
        raise ArchiveError("its scores do not descend.")
    return ProposedPassages(ids, scores)


class _Identifiers:
    """The identifiers of the live passages of a generation, sorted when first looked for."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def ordinals(self, ids: Sequence[str]) -> Ordinals:
        """Return the ordinal of each passage, -1 of one that is not in this generation."""
        sorted_ids, of_sorted = self._sorted
        asked = [_as_bytes(passage_id) for passage_id in ids]
        rows, indexed = places(np.array(asked, f"S{_ID_LENGTH}"), sorted_ids)
        ordinals = np.full(len(asked), -1, np.int64)
        ordinals[indexed] = of_sorted[rows]
        return ordinals

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.bytes_], Ordinals]:
        live = np.flatnonzero(self._columns.live_passages)
        live = live[np.argsort(self._columns.passage_ids[live], kind="stable")]
        return self._columns.passage_ids[live], live


def _as_bytes(identifier: str) -> bytes:
    """Return an identifier as columns hold it; what can be none is empty, which none is."""
    return identifier.encode("ascii") if len(identifier) == _ID_LENGTH and identifier.isascii() else b""
