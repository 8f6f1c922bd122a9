"""All that matches a question, whatever is listed of it: what is counted, and what is put in order by date.

An article matches that meets the conditions and

- holds at least one of the words asked for, in its text or title, where words are asked and looked at;
- else, where something is asked by meaning, has a passage whose cosine is at least ``near``, as every hit has;
- else, where only conditions are given, whatever it is about.

Of a matching article, those passages match that are so themselves; where its title alone holds a word, the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from index.contracts.conditions import AnyOf, Term
from index.contracts.engines import Cosines, LexicalIndex, Ordinals, Table
from index.contracts.options import Basis, Mode
from index.generations.columns import Columns
from index.ranking.candidates import Mask, Question
from index.ranking.filters import all_of, by_day, on_words

_ASKED_SOONER: Final = 2  # times as many documents hold the words as are named; chosen, not measured


@dataclass(frozen=True, slots=True)
class Matches:
    """What matches a question.

    Attributes:
        passages: ordinals, ascending.
        articles: those of these passages, ascending.
        of_each: how many of the passages each of these articles has.
        basis: by what they match.
    """

    passages: Ordinals
    articles: Ordinals
    of_each: Ordinals
    basis: Basis

    def without(self, articles: Ordinals) -> Matches:
        """Return what matches but for some articles."""
        kept = ~np.isin(self.articles, articles)
        of_passages = np.repeat(kept, self.of_each)  # an article's passages lie beside each other
        return Matches(self.passages[of_passages], self.articles[kept], self.of_each[kept], self.basis)


class Matcher:
    """Finds all that matches. Safe to share between threads.

    Args:
        columns: of the generation.
        lexical: its lexical index, None when it cannot be used.
    """

    def __init__(self, columns: Columns, lexical: LexicalIndex | None) -> None:
        self._columns = columns
        self._lexical = lexical

    def matches(self, question: Question, admissible: Mask | None, cosines: Cosines | None, near: float) -> Matches:
        """Return all that matches a question.

        Args:
            question: what is asked.
            admissible: which passages may answer, None when all may.
            cosines: of the passages, None when there are no vectors.
            near: the least cosine of what is found by meaning.
        """
        if question.lists:
            passages = np.arange(self._columns.passages) if admissible is None else np.flatnonzero(admissible)
            return self._of(passages, Basis.CONDITIONS)
        if question.mode != Mode.SEMANTIC and question.plan.terms and self._lexical is not None:
            passages = self._by_words(self._lexical, question, admissible)
            return self._of(passages, Basis.WORDS)
        passages = np.empty(0, np.int64)
        if question.vector is not None and cosines is not None:
            answering = np.ones(self._columns.passages, np.bool_) if admissible is None else admissible
            passages = cosines.above(question.vector, near, self._answering(answering, question))
        return self._of(passages, Basis.MEANING)

    def _of(self, passages: Ordinals, basis: Basis) -> Matches:
        counts = np.bincount(self._columns.article_of[passages], minlength=self._columns.articles)
        articles = np.flatnonzero(counts)
        return Matches(passages, articles, counts[articles], basis)

    def _by_words(self, lexical: LexicalIndex, question: Question, admissible: Mask | None) -> Ordinals:
        """Return the passages that hold a word, and the first ones of articles whose title alone does."""
        plan, columns = question.plan, self._columns
        terms = tuple(weighted.term for weighted in plan.terms)
        wanted = AnyOf(terms)
        dated, _ = by_day(plan.known)
        matching = np.zeros(columns.articles, np.bool_)
        matching[lexical.matching(Table.ARTICLES, all_of(wanted, on_words(plan), dated) or wanted)] = True
        among = matching[columns.article_of]
        among = self._answering(among if admissible is None else among & admissible, question)
        holding = self._holding(lexical, terms, among)
        matching[columns.article_of[holding]] = False  # what is left matches by title
        titled = np.flatnonzero(matching & (columns.first_passages[:-1] < columns.first_passages[1:]))
        first = columns.first_passages[titled]
        holding[first] = among[first]
        return np.flatnonzero(holding)

    def _holding(self, lexical: LexicalIndex, terms: Sequence[Term], among: Mask) -> Mask:
        """Tell which of some passages hold a word: few are named, of many those that do are listed."""
        documents = sum(lexical.document_frequency(Table.PASSAGES, term) for term in terms)
        holding = np.zeros(self._columns.passages, np.bool_)
        if _ASKED_SOONER * int(np.count_nonzero(among)) < documents:
            named = np.flatnonzero(among)
            holding[named] = lexical.held(Table.PASSAGES, [terms], named)[0]
            return holding
        holding[lexical.matching(Table.PASSAGES, AnyOf(tuple(terms)))] = True
        return holding & among

    def _answering(self, passages: Mask, question: Question) -> Mask:
        """Leave out the passages that others are to be like, and their copies."""
        if not question.left_out:
            return passages
        return np.asarray(passages & ~np.isin(self._columns.copies_of, question.left_out))
