"""One question answered: ranked, or put in order by date, judged, and quoted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from archive.core.errors import UsageError
from index.contracts.options import Confidence, Group, Mode, Order
from index.generations.manifest import Scale
from index.query.ast import Query
from index.ranking import confidence
from index.ranking.candidates import Question, Ranking
from index.search.answer import Answer, Hit, Totals
from index.search.deepening import Ranker
from index.search.facets import Counter
from index.search.hits import HitMaker
from index.search.passed_over import PassedOver
from index.search.questions import AskedQuestion
from index.search.rerank import RERANKED, Reranker, reranked

_SPARE: Final = 20  # rows in order by date beyond those wanted, for those that cannot be quoted; chosen, not measured


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of an answer; the fields are those of ``Searcher.search``."""

    k: int
    mode: Mode
    group: Group
    nearest: bool
    order: Order
    rerank: Reranker | None

    def check(self) -> None:
        """Refuse what cannot be given.

        Raises:
            UsageError: ``k`` is below 1, grouping by story was asked for, or rows in two orders.
        """
        if self.k < 1:
            raise UsageError(f"-k must be at least 1, not {self.k}.")
        if self.group == Group.STORY:
            raise UsageError("Stories are not computed yet; group by passage or article.")
        if self.rerank is not None and self.order != Order.BEST:
            raise UsageError("A reranker puts rows in an order of its own; ask for that or for one by date.")


@dataclass(frozen=True, slots=True)
class Rows:
    """What is listed of a question.

    Attributes:
        ranking: the rows, in their order, with what is folded under them.
        candidates: by which the question is judged.
        among: those of them that answer, of whose scores ranks are told.
        depth: how many candidates each leg proposed at least.
        totals: of all that matches, None where it was not looked for.
    """

    ranking: Ranking
    candidates: Ranking
    among: Ranking
    depth: int
    totals: Totals | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """All that answers a question.

    Attributes:
        articles: by identifier, best first.
        degraded: sentences about what was missing; empty when everything worked.
    """

    articles: tuple[str, ...]
    degraded: tuple[str, ...] = ()


