"""Scoring candidates: BM25 of passage and article, cosines, and both fused; knows one set of candidates at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.analysis.stemming import bare
from index.contracts.arrays import distinct, firsts, places
from index.contracts.conditions import AnyOf, Phrase
from index.contracts.engines import Cosines, Floats, LexicalIndex, Ordinals, Scored, Table, best
from index.contracts.idf import inverse_document_frequency
from index.contracts.options import Mode
from index.contracts.recipe import Tuning
from index.generations.columns import Columns
from index.query.compiler import LexicalPlan
from index.ranking import confidence, fusion
from index.ranking.candidates import Candidates, LexicalCandidates, Question, Ranking, Scoring
from index.ranking.score_breakdown import Share
from index.vectors.covered import Covered

Divided = Callable[[Sequence[Phrase], int], Sequence[int]]
_FARTHEST: Final = -1.0  # cosine that a passage without a vector is taken to have where no words are looked at
_LOOKED_INTO: Final = 50  # articles with a phrase over an edge, of a millisecond or two each; chosen, not measured


class Scorer:
    """Scores passages of one generation. Safe to share between threads.

    Args:
        columns: of the generation.
        lexical: its lexical index, None when it cannot be used.
        cosines: of its passages, None when there are no vectors; may be replaced by what is quicker.
        tuning: of the ranking.
        divided: returns the passages of an article that hold parts of phrases; None: nobody can tell.
    """

    def __init__(
        self,
        columns: Columns,
        lexical: LexicalIndex | None,
        cosines: Cosines | None,
        tuning: Tuning,
        divided: Divided | None = None,
    ) -> None:
        self._columns = columns
        self._divided = divided
        self._tuning = tuning
        self._lexical = lexical
        self.cosines = cosines

    def scored(self, question: Question, passages: Ordinals, candidates: Candidates) -> Scoring:
        """Score passages (ascending) against each other; what the search for candidates told of them is used.

        Of a question without a vector, only passages that match are kept.
        """
        lexical, tuning = candidates.lexical, self._tuning
        article, passage, title_only = self._bm25(question.plan, lexical, passages)
        if question.vector is None:
            kept = (passage > 0) | title_only
            passages, article, passage, title_only = passages[kept], article[kept], passage[kept], title_only[kept]
        best_article, best_passage = _best(lexical.best_articles), _best(lexical.best_passages)
        article_share = fusion.article_share(passage, best_passage, title_only, tuning.full_from)
        mixed = fusion.lexical_mix(article, passage, article_share, best_article, best_passage, tuning.article_weight)
        cosine = self._cosine(question.vector, passages, candidates.nearest)
        return Scoring(
            passages=passages,
            article=article,
            best_article=best_article,
            passage=passage,
            article_share=article_share,
            best_passage=best_passage,
            lexical=mixed,
            cosine=cosine,
            fused=_fused(mixed, cosine, question, tuning.semantic_share),
            tuning=tuning,
        )

    @property
    def scores_words(self) -> bool:
        """Tell whether BM25 can be computed here."""
        return self._lexical is not None

    def matching(self, table: Table, plan: LexicalPlan, ordinals: Ordinals) -> Scored:
        """Return those of the given documents (ascending) that hold a word of the question, by BM25, best first."""
        assert self._lexical is not None
        scores = self._lexical.score(table, plan.terms, ordinals)
        matches = scores > 0
        return best(ordinals[matches], scores[matches], len(ordinals))

    def with_matches(self, question: Question, candidates: Candidates, passages: Ordinals) -> Candidates:
        """Count passages (ascending) that match by words among the candidates, with what their articles score."""
        lexical = candidates.lexical
        if self._lexical is None or question.mode == Mode.SEMANTIC or not question.plan.terms:
            return candidates
        articles = self.articles_of(passages)[0]
        new = np.ones(len(articles), np.bool_)
        new[places(lexical.best_articles.ordinals, articles)[0]] = False
        more = self.matching(Table.ARTICLES, question.plan, articles[new])
        joined = LexicalCandidates(
            distinct(np.concatenate([lexical.passages, passages])),
            _joined(lexical.best_articles, more),
            lexical.best_passages,
        )
        return replace(candidates, lexical=joined)

    def holds(self, plan: LexicalPlan, passages: Ordinals, scores: Floats) -> NDArray[np.bool_]:
        """Tell which passages (ascending) themselves hold the phrases and ``+`` words asked for.

        Of an article that holds a phrase and none of whose passages does, those count that hold a part of it; of many
        such articles, the ones whose passages score highest are looked into.
        """
        lexical = self._lexical
        if plan.required is None or lexical is None:
            return np.ones(len(passages), np.bool_)
        holds = lexical.meeting(Table.PASSAGES, plan.required, passages)
        phrases = tuple(phrase for phrase in plan.phrases if len(phrase.tokens) > 1)
        if self._divided is not None and phrases:
            articles = self._columns.article_of[passages].astype(np.int64)
            without = np.setdiff1d(articles, articles[holds])
            for article in self._holding_over_edges(lexical, phrases, without, passages, scores):
                holds |= np.isin(passages, self._divided(phrases, article))
        return holds

    def _holding_over_edges(
        self, lexical: LexicalIndex, phrases: tuple[Phrase, ...], articles: Ordinals, passages: Ordinals, scores: Floats
    ) -> list[int]:
        """Return the best of some articles (ascending) that hold a phrase, but not within any of the passages."""
        if not len(articles):
            return []
        wanted = AnyOf(phrases)
        articles = articles[lexical.meeting(Table.ARTICLES, wanted, articles)]
        of = self._columns.article_of[passages]
        within = lexical.meeting(Table.PASSAGES, wanted, passages)
        left = np.isin(of, np.setdiff1d(articles, of[within]))
        best = of[left][np.argsort(-scores[left], kind="stable")]
        return list(dict.fromkeys(best.tolist()))[:_LOOKED_INTO]

    def shares(self, question: Question, passages: Ordinals) -> dict[int, tuple[Share, ...]]:
        """Return what each word adds to the BM25 of each passage (ascending) and of its article."""
        shares: dict[int, list[Share]] = {passage: [] for passage in passages.tolist()}
        if self._lexical is not None and question.mode != Mode.SEMANTIC:
            articles, back = self.articles_of(passages)
            for weighted in question.plan.terms:
                of_passages = self._lexical.score(Table.PASSAGES, [weighted], passages).tolist()
                of_articles = self._lexical.score(Table.ARTICLES, [weighted], articles)[back].tolist()
                for passage, in_passage, in_article in zip(shares, of_passages, of_articles, strict=True):
                    if in_passage or in_article:
                        shares[passage].append(Share(bare(weighted.term.token), in_passage, in_article))
        return {passage: tuple(sorted(each, key=_most_first)) for passage, each in shares.items()}

    def articles_of(self, passages: Ordinals) -> tuple[Ordinals, Ordinals]:
        """Return the articles of passages (ascending), each once, and which of these each passage belongs to."""
        articles = self._columns.article_of[passages].astype(np.int64)
        first = firsts(articles)
        return articles[first], np.cumsum(first) - 1

    def leg_judged(self, question: Question) -> Mode:
        """Return the mode on whose scale a confidence score is read; by words where vectors are still missing."""
        if question.vector is None:
            return Mode.LEXICAL
        if not isinstance(self.cosines, Covered) or question.mode == Mode.SEMANTIC:
            return question.mode
        return Mode.LEXICAL if self._lexical is not None and question.plan.groups else Mode.SEMANTIC

    def confidence_score(self, question: Question, ranking: Ranking) -> float | None:
        """Return how sure a ranking is to answer, as ``confidence`` has it; None where no leg can tell."""
        if not len(ranking):
            return None
        first = self._tuning.confidence_candidates
        head = distinct(np.concatenate([order[:first] for order in _orders(ranking)]))
        head = head[np.argsort(ranking.passages[head])]
        articles, back = self.articles_of(ranking.passages[head])
        coverage = self._coverage(question, articles)
        of_head = None if coverage is None else coverage[back]
        if self.leg_judged(question) == Mode.LEXICAL and of_head is not None:
            return float(of_head.max())
        scores = confidence.combined(ranking.cosine[head], of_head, self._tuning.cosine_share)
        scores = scores[~np.isnan(scores)]
        return float(scores.max()) if len(scores) else None

    def _bm25(
        self, plan: LexicalPlan, candidates: LexicalCandidates, passages: Ordinals
    ) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Return the BM25 of each passage's article and of the passage itself, and which match by title only.

        Those are the first passages of articles that match where no passage of theirs does. Of articles that match,
        every passage is among the candidates, so that none can hold a word unseen.
        """
        lexical, size = self._lexical, len(passages)
        if not len(candidates.passages):
            return np.zeros(size, np.float32), np.zeros(size, np.float32), _none(size)
        if lexical is None:
            return np.zeros(size, np.float32), _filled(passages, candidates.best_passages, _zeros), _none(size)
        articles, back = self.articles_of(passages)
        of_articles = _filled(articles, candidates.best_articles, partial(lexical.score, Table.ARTICLES, plan.terms))
        of_passages = _filled(passages, candidates.best_passages, partial(lexical.score, Table.PASSAGES, plan.terms))
        title_only = _none(len(articles))
        title_only[places(candidates.best_articles.ordinals, articles)[0]] = True
        title_only[back[of_passages > 0]] = False
        is_first = passages == self._columns.first_passages[articles][back]
        return of_articles[back], of_passages, title_only[back] & is_first

    def _cosine(self, vector: Floats | None, passages: Ordinals, nearest: Scored) -> Floats:
        """Return the cosine of each passage, NaN where there is none.

        Without vectors here, a passage that an engine did not list is taken to be as near as the last that it did.
        """
        if vector is None or (self.cosines is None and not len(nearest.scores)):
            return np.full(len(passages), np.nan, np.float32)
        if self.cosines is None:
            return _filled(passages, nearest, lambda rest: np.full(len(rest), nearest.scores.min(), np.float32))
        return _filled(passages, nearest, partial(self.cosines.scores, vector))

    def _coverage(self, question: Question, articles: Ordinals) -> Floats | None:
        """Return the share of the question's words, weighted by idf, that each article holds."""
        lexical, groups = self._lexical, question.plan.groups
        if lexical is None or question.mode == Mode.SEMANTIC or not groups:
            return None
        size = lexical.size(Table.ARTICLES)
        counts = [sum(lexical.document_frequency(Table.ARTICLES, term) for term in group) for group in groups]
        weights = inverse_document_frequency(np.minimum(counts, size), size).astype(np.float32)
        return confidence.coverage(np.asarray(lexical.held(Table.ARTICLES, groups, articles), np.float32), weights)


