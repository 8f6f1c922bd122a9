"""Where a text matches a question: spans by analysed token, so that "sanctioned" lights up for "sanctions"."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from archive.core.article import Span
from archive.core.spans import gaps
from index.analysis.analyzer import Words, marked
from index.analysis.proximity import stands_near
from index.analysis.visible_words import visible_words
from index.contracts.conditions import Phrase
from index.contracts.highlights import Highlight
from index.query.compiler import LexicalPlan


def matches(plan: LexicalPlan, text: str, language: str | None, hidden: Sequence[Span] = ()) -> tuple[Highlight, ...]:
    """Return the spans of ``text`` that match the question, sorted and disjoint.

    Args:
        plan: the question, analysed.
        text: a passage or a whole version; the spans are offsets into it.
        language: of the article, as it was indexed.
        hidden: spans of ``text`` that cleaning hid; no highlight touches one and no phrase crosses one.
    """
    lit: set[tuple[int, int]] = set()
    for gap in gaps(hidden, len(text)):
        lit.update(marked(text, gap.start, gap.end, language, plan.highlight_folded, plan.highlight_stems))
    if plan.phrases:
        visible = visible_words(text, hidden, language)
        places = {place for phrase in plan.phrases for place in _phrase_places(visible, phrase)}
        lit.update((visible.starts[place], visible.ends[place]) for place in places)
    return tuple(_merged(sorted(lit)))


def _phrase_places(visible: Words, phrase: Phrase) -> set[int]:
    if phrase.slop:
        return set(_near_places(visible.folded, phrase))
    size = len(phrase.tokens)
    first = phrase.tokens[0]
    starts = (start for start, word in enumerate(visible.folded) if word == first)
    return {
        place
        for start in starts
        if tuple(visible.folded[start : start + size]) == phrase.tokens
        for place in range(start, start + size)
    }


def _near_places(folded: Sequence[str], phrase: Phrase) -> Iterator[int]:
    """Yield every occurrence of a word of a near phrase beside which the other words stand near enough."""
    places = [[place for place, word in enumerate(folded) if word == token] for token in phrase.tokens]
    reach = len(phrase.tokens) + phrase.slop
    for number, of_token in enumerate(places):
        for place in of_token:
            around = [each[bisect_left(each, place - reach) : bisect_right(each, place + reach)] for each in places]
            around[number] = [place]
            if stands_near(around, phrase.slop):
                yield place


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[Highlight]:
    """Join spans that overlap, as the bigrams of Chinese and Japanese do; takes and gives them sorted."""
    open_start, open_end = -1, -1
    for start, end in spans:
        if start >= open_end:
            if open_end > 0:
                yield Highlight(open_start, open_end)
            open_start = start
        open_end = max(open_end, end)
    if open_end > 0:
        yield Highlight(open_start, open_end)
