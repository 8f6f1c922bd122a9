"""From ranked ordinals to hits: folding copies, reading texts, marking matches, saying why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice, repeat

import numpy as np

from archive import Archive
from archive.core.article import Article, Part, Passage
from index.contracts.engines import Floats, Ordinals
from index.contracts.options import Group, Mode
from index.embedding.query_encoding import QueryEncoding
from index.generations.columns import Columns
from index.ranking import grouping
from index.ranking.candidates import Question, Ranking
from index.ranking.grouping import ResultRow
from index.search import highlighter, reasons
from index.search.answer import Hit, Leg
from index.search.nearest_sentence import NearestSentences


class HitMaker:
    """Turns the head of a ranking into hits.

    Args:
        archive: has the texts.
        columns: of the generation.
        article: returns an article by its ordinal; ``columns.article``, or what remembers it.
        question: that was asked.
        encoding: finds the nearest sentences.
        has_parts: whether any text of the archive has parts by which it is cited.
    """

    def __init__(
        self,
        archive: Archive,
        columns: Columns,
        article: Callable[[int], Article],
        question: Question,
        encoding: QueryEncoding,
        has_parts: bool,
    ) -> None:
        self._archive = archive
        self._columns = columns
        self._article = article
        self._question = question
        self._sentences = _sentences(question, encoding)
        self._has_parts = has_parts

    def hits(self, ranking: Ranking, k: int) -> tuple[Hit, ...]:
        """Return the first ``k`` rows as hits; passages whose text has left the catalog are passed over."""
        rows = grouping.rows(grouping.keys(self._columns, self._question.group, ranking.passages))
        hits, numbers = list[Hit](), count(1)
        while len(hits) < k and (batch := list(islice(rows, k - len(hits)))):
            hits += self._hits(ranking, batch, numbers)
        return tuple(hits)

    def folded(self, ranking: Ranking, under: int, rank: int) -> tuple[Hit, ...]:
        """Return the passages of a ranking that are folded under one, given by its ordinal and rank, best first."""
        keys = grouping.keys(self._columns, self._question.group, ranking.passages)
        key = grouping.keys(self._columns, self._question.group, np.asarray([under]))
        places = np.flatnonzero((keys == key) & (ranking.passages != under)).tolist()
        return tuple(self._hits(ranking, [ResultRow(place, 0) for place in places], repeat(rank)))

    def _hits(self, ranking: Ranking, rows: Sequence[ResultRow], numbers: Iterator[int]) -> Iterator[Hit]:
        by_words, by_meaning = _ranks(ranking.lexical), _ranks(ranking.cosine)
        places = [self._columns.place(int(ranking.passages[row.best])) for row in rows]
        texts = self._archive.passage_texts(places)
        parts = self._archive.parts_at(places) if self._has_parts else [None] * len(places)
        for row, place, text, part in zip(rows, places, texts, parts, strict=True):
            if text is not None:
                passage = Passage(self._columns.passage_id(int(ranking.passages[row.best])), *place, text)
                ranks = int(by_words[row.best]), int(by_meaning[row.best])
                yield self._hit(next(numbers), ranking, row, passage, part, ranks)

    def _hit(
        self, rank: int, ranking: Ranking, row: ResultRow, passage: Passage, part: Part | None, ranks: tuple[int, int]
    ) -> Hit:
        article = self._article(int(self._columns.article_of[ranking.passages[row.best]]))
        text = passage.text
        marks = highlighter.matches(self._question.plan, text, article.language)
        lexical, semantic = self._legs(ranking, row.best, ranks)
        alike = self._question.group == Group.PASSAGE
        return Hit(
            rank=rank,
            passage=passage,
            article=article,
            score=float(ranking.scores[row.best]),
            lexical=lexical,
            semantic=semantic,
            highlights=marks,
            reason=reasons.reason(text, marks, lexical, semantic),
            copies=row.folded if alike else 0,
            folded=0 if alike else row.folded,
            part=part,
            sentences=self._sentences,
        )

    def _legs(self, ranking: Ranking, position: int, ranks: tuple[int, int]) -> tuple[Leg | None, Leg | None]:
        score, cosine = float(ranking.lexical[position]), float(ranking.cosine[position])
        lexical = Leg(ranks[0], score) if score > 0 else None
        if np.isnan(cosine) or self._question.vector is None:
            return lexical, None
        return lexical, Leg(ranks[1], cosine)


def _sentences(question: Question, encoding: QueryEncoding) -> NearestSentences | None:
    if question.vector is None or question.mode == Mode.LEXICAL:
        return None
    return NearestSentences(lambda: encoding.loaded, question.vector)


def _ranks(scores: Floats) -> Ordinals:
    """Return each place's rank by a leg's score among all candidates, from 1; equal scores share the better rank."""
    return 1 + np.searchsorted(-np.sort(scores)[::-1], -scores).astype(np.int64)