class Answerer:
    """Answers questions over one generation. Safe to share between threads.

    Args:
        ranker: over it.
        counter: of it.
        scales: of confidence, by mode.
        generation: its number.
    """

    def __init__(self, ranker: Ranker, counter: Counter, scales: Mapping[str, Scale], generation: int) -> None:
        self._ranker = ranker
        self._counter = counter
        self._scales = scales
        self._generation = generation

    def answer(self, read: Query, asked: AskedQuestion, wanted: Wanted, maker: HitMaker, passed: PassedOver) -> Answer:
        """Answer a question; the time it took is not told.

        Args:
            read: the question as it was parsed.
            asked: as it is asked of the generation, with what is wanted of it.
            wanted: of the answer.
            maker: of hits, for this question.
            passed: takes down what cannot be quoted.

        Raises:
            Damaged: of what answers no text is what was written.
            ArchiveError: the reranker cannot be used.
        """
        question, rerank = asked.question, wanted.rerank
        count = wanted.k if rerank is None else max(wanted.k, RERANKED)
        rows = self._rows(question, count, wanted)
        judged = self._judge(question, rows)
        shown = judged != Confidence.NOTHING or wanted.nearest
        hits = maker.hits(rows.ranking, count, rows.among) if shown else ()
        passed.require(len(hits))
        hits, said = reranked(rerank, "" if question.lists else read.semantic_text, hits)
        unmet = () if len(rows.candidates) else self._ranker.retriever.unmet(question.plan)
        return Answer(
            query=read,
            mode=wanted.mode,
            group=wanted.group,
            generation=self._generation,
            hits=hits[: wanted.k],
            confidence=_seen(judged, question, hits),
            confidence_score=rows.candidates.confidence_score,
            notes=(*read.notes, *question.plan.notes, *unmet, *said),
            plan=self._plan_words(question, rows.candidates),
            degraded=(*self._ranker.degraded, *asked.degraded, *rows.candidates.degraded, *passed.sentences),
            took_ms=0.0,
            depth=rows.depth,
            nearest=wanted.nearest,
            order=wanted.order,
            totals=rows.totals,
            covered=self._ranker.covered,
            total=None if self._ranker.covered is None else self._ranker.passages,
        )

    def answering(self, asked: AskedQuestion, count: int) -> tuple[Ranking, tuple[str, ...]]:
        """Return the best ``count`` articles that answer a question, and what was missing; no text is read.

        There are none where nothing resembles it.
        """
        question = replace(asked.question, group=Group.ARTICLE)
        candidates = self._ranker.deep(question, count, nearest=False)[1]
        degraded = (*self._ranker.degraded, *asked.degraded, *candidates.degraded)
        if self._judged(question, candidates) == Confidence.NOTHING:
            return candidates.taken(np.empty(0, np.int64)), degraded
        return self._ranker.answering(candidates, nearest=False), degraded

    def beside(self, question: Question, article: int, answer: Answer) -> tuple[Ranking, Ranking]:
        """Return how what answers of an article was ranked, maybe among others, and of whose scores ranks are told."""
        ranker = self._ranker
        if question.order == Order.BEST or question.lists:
            answering = ranker.answering(ranker.retriever.rank(question, answer.depth), answer.nearest)
            return answering, answering
        best = ranker.retriever.rank(replace(question, order=Order.BEST), answer.depth)
        ranking = ranker.retriever.of_article(question, ranker.matches(question), article, best.candidates)
        return ranking, ranker.answering(best, nearest=False)

    def _rows(self, question: Question, count: int, wanted: Wanted) -> Rows:
        ranker = self._ranker
        if question.order == Order.BEST or question.lists:
            depth, candidates = ranker.deep(question, count, wanted.nearest)
            answering = ranker.answering(candidates, wanted.nearest)
            totals = None if question.order == Order.BEST else self._counter.totals(ranker.matches(question))
            return Rows(answering, candidates, answering, depth, totals)
        depth, best = ranker.deep(replace(question, order=Order.BEST), 1, nearest=True)
        matches = ranker.matches(question)
        dated = ranker.retriever.dated(question, matches, count + _SPARE, best.candidates)
        among = ranker.answering(best, nearest=False)
        return Rows(dated, best, among, depth, self._counter.totals(matches))

    def _plan_words(self, question: Question, candidates: Ranking) -> str:
        if question.lists:
            return "listing"
        if question.vector is None:
            return "lexical only"
        return self._ranker.way(candidates)

    def _judge(self, question: Question, rows: Rows) -> Confidence:
        """Return how sure the answer is; where all that matches is listed, that is never nothing."""
        judged = self._judged(question, rows.candidates)
        by_date = question.order != Order.BEST and len(rows.ranking) > 0
        return Confidence.WEAK if by_date and judged == Confidence.NOTHING else judged

    def _judged(self, question: Question, candidates: Ranking) -> Confidence:
        if not len(candidates):
            return Confidence.NOTHING
        if question.lists:
            return Confidence.STRONG
        if candidates.confidence_score is None:  # an engine elsewhere knows the words and nobody here does
            return Confidence.WEAK
        leg = self._ranker.retriever.leg_judged(question)
        judged = confidence.judge(candidates.confidence_score, self._scales.get(leg))
        certain = question.plan.required is not None and bool(candidates.holds.any())
        # of vectors that are missing nobody can tell
        spared = certain or (self._ranker.is_partial and question.mode != Mode.LEXICAL)
        return Confidence.WEAK if spared and judged == Confidence.NOTHING else judged


def _seen(judged: Confidence, question: Question, hits: tuple[Hit, ...]) -> Confidence:
    """Return how sure an answer is that shows these hits: of words asked for exactly, something must be seen."""
    if not hits:
        return Confidence.NOTHING
    unlit = question.plan.exact and not any(hit.highlights for hit in hits)
    return Confidence.WEAK if unlit and judged == Confidence.STRONG else judged
