"""What a search gives back: immutable values shared by the command, the UI and Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.core.article import Article, Part, Passage
from index.contracts.highlights import Highlight
from index.contracts.options import Basis, Confidence, Group, Mode, Order

if TYPE_CHECKING:
    from index.query.ast import Query
    from index.search.nearest_sentence import NearestSentences


@dataclass(frozen=True, slots=True)
class Leg:
    """Place of a hit in one leg: rank from 1, raw score (BM25 mix or cosine)."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Reranked:
    """What a reranker did to a hit: its rank before, from 1, and the score it was given, higher is better."""

    before: int
    score: float


@dataclass(frozen=True, slots=True)
class Copy:
    """A passage with the words of a hit, its article, and the part of that text it begins in, None without one."""

    article: Article
    passage: Passage
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One ranked passage.

    Attributes:
        rank: from 1.
        passage: the passage, verbatim.
        article: its article, with the metadata the generation was built from.
        score: fused score, also of a hit that was reranked; comparable within one answer only.
        lexical: rank and score in the lexical leg, None where no word matched or the leg did not run.
        semantic: rank and score (cosine) in the semantic leg, None where the leg did not run.
        highlights: spans of matches in ``passage.text``, sorted, disjoint.
        reason: one line of plain words.
        copies: how many further passages with the same text were folded under this one.
        folded: how many further passages of its article were; 0 unless rows stand for articles.
        story: id of the story, None while stories are not computed.
        reranked: its rank before and the reranker's score, None where it was not reranked.
        part: the page, record or message of its text that it begins in; None where the text has no such parts.
    """

    rank: int
    passage: Passage
    article: Article
    score: float
    lexical: Leg | None
    semantic: Leg | None
    highlights: tuple[Highlight, ...]
    reason: str
    copies: int = 0
    folded: int = 0
    story: str | None = None
    reranked: Reranked | None = None
    part: Part | None = None
    sentences: NearestSentences | None = field(default=None, repr=False, compare=False)

    @property
    def nearest(self) -> Highlight | None:
        """Return the sentence nearest in meaning, offsets into ``passage.text``; computed at first use, then kept."""
        return None if self.sentences is None else self.sentences.of(self.passage.text)


@dataclass(frozen=True, slots=True)
class Totals:
    """All that matches a question, whatever is listed of it.

    Attributes:
        articles: how many; ``passages`` are those of them that match.
        basis: by what they match (``index.ranking.matches``).
        first: day of the earliest publication (``YYYY-MM-DD``), ``last`` of the latest; None where none is dated.
        undated: articles of whose publication no day is known.
    """

    articles: int
    passages: int
    basis: Basis
    first: str | None
    last: str | None
    undated: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Hits with everything needed to trust and repeat them; iterates over its hits.

    Attributes:
        query: the question as it was parsed, with notes on how it was read.
        generation: number of the generation that answered.
        confidence: absolute; ``confidence_score`` is the number behind it, None where no leg could give one.
        notes: sentences about how the question was read, and whether hits were reranked.
        plan: how candidates are found for such questions, in words (``exact``, ``estimated, scored exactly``, ``chroma,
            scored exactly``, ``lexical only``, ``listing``).
        degraded: sentences about what was missing; empty when everything worked.
        took_ms: wall time.
        depth: how many candidates each leg proposed at least.
        nearest: whether the nearest passages answer although nothing resembles the question.
        order: of the hits.
        covered: of how many of the passages meaning is known, which ``total`` counts; None where of all.
        totals: of all that matches, where it was found: in order by date; None otherwise, ``Searcher.facets`` tells.
    """

    query: Query
    mode: Mode
    group: Group
    generation: int
    hits: tuple[Hit, ...]
    confidence: Confidence
    confidence_score: float | None
    notes: tuple[str, ...]
    plan: str
    degraded: tuple[str, ...]
    took_ms: float
    depth: int = 0
    nearest: bool = False
    order: Order = Order.BEST
    totals: Totals | None = None
    covered: int | None = None
    total: int | None = None

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)
