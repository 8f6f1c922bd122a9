"""From ranked ordinals to hits: folding copies, reading texts, marking matches, saying why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from archive import Archive
from archive.article import Passage
from index import explain, highlight
from index.answer import Group, Hit, Leg, Mode
from index.columns import Columns
from index.encoding import QueryEncoding
from index.nearest import NearestSentences
from index.ranking import Floats, Ordinals
from index.retrieval import Question, Ranking


@dataclass(frozen=True, slots=True)
class _Row:
    """A place in the ranking that becomes a hit, with how many copies were folded under it."""

    at: int
    copies: int


class HitMaker:
    """Turns the head of a ranking into hits."""

    def __init__(self, archive: Archive, columns: Columns, question: Question, encoding: QueryEncoding) -> None:
        self._archive = archive
        self._columns = columns
        self._question = question
        self._sentences = _sentences(question, encoding)

    def hits(self, ranking: Ranking, k: int, group: Group) -> tuple[Hit, ...]:
        """Return the first ``k`` rows as hits; passages whose text has left the catalog are passed over."""
        by_words, by_meaning = _ranks(ranking.lexical), _ranks(np.nan_to_num(ranking.cosine))
        made: list[Hit] = []
        for row in self._rows(ranking, group):
            if len(made) == k:
                break
            hit = self._hit(ranking, row, len(made) + 1, (int(by_words[row.at]), int(by_meaning[row.at])))
            if hit is not None:
                made.append(hit)
        return tuple(made)

    def _rows(self, ranking: Ranking, group: Group) -> Iterator[_Row]:
        columns = self._columns
        keys = columns.copies_of[ranking.passages] if group == Group.PASSAGE else columns.article_of[ranking.passages]
        _, first, counts = np.unique(keys, return_index=True, return_counts=True)
        copies = counts if group == Group.PASSAGE else np.ones_like(counts)
        for at in np.argsort(first):
            yield _Row(int(first[at]), int(copies[at]) - 1)

    def _hit(self, ranking: Ranking, row: _Row, rank: int, ranks: tuple[int, int]) -> Hit | None:
        ordinal = int(ranking.passages[row.at])
        article = self._columns.article(int(self._columns.article_of[ordinal]))
        start, end = int(self._columns.starts[ordinal]), int(self._columns.ends[ordinal])
        text = self._archive.passage_text(article.id, article.version, start, end)
        if text is None:
            return None
        passage = Passage(self._columns.passage_id(ordinal), article.id, article.version, start, end, text)
        marks = highlight.matches(self._question.plan, text, article.language)
        lexical, semantic = self._legs(ranking, row.at, ranks)
        return Hit(
            rank=rank,
            passage=passage,
            article=article,
            score=float(ranking.scores[row.at]),
            lexical=lexical,
            semantic=semantic,
            highlights=marks,
            reason=explain.reason(text, marks, lexical, semantic),
            copies=row.copies,
            sentences=self._sentences,
        )

    def _legs(self, ranking: Ranking, at: int, ranks: tuple[int, int]) -> tuple[Leg | None, Leg | None]:
        score, cosine = float(ranking.lexical[at]), float(ranking.cosine[at])
        lexical = Leg(ranks[0], score) if score > 0 else None
        if np.isnan(cosine) or self._question.vector is None:
            return lexical, None
        return lexical, Leg(ranks[1], cosine)


def _sentences(question: Question, encoding: QueryEncoding) -> NearestSentences | None:
    if question.vector is None or question.mode == Mode.LEXICAL:
        return None
    return NearestSentences(encoding.loaded, question.vector)


def _ranks(scores: Floats) -> Ordinals:
    """Return each place's rank by a leg's score among all candidates, from 1; equal scores share the better rank."""
    return 1 + np.searchsorted(-np.sort(scores)[::-1], -scores).astype(np.int64)
