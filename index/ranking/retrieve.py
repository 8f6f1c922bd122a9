"""From a question to ranked passages, over the parts of one generation. Knows ordinals only: no text, no files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import filterfalse
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.contracts.arrays import distinct, firsts, places
from index.contracts.conditions import AllOf, Condition, Not, is_dated
from index.contracts.engines import Cosines, Floats, LexicalIndex, Ordinals, Proposals, Scored, Table, Weighted, best
from index.contracts.options import Mode
from index.generations.columns import Columns, as_words
from index.query.compiler import LexicalPlan
from index.ranking import confidence, fusion, grouping
from index.ranking.candidates import Question, Ranking, Scoring
from index.ranking.filters import Filters
from index.ranking.score_breakdown import Arithmetic, Share
from index.runtime.threads import both

DEPTH: Final = 100
_FIGURE_HEAD: Final = 10
_SPARE: Final = 1.5
_NAMED_SOONER: Final = 2  # documents that are fetched for what it costs to score a given one
_MOST_PROPOSED: Final = 5_000  # Chroma gives 10,000 at most, and of those some may be tombstoned
_MANY: Final = 20_000  # passages; of fewer, either leg has ended before another thread has begun
_NOBODY: Final = np.empty(0, np.int64)
_NOTHING: Final = Scored(_NOBODY, np.empty(0, np.float32))


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
        proposals: of candidates by meaning without scoring everything; while there are none, everything is scored.
        base: how many passages are proposed of; later ones are scored exactly beside them.
    """

    def __init__(
        self,
        columns: Columns,
        lexical: LexicalIndex | None,
        cosines: Cosines | None,
        proposals: Proposals | None = None,
        base: int = 0,
    ) -> None:
        self._columns = columns
        self._lexical = lexical
        self.cosines = cosines
        self._proposals = proposals
        self._filters = Filters(columns, lexical)
        self._live: NDArray[np.bool_] | None = (
            None if columns.live_passages.all() else np.asarray(columns.live_passages)
        )
        self._newer = _beyond(columns, base)

    def rank(self, question: Question, depth: int = DEPTH) -> Ranking:
        """Rank the union of both legs' candidates.

        Args:
            question: what is asked.
            depth: how many candidates each leg proposes at least.
        """
        plan = question.plan
        admissible = self._admissible(plan)
        if question.lists:
            return self._listing(admissible)
        made = self._scored(question, admissible, depth)
        holds = self._holding(plan, made.found)
        order = np.lexsort((self._columns.passage_ids[made.found], -made.fused, ~holds))
        ranking = Ranking(made.found, made.fused, made.lexical, made.cosine, made.lexical > 0, holds).taken(order)
        return replace(ranking, figure=self._figure(question, ranking))

    def arithmetic(self, question: Question, passages: Sequence[int], depth: int = DEPTH) -> tuple[Arithmetic, ...]:
        """Return what the scores are made of that ``rank`` gave passages; ``question`` and ``depth`` as they were."""
        wanted = np.asarray(passages, np.int64)
        made = self._scored(question, self._admissible(question.plan), depth, wanted)
        rows = np.searchsorted(made.found, wanted)
        shares = self._shares(question, made.found[np.sort(rows)])
        return tuple(made.of(int(at), shares[int(made.found[at])], question) for at in rows)

    def copies(self, plan: LexicalPlan, passage: int) -> Ordinals:
        """Return the passages that meet the conditions of a question and have the words of one, without it."""
        same = np.asarray(self._columns.copies_of == self._columns.copies_of[passage])
        admissible = self._admissible(plan)
        same &= self._columns.live_passages if admissible is None else admissible
        same[passage] = False
        return np.flatnonzero(same)

    def _shares(self, question: Question, passages: Ordinals) -> dict[int, tuple[Share, ...]]:
        """Return what each word adds to each passage (ascending) and its article."""
        found: dict[int, list[Share]] = {passage: [] for passage in passages.tolist()}
        if self._lexical is not None and question.mode != Mode.SEMANTIC:
            articles, back = self._articles_of(passages)
            for one in question.plan.terms:
                own = self._lexical.score(Table.PASSAGES, [one], passages)
                whole = self._lexical.score(Table.ARTICLES, [one], articles)[back]
                for passage, of_own, of_whole in zip(found, own.tolist(), whole.tolist(), strict=True):
                    if of_own or of_whole:
                        found[passage].append(Share(one.term.token, of_own, of_whole))
        return {
            passage: tuple(sorted(shares, key=lambda share: (-share.passage, -share.article, share.word)))
            for passage, shares in found.items()
        }

    def _scored(
        self, question: Question, admissible: NDArray[np.bool_] | None, depth: int, beside: Ordinals = _NOBODY
    ) -> Scoring:
        """Score what the legs propose, and ``beside`` it what another proposer had proposed."""
        plan = question.plan
        if question.left_out:
            depth += int(np.isin(self._columns.copies_of, question.left_out).sum())
        lexical, near = self._legs(question, admissible, depth)
        found = distinct(np.concatenate([lexical.found, near.ordinals, beside]))
        found = grouping.completed(self._columns, question.group, found, admissible)
        if question.left_out:
            found = found[~np.isin(self._columns.copies_of[found], question.left_out)]
        of_article, own, titled = self._bm25(plan, lexical, found)
        if question.vector is None:
            answers = (own > 0) | titled
            found, of_article, own, titled = found[answers], of_article[answers], own[answers], titled[answers]
        best_article, best_own = _best(lexical.articles), _best(lexical.own)
        bears = fusion.borne(own, best_own, titled)
        scores = fusion.lexical_mix(of_article, own, bears, best_article, best_own)
        cosine = self._cosine(question.vector, found, near)
        fused = _fused(scores, cosine, question)
        return Scoring(found, of_article, best_article, own, bears, best_own, scores, cosine, fused)

    def _legs(self, question: Question, admissible: NDArray[np.bool_] | None, depth: int) -> tuple[_Leg, Scored]:
        """Return the candidates by words and those by meaning; of many passages, both are looked for at once."""
        by_meaning = partial(self._by_meaning, question.vector, admissible, depth)
        by_words = partial(self._lexical_leg, question.plan, admissible, depth)
        if question.mode == Mode.SEMANTIC:
            return _NO_LEG, by_meaning()
        if question.vector is None or self._columns.passages < _MANY:
            return by_words(), by_meaning()
        return both(by_words, by_meaning)

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
            return self._live
        articles = self._filters.articles(condition)
        return np.asarray(articles[self._columns.article_of] & self._columns.live_passages)

    def _listing(self, admissible: NDArray[np.bool_] | None) -> Ranking:
        """Conditions alone: the first passage of each admissible article, newest article first, undated last."""
        columns = self._columns
        first = columns.first_passages[:-1]
        first = first[first < columns.first_passages[1:]]
        if admissible is not None:
            first = first[admissible[first]]
        published = columns.texts["published"].words(columns.article_of[first])
        found = first[np.lexsort((*as_words(columns.passage_ids[first])[::-1], *~published[::-1]))]
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
        found = distinct(np.concatenate([own.ordinals, within]))
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

        Where few are admissible, they are scored each, which is sooner done.
        ``narrows`` says that of what is within the condition, many may not be admissible.
        """
        assert self._lexical is not None
        if admissible is None:
            return self._lexical.top(table, terms, depth, within)
        count = int(np.count_nonzero(admissible))
        fetch = int(_SPARE * depth * len(admissible) / max(1, count)) if narrows else depth
        while fetch < _NAMED_SOONER * count:
            found = self._lexical.top(table, terms, fetch, within)
            kept = admissible[found.ordinals]
            if kept.sum() >= depth or len(found.ordinals) < fetch:
                return Scored(found.ordinals[kept], found.scores[kept])
            fetch *= 4
        named = np.flatnonzero(admissible)
        scores = self._lexical.score(table, terms, named)
        matching = scores > 0
        return best(named[matching], scores[matching], depth)

    def _by_meaning(self, vector: Floats | None, admissible: NDArray[np.bool_] | None, depth: int) -> Scored:
        """Score everything that is admissible, unless a proposer spares it; it cannot where only a part may answer."""
        if vector is None or self.cosines is None:
            return _NOTHING
        proposed = None if admissible is not self._live else self._proposed(vector, depth)
        if proposed is None:
            return self.cosines.nearest(vector, depth, admissible)
        scores = self.cosines.scores(vector, proposed)
        if self._newer is not None:
            newer = self.cosines.nearest(vector, depth, self._newer)
            proposed, scores = np.concatenate([proposed, newer.ordinals]), np.concatenate([scores, newer.scores])
        return best(proposed, scores, depth)  # cut as it is without a proposer, so that the same answers

    def _proposed(self, vector: Floats, depth: int) -> Ordinals | None:
        """Return live candidates, fetched as deep as it takes; None where everything is to be scored."""
        if self._proposals is None or depth > _MOST_PROPOSED:
            return None
        fetch = depth
        while (proposed := self._proposals.nearest(vector, fetch)) is not None:
            found = proposed.ordinals
            kept = found if self._live is None else found[self._live[found]]
            if len(kept) >= min(depth, len(found)) or len(found) < fetch:
                return kept
            fetch *= 2
        return None

    def _bm25(self, plan: LexicalPlan, leg: _Leg, found: Ordinals) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Return the BM25 of each passage's article and of the passage itself, and which passages answer by a title.

        Those are the first ones of articles that match where no passage of theirs does. Of articles that match, every
        passage is among those found, so that none can have a word unseen.
        """
        lexical = self._lexical
        if lexical is None or not len(leg.found):
            return np.zeros(len(found), np.float32), np.zeros(len(found), np.float32), np.zeros(len(found), np.bool_)
        articles, back = self._articles_of(found)
        of_article = _filled(articles, leg.articles, partial(lexical.score, Table.ARTICLES, plan.terms))
        own = _filled(found, leg.own, partial(lexical.score, Table.PASSAGES, plan.terms))
        titled = np.zeros(len(articles), np.bool_)
        titled[places(leg.articles.ordinals, articles)[0]] = True
        titled[back[own > 0]] = False
        return of_article[back], own, titled[back] & (found == self._columns.first_passages[articles][back])

    def _articles_of(self, passages: Ordinals) -> tuple[Ordinals, Ordinals]:
        """Return the articles of passages (ascending), each once, and which of these each passage belongs to."""
        articles = self._columns.article_of[passages].astype(np.int64)
        first = firsts(articles)
        return articles[first], np.cumsum(first) - 1

    def _cosine(self, vector: Floats | None, found: Ordinals, near: Scored) -> Floats:
        if vector is None or self.cosines is None:
            return np.full(len(found), np.nan, np.float32)
        return _filled(found, near, partial(self.cosines.scores, vector))

    def _holding(self, plan: LexicalPlan, found: Ordinals) -> NDArray[np.bool_]:
        if plan.required is None or self._lexical is None:
            return np.ones(len(found), np.bool_)
        return self._lexical.meeting(Table.PASSAGES, plan.required, found)

    def _figure(self, question: Question, ranking: Ranking) -> float | None:
        if not len(ranking):
            return None
        head = distinct(np.concatenate([order[:_FIGURE_HEAD] for order in _orders(ranking)]))
        head = head[np.argsort(ranking.passages[head])]
        articles, back = self._articles_of(ranking.passages[head])
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


def _beyond(columns: Columns, base: int) -> NDArray[np.bool_] | None:
    """Return which passages the proposer does not know, None when it knows all."""
    if base >= columns.passages:
        return None
    found = np.array(columns.live_passages)
    found[:base] = False
    return found


def _filled(ordinals: Ordinals, known: Scored, score: Callable[[Ordinals], Floats]) -> Floats:
    """Return the score of each ordinal (ascending): as known, and the others' by ``score``."""
    scores, left = np.empty(len(ordinals), np.float32), np.ones(len(ordinals), np.bool_)
    at, held = places(known.ordinals, ordinals)
    scores[at], left[at] = known.scores[held], False
    if left.any():
        scores[left] = score(ordinals[left])
    return scores


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
        np.argsort(-ranking.cosine, kind="stable"),
    )
