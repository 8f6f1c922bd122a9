"""From a question to ranked passages, over the parts of one generation. Knows ordinals only: no text, no files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import filterfalse
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from index import confidence, fusion
from index.answer import Mode
from index.columns import Columns
from index.filters import Filters
from index.plan import LexicalPlan
from index.ranking import (
    AllOf,
    Condition,
    Floats,
    LexicalIndex,
    Not,
    Ordinals,
    Scored,
    Table,
    VectorIndex,
    Weighted,
    is_dated,
)

DEPTH: Final = 100
_FIGURE_HEAD: Final = 10
_SPARE: Final = 1.5
_NOBODY: Final = np.empty(0, np.int64)
_NOTHING: Final = Scored(_NOBODY, np.empty(0, np.float32))


class Cosines(Protocol):
    """Exact cosines of a generation's passages."""

    def nearest(self, query: Floats, limit: int, admissible: NDArray[np.bool_] | None = None) -> Scored:
        """Return the admissible passages nearest to the unit vector ``query``, taken through ties at the cut."""

    def scores(self, query: Floats, ordinals: Ordinals) -> Floats:
        """Return the cosine of each given passage, aligned with ``ordinals``."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranked passages, best first; all arrays aligned, shape ``(n,)``.

    Attributes:
        passages: ordinals.
        scores: what they were ranked by.
        lexical: lexical score, 0 where no word matched; all 0 where the leg did not run.
        cosine: cosine; NaN where the leg did not run.
        own: whether a word of the question stands in the passage itself, not only in its article.
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


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in the terms of the legs: the lexical plan and the query's unit vector (None: leg is off)."""

    plan: LexicalPlan
    vector: Floats | None
    mode: Mode


@dataclass(frozen=True, slots=True)
class _Leg:
    """Candidates by words, with the best admissible articles and passages."""

    found: Ordinals
    articles: Scored
    own: Scored


_NO_LEG: Final = _Leg(_NOBODY, _NOTHING, _NOTHING)