def _filled(ordinals: Ordinals, scored: Scored, score: Callable[[Ordinals], Floats]) -> Floats:
    """Return the score of each ordinal (ascending): as ``scored`` has it, of the others by ``score``."""
    scores, left = np.empty(len(ordinals), np.float32), np.ones(len(ordinals), np.bool_)
    where, present = places(scored.ordinals, ordinals)
    scores[where], left[where] = scored.scores[present], False
    if left.any():
        scores[left] = score(ordinals[left])
    return scores


def _joined(scored: Scored, more: Scored) -> Scored:
    """Return both, best first; no document is in both."""
    ordinals, scores = (
        np.concatenate([scored.ordinals, more.ordinals]), np.concatenate([scored.scores, more.scores]),
    )  # fmt: skip
    ascending = np.argsort(ordinals)
    return best(ordinals[ascending], scores[ascending], len(ordinals))


def _zeros(ordinals: Ordinals) -> Floats:
    return np.zeros(len(ordinals), np.float32)


def _none(size: int) -> NDArray[np.bool_]:
    return np.zeros(size, np.bool_)


def _best(scored: Scored) -> float:
    return float(scored.scores[0]) if len(scored.scores) else 0.0


def _fused(lexical: Floats, cosine: Floats, question: Question, semantic_share: float) -> Floats:
    if question.vector is None:
        return lexical
    if question.mode == Mode.SEMANTIC:
        return np.nan_to_num(cosine, nan=_FARTHEST)
    return fusion.convex(lexical, cosine, semantic_share)


def _most_first(share: Share) -> tuple[float, float, str]:
    return -share.passage, -share.article, share.word


def _orders(ranking: Ranking) -> tuple[Ordinals, ...]:
    """Return positions in the ranking by fused, lexical and semantic score."""
    return (
        np.arange(len(ranking)),
        np.argsort(-ranking.lexical, kind="stable"),
        np.argsort(-ranking.cosine, kind="stable"),
    )
