"""Candidates from the archive's own indexes: by words, and by meaning; as many as a question needs, by ordinal."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np

from index.contracts.arrays import distinct
from index.contracts.conditions import Condition
from index.contracts.engines import Floats, LexicalIndex, NearestProposer, Ordinals, Scored, Table, Weighted, best
from index.contracts.options import Mode
from index.generations.columns import Columns
from index.ranking.candidates import DEEPER, NO_LEXICAL, NOTHING, Candidates, LexicalCandidates, Mask, Question
from index.ranking.filters import all_of, by_day, condition_of, on_words
from index.ranking.scoring import Scorer
from index.runtime.threads import both

_SPARE: Final = 1.5  # times the depth is fetched where many may not be admissible; chosen, not measured
_SCORED_SOONER: Final = 2  # documents that are fetched for what it costs to score a given one
_MANY: Final = 20_000  # passages; of fewer, either leg has ended before another thread has begun


class LocalCandidates:
    """Finds candidates in the parts of one generation. Safe to share between threads.

    Args:
        columns: of the generation.
        lexical: its lexical index, None when it cannot be used.
        scorer: has its cosines.
        proposals: of candidates by meaning without scoring everything; while there are none, everything is scored.
        base: how many passages are proposed of; later ones are scored exactly beside them.
        deepest: the most passages for which the proposer is asked; beyond, everything is scored.
    """

    def __init__(
        self,
        columns: Columns,
        lexical: LexicalIndex | None,
        scorer: Scorer,
        proposals: NearestProposer | None,
        base: int,
        deepest: int,
    ) -> None:
        self._columns = columns
        self._lexical = lexical
        self._scorer = scorer
        self._proposals = proposals
        self._deepest = deepest
        self._newer = _beyond(columns, base)

    def candidates(self, question: Question, admissible: Mask | None, depth: int) -> Candidates:
        """Return what either leg proposes; of many passages, both legs are asked at once."""
        by_words = partial(self.by_words, question, admissible, depth)
        by_meaning = partial(self.by_meaning, question, admissible, depth)
        if question.vector is None or question.mode == Mode.SEMANTIC or self._columns.passages < _MANY:
            return Candidates(by_words(), by_meaning())
        return Candidates(*both(by_words, by_meaning))

    def by_words(self, question: Question, admissible: Mask | None, depth: int) -> LexicalCandidates:
        """Return the best passages by words, and all of the best articles."""
        plan = question.plan
        if self._lexical is None or question.mode == Mode.SEMANTIC or not plan.terms:
            return NO_LEXICAL
        # words demanded and days bind within the search itself; only what else is known needs a mask
        dated, other = by_day(plan.known)
        admitted = None if admissible is None or other is None else self._with_passages(admissible)
        articles = self._top(Table.ARTICLES, plan.terms, admitted, depth, all_of(on_words(plan), dated))
        narrows = all_of(on_words(plan), other) is not None
        passages = self._top(Table.PASSAGES, plan.terms, admissible, depth, dated, narrows=narrows)
        return whole_articles(self._columns, articles, passages, admissible)

    def by_meaning(self, question: Question, admissible: Mask | None, depth: int) -> Scored:
        """Score everything that is admissible, unless a proposer spares it; it cannot where only a part may answer."""
        vector, cosines = question.vector, self._scorer.cosines
        if vector is None or cosines is None:
            return NOTHING
        proposed = None if condition_of(question.plan) is not None else self._proposed(vector, admissible, depth)
        if proposed is None:
            return cosines.nearest(vector, depth, admissible)
        scores = cosines.scores(vector, proposed)
        if self._newer is not None:
            newer = cosines.nearest(vector, depth, self._newer)
            proposed, scores = np.concatenate([proposed, newer.ordinals]), np.concatenate([scores, newer.scores])
        return best(proposed, scores, depth)  # cut as without a proposer, so that the same passages answer

    def _proposed(self, vector: Floats, live: Mask | None, depth: int) -> Ordinals | None:
        """Return live candidates, fetched as deep as it takes; None where everything is to be scored."""
        if self._proposals is None or depth > self._deepest:
            return None
        fetch = depth
        while (proposed := self._proposals.nearest(vector, fetch)) is not None:
            ordinals = proposed.ordinals
            kept = ordinals if live is None else ordinals[live[ordinals]]
            if len(kept) >= min(depth, len(ordinals)) or len(ordinals) < fetch:
                return kept
            fetch *= 2
        return None

    def _with_passages(self, admissible: Mask) -> Mask:
        """Return which articles have an admissible passage."""
        articles = np.zeros(self._columns.articles, np.bool_)
        articles[self._columns.article_of[admissible]] = True
        return articles

    def _top(
        self,
        table: Table,
        terms: Sequence[Weighted],
        admissible: Mask | None,
        depth: int,
        within: Condition | None = None,
        *,
        narrows: bool = False,
    ) -> Scored:
        """Fetch as deep as it takes until enough admissible documents remain or nothing more matches.

        Where few are admissible, each of them is scored instead, which is quicker.
        ``narrows`` says that of what is within the condition, many may not be admissible.
        """
        assert self._lexical is not None
        if admissible is None:
            return self._lexical.top(table, terms, depth, within)
        count = int(np.count_nonzero(admissible))
        fetch = int(_SPARE * depth * len(admissible) / max(1, count)) if narrows else depth
        while fetch < _SCORED_SOONER * count:
            top = self._lexical.top(table, terms, fetch, within)
            kept = admissible[top.ordinals]
            if kept.sum() >= depth or len(top.ordinals) < fetch:
                return Scored(top.ordinals[kept], top.scores[kept])
            fetch *= DEEPER
        named = np.flatnonzero(admissible)
        scores = self._lexical.score(table, terms, named)
        matching = scores > 0
        return best(named[matching], scores[matching], depth)


def whole_articles(columns: Columns, articles: Scored, passages: Scored, admissible: Mask | None) -> LexicalCandidates:
    """Return passages with all admissible ones of the articles beside them."""
    within = columns.passages_of(articles.ordinals)
    if admissible is not None:
        within = within[admissible[within]]
    return LexicalCandidates(distinct(np.concatenate([passages.ordinals, within])), articles, passages)


def _beyond(columns: Columns, base: int) -> Mask | None:
    """Return which passages the proposer does not know, None when it knows all."""
    if base >= columns.passages:
        return None
    newer = np.array(columns.live_passages)
    newer[:base] = False
    return newer
