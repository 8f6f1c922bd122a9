"""An article ready to be drawn: its text with everything that is marked in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archive.core.article import Article, Passage, Span, Version

if TYPE_CHECKING:
    from index.query.ast import Query
    from index.search.answer import Hit
    from index.search.searcher import Searcher

# Characters up to which all matches are found before a page is drawn. Chosen: some 25,000 words, more than nearly any
# article has; a text of megabytes takes seconds.
LONG = 150_000


@dataclass(frozen=True, slots=True)
class Page:
    """One article opened at one hit.

    Attributes:
        hit: what was found; its offsets refer to ``version.text``.
        passages: of that version, in order; of a very long text only the hit's, until all matches are there.
        matches: sorted, disjoint spans of ``version.text`` that match the question.
        whole: all matches are there; else only those of the hit's passage, as in a very long text.
        nearest: the sentence nearest in meaning, a span of ``version.text``.
        query: the question that was asked.
    """

    hit: Hit
    article: Article
    version: Version
    passages: tuple[Passage, ...]
    matches: tuple[Span, ...]
    whole: bool
    nearest: Span | None = None
    query: Query | None = None

    @property
    def text(self) -> str:
        """Return the text that all offsets refer to."""
        return self.version.text

    def with_nearest(self) -> Page:
        """Mark the hit's nearest sentence; slow the first time, so call it in a thread."""
        nearest = self.hit.nearest
        start = self.hit.passage.start
        return self if nearest is None else replace(self, nearest=Span(start + nearest.start, start + nearest.end))

    def joined(self, other: Page) -> Page:
        """Add what another reading of the same hit found, whichever of the two came first."""
        fuller = other if other.whole else self
        nearest = other.nearest or self.nearest
        return replace(self, passages=fuller.passages, matches=fuller.matches, whole=fuller.whole, nearest=nearest)

    def answers(self, hit: Hit | None, query: Query | None) -> bool:
        """Tell whether this is the page of a hit's passage with the matches of a question, whoever read it."""
        asked = None if query is None else (query, query.expand)
        own = None if self.query is None else (self.query, self.query.expand)
        return hit is not None and own == asked and hit.passage == self.hit.passage

    def passage_at(self, offset: int) -> Passage | None:
        """Return the passage that covers an offset."""
        number = bisect_right(self.passages, offset, key=lambda passage: passage.start) - 1
        return self.passages[number] if number >= 0 and offset < self.passages[number].end else None

    def number_of(self, passage: Passage) -> int | None:
        """Return which of the passages one is, from 1; None while not all are read."""
        return bisect_right(self.passages, passage.start, key=lambda other: other.start) if self.whole else None

    def first_match(self) -> int | None:
        """Return the number of the first match in the hit's passage, None when it holds none."""
        number = bisect_left(self.matches, self.hit.passage.start, key=lambda match: match.start)
        return number if number < len(self.matches) and self.matches[number].start < self.hit.passage.end else None


def beside(spans: Sequence[Span], offset: int, step: int) -> int:
    """Return the number of the first span from an offset on, or the last before it, around the ends."""
    after = bisect_left(spans, offset, key=lambda span: span.start)
    return (after if step > 0 else after - 1) % len(spans)


def read_page(searcher: Searcher, hit: Hit, query: Query) -> Page:
    """Read the article of a hit with its matches; of a long text, the passage and its matches only."""
    article = searcher.archive.article(hit.article.id)
    version = searcher.archive.version(article.id, hit.passage.version)
    page = Page(hit, article, version, (hit.passage,), _own_matches(hit), whole=False, query=query)
    return page if len(page.text) > LONG else with_all_matches(searcher, page)


def with_all_matches(searcher: Searcher, page: Page) -> Page:
    """Read every passage, and find every match of the question; takes seconds in a text of megabytes."""
    passages = searcher.archive.passages(page.article.id, page.version.digest)
    marks = (
        searcher.highlights(page.query, page.text, page.article.language, page.version.hidden)
        if page.query is not None
        else page.matches
    )
    return replace(page, passages=passages, matches=tuple(Span(mark.start, mark.end) for mark in marks), whole=True)


def _own_matches(hit: Hit) -> tuple[Span, ...]:
    start = hit.passage.start
    return tuple(Span(start + mark.start, start + mark.end) for mark in hit.highlights)
