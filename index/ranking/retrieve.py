"""From a question to ranked passages, over the parts of one generation. Knows ordinals only: no text, no files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from index.contracts.arrays import distinct
from index.contracts.candidate_engine import CandidateEngine
from index.contracts.engines import Cosines, LexicalIndex, NearestProposer, Ordinals
from index.contracts.options import Mode, Order
from index.contracts.recipe import RECIPE, Tuning
from index.generations.columns import Columns, as_words
from index.query.compiler import LexicalPlan
from index.ranking import grouping
from index.ranking.article_values import ArticleValues
from index.ranking.candidates import NOBODY, Candidates, Mask, Question, Ranking, Scoring
from index.ranking.dates import date_ranks
from index.ranking.engine_candidates import EngineCandidates
from index.ranking.filters import Filters, by_day, condition_of
from index.ranking.local_candidates import LocalCandidates
from index.ranking.matches import Matcher, Matches
from index.ranking.score_breakdown import Arithmetic
from index.ranking.scoring import Divided, Scorer


class Retriever:
    """Ranks the passages of one generation.

    Args:
        columns: of the generation.
        lexical: its lexical index, None when it cannot be used.
        cosines: scores its passages exactly, None when there are no vectors.
        proposals: of candidates by meaning without scoring everything; while there are none, everything is scored.
        base: how many passages are proposed of; later ones are scored exactly beside them.
        deepest: the most passages for which the proposer is asked; beyond, everything is scored.
        tuning: of the ranking.
        engine: elsewhere, that proposes in place of the archive's own indexes; these score.
        values: what is known of the generation's articles, made of its columns by default.
        divided: returns the passages of an article that hold parts of phrases; None: nobody can tell.
    """

    def __init__(
        self,
        columns: Columns,
        lexical: LexicalIndex | None,
        cosines: Cosines | None,
        proposals: NearestProposer | None = None,
        base: int = 0,
        deepest: int = 0,
        tuning: Tuning = RECIPE.tuning,
        engine: CandidateEngine | None = None,
        values: ArticleValues | None = None,
        divided: Divided | None = None,
    ) -> None:
        self._columns = columns
        self._values = values or ArticleValues(columns)
        self._filters = Filters(columns, lexical, self._values)
        self._matcher = Matcher(columns, lexical)
        self._scorer = Scorer(columns, lexical, cosines, tuning, divided)
        local = LocalCandidates(columns, lexical, self._scorer, proposals, base, deepest)
        self._source = local if engine is None else EngineCandidates(engine, columns, self._scorer, local)
        self._live: Mask | None = None if columns.live_passages.all() else np.asarray(columns.live_passages)

    @property
    def cosines(self) -> Cosines | None:
        """Return what scores passages by meaning; may be replaced by what is quicker and scores alike."""
        return self._scorer.cosines

    @cosines.setter
    def cosines(self, cosines: Cosines) -> None:
        self._scorer.cosines = cosines

    def rank(self, question: Question, depth: int = RECIPE.tuning.candidates) -> Ranking:
        """Rank the union of both legs' candidates.

        Args:
            question: what is asked.
            depth: how many candidates each leg proposes at least.
        """
        admissible = self._admissible(question.plan)
        if question.lists:
            return self._listing(admissible, question.order)
        candidates = self._candidates(question, admissible, depth)
        scoring = self._scored(question, candidates, admissible)
        holds = self._scorer.holds(question.plan, scoring.passages, scoring.fused)
        order = np.lexsort((self._columns.passage_ids[scoring.passages], -scoring.fused, ~holds))
        if question.plan.exact and question.mode != Mode.SEMANTIC and self._scorer.scores_words:
            order = order[scoring.lexical[order] > 0]  # words that are asked for exactly are not found by meaning
        ranking = Ranking(
            passages=scoring.passages,
            scores=scoring.fused,
            lexical=scoring.lexical,
            cosine=scoring.cosine,
            matches=scoring.lexical > 0,
            holds=holds,
            candidates=candidates,
        ).taken(order)
        return replace(ranking, confidence_score=self._scorer.confidence_score(question, ranking))

    def leg_judged(self, question: Question) -> Mode:
        """Return the mode on whose scale the confidence score of a question is read."""
        return self._scorer.leg_judged(question)

    def matches(self, question: Question, near: float) -> Matches:
        """Return all that matches a question; ``near`` is the least cosine of what is found by meaning."""
        return self._matcher.matches(question, self._admissible(question.plan), self.cosines, near)

    def dated(self, question: Question, matches: Matches, rows: int, candidates: Candidates) -> Ranking:
        """Put matches in order by date, as many as make so many rows; those of one date are ranked as ``rank`` does.

        Args:
            question: what is asked, in which order.
            matches: all that match it.
            rows: how many are wanted; what is folded under these comes with them.
            candidates: of the question, as ``rank`` found them; scores are held to theirs.
        """
        dates = date_ranks(self._columns, self._values, matches.articles, question.order)
        of_passages = dates[np.searchsorted(matches.articles, self._columns.article_of[matches.passages])]
        keys = grouping.keys(self._columns, question.group, matches.passages)
        kept = grouping.head(keys, of_passages, rows)
        return self._ranked(question, matches.passages[kept], of_passages[kept], candidates)

    def of_article(self, question: Question, matches: Matches, article: int, candidates: Candidates) -> Ranking:
        """Rank the matches of one article, given by its ordinal; ``candidates`` as for ``dated``."""
        passages = matches.passages[self._columns.article_of[matches.passages] == article]
        return self._ranked(question, passages, np.zeros(len(passages), np.int64), candidates)

    def _ranked(self, question: Question, passages: Ordinals, before: Ordinals, candidates: Candidates) -> Ranking:
        """Rank passages (ascending) by what goes before, then by score beside a question's candidates."""
        scoring = self._scored(question, candidates, self._admissible(question.plan), passages)
        rows = np.searchsorted(scoring.passages, passages)
        fused = scoring.fused[rows]
        holds = self._scorer.holds(question.plan, passages, fused)
        order = np.lexsort((self._columns.passage_ids[passages], -fused, ~holds, before))
        lexical, cosine = scoring.lexical[rows], scoring.cosine[rows]
        ranking = Ranking(passages, fused, lexical, cosine, lexical > 0, holds, candidates=candidates)
        return ranking.taken(order)

    def arithmetic(self, question: Question, passages: Sequence[int], depth: int) -> tuple[Arithmetic, ...]:
        """Return what the scores are made of that ``rank`` gave passages; ``question`` and ``depth`` as they were."""
        wanted = np.asarray(passages, np.int64)
        admissible = self._admissible(question.plan)
        candidates = self._candidates(question, admissible, depth)
        scoring = self._scored(question, candidates, admissible, wanted)
        rows = np.searchsorted(scoring.passages, wanted)
        shares = self._scorer.shares(question, scoring.passages[np.sort(rows)])
        return tuple(scoring.of(int(row), shares[int(scoring.passages[row])], question) for row in rows)

    def copies(self, plan: LexicalPlan, passage: int) -> Ordinals:
        """Return the passages that meet the conditions of a question and have the words of one, without it."""
        same = np.asarray(self._columns.copies_of == self._columns.copies_of[passage])
        admissible = self._admissible(plan)
        same &= self._columns.live_passages if admissible is None else admissible
        same[passage] = False
        return np.flatnonzero(same)

    def unmet(self, plan: LexicalPlan) -> tuple[str, ...]:
        """Say so, in sentences, when no article meets the conditions of a question."""
        admissible = self._admissible(plan)
        if condition_of(plan) is None or admissible is None or admissible.any():
            return ()
        undated = self._filters.undated() if by_day(plan.known)[0] is not None else 0
        count = f"{undated:,} articles; date:none lists them" if undated > 1 else "1 article; date:none lists it"
        more = (f"No date is known of {count}.",) if undated else ()
        return ("No article meets the conditions.", *more)

    def _candidates(self, question: Question, admissible: Mask | None, depth: int) -> Candidates:
        """Return what is proposed for a question; deeper by as much as is left out of the answer."""
        left_out = np.isin(self._columns.copies_of, question.left_out).sum() if question.left_out else 0
        return self._source.candidates(question, admissible, depth + int(left_out))

    def _scored(
        self, question: Question, candidates: Candidates, admissible: Mask | None, beside: Ordinals = NOBODY
    ) -> Scoring:
        """Score candidates, and ``beside`` them what was proposed when the question was first asked.

        Of an answer in order by date, that may be any match, which is no candidate.
        """
        if question.order != Order.BEST:
            candidates = self._scorer.with_matches(question, candidates, distinct(beside))
        passages = distinct(np.concatenate([candidates.lexical.passages, candidates.nearest.ordinals, beside]))
        passages = grouping.completed(self._columns, question.group, passages, admissible)
        if question.left_out:
            passages = passages[~np.isin(self._columns.copies_of[passages], question.left_out)]
        return self._scorer.scored(question, passages, candidates)

    def _admissible(self, plan: LexicalPlan) -> Mask | None:
        """Return which passages may answer, None when all may."""
        condition = condition_of(plan)
        if condition is None:
            return self._live
        articles = self._filters.articles(condition)
        return np.asarray(articles[self._columns.article_of] & self._columns.live_passages)

    def _listing(self, admissible: Mask | None, order: Order) -> Ranking:
        """Conditions alone: the first passage of each admissible article, newest article first, undated last.

        ``order`` may put the oldest first.
        """
        columns = self._columns
        first = columns.first_passages[:-1]
        first = first[first < columns.first_passages[1:]]
        if admissible is not None:
            first = first[admissible[first]]
        dates = date_ranks(columns, self._values, columns.article_of[first], order)
        passages = first[np.lexsort((*as_words(columns.passage_ids[first])[::-1], dates))]
        none = np.zeros(len(passages), np.float32)
        every = np.ones(len(passages), np.bool_)
        return Ranking(passages, none, none, none + np.float32(np.nan), every, every)
