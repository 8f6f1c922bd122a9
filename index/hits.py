"""From ranked ordinals to hits: folding copies, reading texts, marking matches, saying why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from archive import Archive
from archive.article import Article, Passage
from index import explain, highlight
from index.answer import Group, Hit, Leg, Mode
from index.arrays import firsts
from index.candidates import Question, Ranking
from index.columns import Columns
from index.encoding import QueryEncoding
from index.nearest import NearestSentences
from index.ranking import Floats, Ordinals


@dataclass(frozen=True, slots=True)
class _Row:
    """A place in the ranking that becomes a hit, with how many copies were folded under it."""

    at: int
    copies: int


class HitMaker:
    """Turns the head of a ranking into hits.

    Args:
        archive: has the texts.
        columns: of the generation.
        article: returns an article by its ordinal; ``columns.article``, or what remembers it.
        question: that was asked.
        encoding: finds the nearest sentences.
    """

    def __init__(
        self,
        archive: Archive,
        columns: Columns,
        article: Callable[[int], Article],
        question: Question,
        encoding: QueryEncoding,
    ) -> None:
        self._archive = archive
        self._columns = columns
        self._article = article
        self._question = question
        self._sentences = _sentences(question, encoding)

    def hits(self, ranking: Ranking, k: int, group: Group) -> tuple[Hit, ...]:
        """Return the first ``k`` rows as hits; passages whose text has left the catalog are passed over."""
        by_words, by_meaning = _ranks(ranking.lexical), _ranks(ranking.cosine)
        rows, made = self._rows(ranking, group), list[Hit]()
        while len(made) < k and (batch := list(islice(rows, k - len(made)))):
            for row, passage in zip(
                batch, self._passages([int(ranking.passages[row.at]) for row in batch]), strict=True
            ):
                if passage is not None:
                    ranks = int(by_words[row.at]), int(by_meaning[row.at])
                    made.append(self._hit(ranking, row, passage, len(made) + 1, ranks))
        return tuple(made)

    def _rows(self, ranking: Ranking, group: Group) -> Iterator[_Row]:
        columns = self._columns
        keys = columns.copies_of[ranking.passages] if group == Group.PASSAGE else columns.article_of[ranking.passages]
        places = np.argsort(keys, kind="stable")
        begins = np.flatnonzero(firsts(keys[places]))
        first, counts = places[begins], np.diff(begins, append=len(keys))
        copies = counts if group == Group.PASSAGE else np.ones_like(counts)
        for at in np.argsort(first):
            yield _Row(int(first[at]), int(copies[at]) - 1)

    def _passages(self, ordinals: Sequence[int]) -> Iterator[Passage | None]:
        columns = self._columns
        places = [columns.place(ordinal) for ordinal in ordinals]
        texts = self._archive.passage_texts(places)
        for ordinal, place, text in zip(ordinals, places, texts, strict=True):
            yield None if text is None else Passage(columns.passage_id(ordinal), *place, text)

    def _hit(self, ranking: Ranking, row: _Row, passage: Passage, rank: int, ranks: tuple[int, int]) -> Hit:
        article = self._article(int(self._columns.article_of[ranking.passages[row.at]]))
        text = passage.text
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
