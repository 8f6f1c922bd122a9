"""From ranked ordinals to hits: folding copies, reading texts, marking matches, saying why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice, repeat

import numpy as np

from archive import Archive
from archive.catalog.reading import Quotation
from archive.core.article import Article, Passage
from index.contracts.conditions import Phrase
from index.contracts.engines import Floats, Ordinals
from index.contracts.highlights import Highlight
from index.contracts.options import Group, Mode
from index.embedding.query_encoding import QueryEncoding
from index.generations.columns import Columns
from index.ranking import grouping
from index.ranking.candidates import Question, Ranking
from index.ranking.grouping import ResultRow
from index.search import highlighter, reasons
from index.search.answer import Copy, Hit, Leg
from index.search.highlighter import DividedPhrases
from index.search.nearest_sentence import NearestSentences
from index.search.passed_over import PassedOver


@dataclass(frozen=True, slots=True)
class Quoting:
    """Where hits are quoted from.

    Attributes:
        archive: has the texts.
        columns: of the generation.
        article: returns an article by its ordinal; ``columns.article``, or what remembers it.
        change: of the catalog, of which the columns were made.
        has_parts: whether any text of the archive has parts by which it is cited.
        divided: finds phrases over the edges of passages.
    """

    archive: Archive
    columns: Columns
    article: Callable[[int], Article]
    change: int
    has_parts: bool
    divided: DividedPhrases

    def quoted(self, ordinals: Sequence[int], passed_over: PassedOver) -> list[Copy | None]:
        """Return passages with their articles, aligned; None for each that cannot be quoted, which is taken down."""
        places = [self.columns.place(ordinal) for ordinal in ordinals]
        found = self.archive.quotations(places, parted=self.has_parts, since=self.change)
        aligned = list[Copy | None]()
        for ordinal, place, quotation in zip(ordinals, places, found, strict=True):
            if isinstance(quotation, Quotation):
                passage = Passage(self.columns.passage_id(ordinal), *place, quotation.text)
                article = self.article(int(self.columns.article_of[ordinal]))
                aligned.append(Copy(article, passage, quotation.part))
            else:
                passed_over.note(place[0], quotation)
                aligned.append(None)
        return aligned


class HitMaker:
    """Turns the head of a ranking into hits.

    Args:
        quoting: where hits are quoted from.
        question: that was asked.
        encoding: finds the nearest sentences.
        passed_over: takes down what cannot be quoted.
    """

    def __init__(self, quoting: Quoting, question: Question, encoding: QueryEncoding, passed_over: PassedOver) -> None:
        self._quoting = quoting
        self._columns = quoting.columns
        self._question = question
        self._sentences = _sentences(question, encoding)
        self._passed_over = passed_over

    def hits(self, ranking: Ranking, k: int, among: Ranking | None = None) -> tuple[Hit, ...]:
        """Return the first ``k`` rows that can be quoted as hits.

        ``among`` are those of whose scores their ranks tell, by default all that are ranked.
        """
        rows = grouping.rows(grouping.keys(self._columns, self._question.group, ranking.passages))
        hits, numbers = list[Hit](), count(1)
        while len(hits) < k and (batch := list(islice(rows, k - len(hits)))):
            hits += self._hits(ranking, batch, numbers, ranking if among is None else among, instead=True)
        return tuple(hits)

    def folded(self, ranking: Ranking, under: int, rank: int, among: Ranking) -> tuple[Hit, ...]:
        """Return the passages of a ranking that are folded under one, given by its ordinal and rank, best first.

        ``among`` as in ``hits``.
        """
        keys = grouping.keys(self._columns, self._question.group, ranking.passages)
        key = grouping.keys(self._columns, self._question.group, np.asarray([under]))
        places = np.flatnonzero((keys == key) & (ranking.passages != under)).tolist()
        return tuple(self._hits(ranking, [ResultRow(place, 0) for place in places], repeat(rank), among))

    def _hits(
        self,
        ranking: Ranking,
        rows: Sequence[ResultRow],
        numbers: Iterator[int],
        among: Ranking,
        *,
        instead: bool = False,
    ) -> Iterator[Hit]:
        """Yield hits of rows; ``instead``, of one that cannot be quoted the best that is folded under it and can be."""
        by_words, by_meaning = _ranks(ranking.lexical, among.lexical), _ranks(ranking.cosine, among.cosine)
        found = self._quoting.quoted([int(ranking.passages[row.best]) for row in rows], self._passed_over)
        for best, own in zip(rows, found, strict=True):
            row, quoted = self._instead(ranking, best) if own is None and instead else (best, own)
            if quoted is not None:
                ranks = int(by_words[row.best]), int(by_meaning[row.best])
                yield self._hit(next(numbers), ranking, row, quoted, ranks)

    def _instead(self, ranking: Ranking, row: ResultRow) -> tuple[ResultRow, Copy | None]:
        """Return the best that is folded under a row and can be quoted, as a row of all that can; None without one."""
        keys = grouping.keys(self._columns, self._question.group, ranking.passages)
        under = [place for place in np.flatnonzero(keys == keys[row.best]).tolist() if place != row.best]
        found = self._quoting.quoted([int(ranking.passages[place]) for place in under], self._passed_over)
        quotable = [(place, copy) for place, copy in zip(under, found, strict=True) if copy is not None]
        if not quotable:
            return row, None
        place, copy = quotable[0]
        return ResultRow(place, len(quotable) - 1), copy

    def _hit(self, rank: int, ranking: Ranking, row: ResultRow, quoted: Copy, ranks: tuple[int, int]) -> Hit:
        text = quoted.passage.text
        marks, phrase = self._marks(int(ranking.passages[row.best]), text, quoted.article.language)
        lexical, semantic = self._legs(ranking, row.best, ranks)
        alike = self._question.group == Group.PASSAGE
        return Hit(
            rank=rank,
            passage=quoted.passage,
            article=quoted.article,
            score=float(ranking.scores[row.best]),
            lexical=lexical,
            semantic=semantic,
            highlights=marks,
            reason=reasons.reason(text, marks, lexical, semantic, phrase),
            copies=row.folded if alike else 0,
            folded=0 if alike else row.folded,
            part=quoted.part,
            sentences=self._sentences,
        )

    def _marks(self, passage: int, text: str, language: str | None) -> tuple[tuple[Highlight, ...], str]:
        """Return what matches in a passage, and where the phrase asked for stands if it is not there."""
        plan = self._question.plan
        marks = highlighter.matches(plan, text, language)
        rows = _rows(plan.phrases)
        if not rows or highlighter.stands_in(rows, text, language):
            return marks, ""
        part = self._quoting.divided.part(rows, passage)
        if part is not None:
            return highlighter.joined(marks, part.marks), reasons.beside(part.begins_before, part.goes_on)
        return marks or highlighter.loosely(plan, text, language), reasons.ELSEWHERE if plan.exact else ""

    def _legs(self, ranking: Ranking, position: int, ranks: tuple[int, int]) -> tuple[Leg | None, Leg | None]:
        score, cosine = float(ranking.lexical[position]), float(ranking.cosine[position])
        lexical = Leg(ranks[0], score) if score > 0 else None
        if np.isnan(cosine) or self._question.vector is None:
            return lexical, None
        return lexical, Leg(ranks[1], cosine)


def _rows(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return the phrases of several words, with the designators in them that may be written as one (F-16, F16)."""
    joined = {"".join(phrase.tokens) for phrase in phrases if len(phrase.tokens) > 1}
    return [phrase for phrase in phrases if len(phrase.tokens) > 1 or phrase.tokens[0] in joined]


def _sentences(question: Question, encoding: QueryEncoding) -> NearestSentences | None:
    if question.vector is None or question.mode == Mode.LEXICAL:
        return None
    return NearestSentences(encoding.sentences, question.vector)


def _ranks(scores: Floats, among: Floats) -> Ordinals:
    """Return each place's rank by a leg's score among all candidates, from 1; equal scores share the better rank.

    Those without a score (NaN) are none of them.
    """
    return 1 + np.searchsorted(-np.sort(among[~np.isnan(among)])[::-1], -scores).astype(np.int64)