class Retriever:
    """Ranks the passages of one generation.

    Args:
        columns: of the generation.
        lexical: its lexical index, None when it cannot be used.
        cosines: scores its passages exactly, None when there are no vectors.
        proposer: proposes candidates by meaning without scoring everything, None to score everything.
        base: how many passages the proposer knows; later ones are scored exactly beside it.
    """

    def __init__(
        self,
        columns: Columns,
        lexical: LexicalIndex | None,
        cosines: Cosines | None,
        proposer: VectorIndex | None = None,
        base: int = 0,
    ) -> None:
        self._columns = columns
        self._lexical = lexical
        self.cosines = cosines
        self.proposer = proposer
        self._base = base
        self._filters = Filters(columns, lexical)
        self._alive: NDArray[np.bool_] | None = None if columns.alive.all() else np.asarray(columns.alive)

    def rank(self, question: Question, depth: int = DEPTH) -> Ranking:
        """Rank the union of both legs' candidates.

        Args:
            question: what is asked.
            depth: how many candidates each leg proposes at least.
        """
        plan = question.plan
        admissible = self._admissible(plan)
        if not plan.terms and question.vector is None:
            return self._listing(admissible)
        lexical = self._lexical_leg(plan, admissible, depth) if question.mode != Mode.SEMANTIC else _NO_LEG
        near = self._by_meaning(question.vector, admissible, depth)
        found = np.union1d(lexical.found, near.ordinals)
        of_article, own = self._bm25(plan, lexical, found)
        if question.vector is None:
            matched = (of_article > 0) | (own > 0)
            found, of_article, own = found[matched], of_article[matched], own[matched]
        scores = fusion.lexical_mix(of_article, own, _best(lexical.articles), _best(lexical.own))
        cosine = self._cosine(question.vector, found, near)
        fused = _fused(scores, cosine, question)
        holds = self._holding(plan, found)
        order = np.lexsort((self._columns.passage_ids[found], -fused, ~holds))
        ranking = Ranking(found, fused, scores, cosine, own > 0, holds).taken(order)
        return replace(ranking, figure=self._figure(question, ranking))

    def unmet(self, plan: LexicalPlan) -> tuple[str, ...]:
        """Say so, in sentences, when no article meets the conditions of a question."""
        admissible = self._admissible(plan)
        if _condition(plan) is None or admissible is None or admissible.any():
            return ()
        undated = self._filters.undated() if _by_day(plan.known)[0] is not None else 0
        count = f"{undated:,} articles; date:none lists them" if undated > 1 else "1 article; date:none lists it"
        more = (f"No date is known of {count}.",) if undated else ()
        return ("No article meets the conditions.", *more)

    def _admissible(self, plan: LexicalPlan) -> NDArray[np.bool_] | None:
        condition = _condition(plan)
        if condition is None:
            return self._alive
        articles = self._filters.articles(condition)
        return np.asarray(articles[self._columns.article_of] & self._columns.alive)

    def _listing(self, admissible: NDArray[np.bool_] | None) -> Ranking:
        """Conditions alone: the first passage of each admissible article, newest article first, undated last."""
        columns = self._columns
        first = columns.first_passages[:-1]
        first = first[first < columns.first_passages[1:]]
        if admissible is not None:
            first = first[admissible[first]]
        published = columns.texts["published"]
        dates = [published[int(columns.article_of[at])] or "" for at in first]
        found = first[_newest_first(dates, columns.passage_ids[first].tolist())]
        none = np.zeros(len(found), np.float32)
        every = np.ones(len(found), np.bool_)
        return Ranking(found, none, none, none + np.float32(np.nan), every, every)

    def _lexical_leg(self, plan: LexicalPlan, admissible: NDArray[np.bool_] | None, depth: int) -> _Leg:
        if self._lexical is None or not plan.terms:
            return _NO_LEG
        # words demanded and days bind within the search itself; only what else is known needs a mask
        dated, other = _by_day(plan.known)
        admitted = None if admissible is None or other is None else self._with_passages(admissible)
        articles = self._top(Table.ARTICLES, plan.terms, admitted, depth, _all_of(_demanded(plan), dated))
        narrows = _all_of(_demanded(plan), other) is not None
        own = self._top(Table.PASSAGES, plan.terms, admissible, depth, dated, narrows=narrows)
        within = self._columns.passages_of(articles.ordinals)
        if admissible is not None:
            within = within[admissible[within]]
        found = np.union1d(own.ordinals, within)
        return _Leg(found, articles, own)

    def _with_passages(self, admissible: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which articles have an admissible passage."""
        articles = np.zeros(self._columns.articles, np.bool_)
        articles[self._columns.article_of[admissible]] = True
        return articles

    def _top(
        self,
        table: Table,
        terms: Sequence[Weighted],
        admissible: NDArray[np.bool_] | None,
        depth: int,
        within: Condition | None = None,
        *,
        narrows: bool = False,
    ) -> Scored:
        """Fetch as deep as it takes until enough admissible documents remain or nothing more matches.

        ``narrows`` says that of what is within the condition, many may not be admissible.
        """
        assert self._lexical is not None
        fetch = depth
        if admissible is not None and narrows:
            fetch = int(_SPARE * depth * len(admissible) / max(1, int(np.count_nonzero(admissible))))
        while True:
            found = self._lexical.top(table, terms, fetch, within)
            if admissible is None:
                return found
            kept = admissible[found.ordinals]
            if kept.sum() >= depth or len(found.ordinals) < fetch:
                return Scored(found.ordinals[kept], found.scores[kept])
            fetch *= 4

    def _by_meaning(self, vector: Floats | None, admissible: NDArray[np.bool_] | None, depth: int) -> Scored:
        """Score everything that is admissible, unless a proposer spares it; it cannot where only a part may answer."""
        if vector is None or self.cosines is None:
            return _NOTHING
        if self.proposer is None or admissible is not self._alive:
            return self.cosines.nearest(vector, depth, admissible)
        proposed = _proposed(self.proposer, vector, depth, self._alive)
        later = np.arange(self._columns.passages) >= self._base
        newer = self.cosines.nearest(vector, depth, later if self._alive is None else later & self._alive)
        scores = self.cosines.scores(vector, proposed)
        return Scored(np.concatenate([proposed, newer.ordinals]), np.concatenate([scores, newer.scores]))

    def _bm25(self, plan: LexicalPlan, leg: _Leg, found: Ordinals) -> tuple[Floats, Floats]:
        """Return the BM25 of each passage's article and of the passage itself."""
        lexical = self._lexical
        if lexical is None or not len(leg.found):
            return np.zeros(len(found), np.float32), np.zeros(len(found), np.float32)
        articles, back = np.unique(self._columns.article_of[found].astype(np.int64), return_inverse=True)
        of_article = _filled(articles, leg.articles, partial(lexical.score, Table.ARTICLES, plan.terms))[back]
        return of_article, _filled(found, leg.own, partial(lexical.score, Table.PASSAGES, plan.terms))

    def _cosine(self, vector: Floats | None, found: Ordinals, near: Scored) -> Floats:
        if vector is None or self.cosines is None:
            return np.full(len(found), np.nan, np.float32)
        return _filled(found, near, partial(self.cosines.scores, vector))

    def _holding(self, plan: LexicalPlan, found: Ordinals) -> NDArray[np.bool_]:
        if plan.required is None or self._lexical is None:
            return np.ones(len(found), np.bool_)
        return np.isin(found, self._lexical.matching(Table.PASSAGES, plan.required))

    def _figure(self, question: Question, ranking: Ranking) -> float | None:
        if not len(ranking):
            return None
        head = np.unique(np.concatenate([order[:_FIGURE_HEAD] for order in _orders(ranking)]))
        articles, back = np.unique(
            self._columns.article_of[ranking.passages[head]].astype(np.int64), return_inverse=True
        )
        covered = self._coverage(question, articles)
        figures = confidence.combined(ranking.cosine[head], None if covered is None else covered[back])
        known = figures[~np.isnan(figures)]
        return float(known.max()) if len(known) else None

    def _coverage(self, question: Question, articles: Ordinals) -> Floats | None:
        if self._lexical is None or question.mode == Mode.SEMANTIC or not question.plan.groups:
            return None
        size = self._lexical.size(Table.ARTICLES)
        groups = question.plan.groups
        frequencies = [
            max(self._lexical.document_frequency(Table.ARTICLES, term) for term in group) for group in groups
        ]
        held = self._lexical.held(Table.ARTICLES, groups, articles)
        idf = confidence.inverse_frequency(frequencies, size)
        return confidence.coverage(np.asarray(held, np.float32), idf)


def _filled(ordinals: Ordinals, known: Scored, score: Callable[[Ordinals], Floats]) -> Floats:
    """Return the score of each ordinal (ascending): as known, and the others' by ``score``."""
    scores, left = np.empty(len(ordinals), np.float32), np.ones(len(ordinals), np.bool_)
    if len(known.ordinals) and len(ordinals):
        places = np.minimum(np.searchsorted(ordinals, known.ordinals), len(ordinals) - 1)
        held = ordinals[places] == known.ordinals
        scores[places[held]], left[places[held]] = known.scores[held], False
    if left.any():
        scores[left] = score(ordinals[left])
    return scores


def _proposed(proposer: VectorIndex, vector: Floats, depth: int, alive: NDArray[np.bool_] | None) -> Ordinals:
    """Fetch deeper until enough passages that are not buried remain."""
    fetch = depth
    while True:
        found = proposer.nearest(vector, fetch).ordinals
        kept = found if alive is None else found[alive[found]]
        if len(kept) >= min(depth, len(found)) or len(found) < fetch:
            return kept
        fetch *= 2


def _condition(plan: LexicalPlan) -> Condition | None:
    """Return all that must hold of an article."""
    return _all_of(_demanded(plan), plan.known)


def _by_day(known: Condition | None) -> tuple[Condition | None, Condition | None]:
    """Part what is known of an article into conditions on its day and others."""
    parts = known.parts if isinstance(known, AllOf) else () if known is None else (known,)
    return _all_of(*filter(is_dated, parts)), _all_of(*filterfalse(is_dated, parts))


def _demanded(plan: LexicalPlan) -> Condition | None:
    """Return what must hold of an article's words."""
    return _all_of(plan.required, None if plan.excluded is None else Not(plan.excluded))


def _all_of(*parts: Condition | None) -> Condition | None:
    held = tuple(part for part in parts if part is not None)
    return AllOf(held) if held else None


def _newest_first(dates: Sequence[str], ids: Sequence[bytes]) -> Ordinals:
    """Order by date, newest first and undated last, then by identifier."""
    by_id = sorted(range(len(ids)), key=ids.__getitem__)
    return np.asarray(sorted(by_id, key=dates.__getitem__, reverse=True), np.int64)


def _best(scored: Scored) -> float:
    return float(scored.scores[0]) if len(scored.scores) else 0.0


def _fused(lexical: Floats, cosine: Floats, question: Question) -> Floats:
    if question.vector is None:
        return lexical
    return cosine if question.mode == Mode.SEMANTIC else fusion.convex(lexical, cosine)


def _orders(ranking: Ranking) -> tuple[Ordinals, ...]:
    """Return positions in the ranking by fused, lexical and semantic score."""
    return (
        np.arange(len(ranking)),
        np.argsort(-ranking.lexical, kind="stable"),
        np.argsort(-np.nan_to_num(ranking.cosine), kind="stable"),
    )
