"""Where a text matches a question: spans by analysed token, so that "sanctioned" lights up for "sanctions".

A phrase may lie over the edge between two passages. Each of them then shows its part of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from archive import Archive
from archive.core.article import Span
from archive.core.errors import Damaged
from archive.core.spans import gaps
from archive.text.searched import Searched, searched
from index.analysis.analyzer import Words, marked, words
from index.analysis.proximity import stands_near
from index.analysis.visible_words import visible_words
from index.contracts.conditions import Field, Phrase
from index.contracts.highlights import Highlight
from index.generations.columns import Columns
from index.query.compiler import LexicalPlan

_LONGEST: Final = 500_000  # characters of a text that is looked through for phrases over edges; chosen, not measured
_WORD: Final = 20  # characters of a long word with the space behind it, by which texts around a passage are cut


def matches(plan: LexicalPlan, text: str, language: str | None, hidden: Sequence[Span] = ()) -> tuple[Highlight, ...]:
    """Return the spans of ``text`` that match the question, sorted and disjoint.

    Args:
        plan: the question, analysed.
        text: a passage or a whole version; the spans are offsets into it.
        language: of the article, as it was indexed.
        hidden: spans of ``text`` that cleaning hid; no highlight touches one and no phrase crosses one.
    """
    lit: set[tuple[int, int]] = set()
    whole = searched(text, hidden)
    for gap in gaps(hidden, len(text)):
        lit.update(marked(whole.text, gap.start, gap.end, language, plan.highlight_folded, plan.highlight_stems))
    if plan.phrases:
        visible = visible_words(whole.text, hidden, language)
        places = {place for phrase in plan.phrases for place in _phrase_places(visible, phrase)}
        lit.update((visible.starts[place], visible.ends[place]) for place in places)
    return tuple(_merged(sorted(whole.original(start, end) for start, end in lit) if whole.cuts else sorted(lit)))


def stands_in(phrases: Sequence[Phrase], text: str, language: str | None) -> bool:
    """Tell whether any of the phrases stands in a passage."""
    found = words(searched(text).text, language=language)
    return any(_phrase_places(found, phrase) for phrase in phrases)


def joined(marks: Iterable[Highlight], others: Iterable[Highlight]) -> tuple[Highlight, ...]:
    """Return spans of the same text together, sorted and disjoint."""
    return tuple(_merged(sorted((one.start, one.end) for one in (*marks, *others))))


def loosely(plan: LexicalPlan, text: str, language: str | None) -> tuple[Highlight, ...]:
    """Return the spans of a passage that match any word of the question, those of its phrases by themselves."""
    terms = [weighted.term for weighted in plan.terms]
    stems, folded = (frozenset(term.token for term in terms if term.field == field) for field in reversed(Field))
    return matches(replace(plan, highlight_stems=stems, highlight_folded=folded, phrases=()), text, language)


@dataclass(frozen=True, slots=True)
class Divided:
    """The part of a phrase that stands in a passage, where the rest stands in those beside it.

    Attributes:
        marks: offsets into the passage.
        begins_before: its first words are in the passage before; ``goes_on``: its last ones in the next.
    """

    marks: tuple[Highlight, ...]
    begins_before: bool
    goes_on: bool


class DividedPhrases:
    """Finds phrases that lie over the edges of passages. Safe to share between threads.

    Args:
        archive: has the texts.
        columns: of the generation.
    """

    def __init__(self, archive: Archive, columns: Columns) -> None:
        self._archive = archive
        self._columns = columns

    def passages(self, phrases: Sequence[Phrase], article: int) -> list[int]:
        """Return the passages of an article that hold any part of phrases which none of them holds whole."""
        columns = self._columns
        first, last = columns.first_passages[article : article + 2].tolist()
        read = self._words(first, last - 1) if first < last else None
        if read is None:
            return []
        found, _ = read
        offset, starts = int(columns.starts[first]), columns.starts[first:last].tolist()
        places = {place for phrase in phrases for place in _phrase_places(found, phrase)}
        return sorted({first + bisect_right(starts, offset + found.starts[place]) - 1 for place in places})

    def part(self, phrases: Sequence[Phrase], passage: int) -> Divided | None:
        """Return which part of a phrase stands in a passage, None where none goes over its edges."""
        columns = self._columns
        first, last = self._around(passage, _WORD * max((len(phrase.tokens) for phrase in phrases), default=0))
        read = self._words(first, last)
        if read is None:
            return None
        found, whole = read
        offset = int(columns.starts[passage] - columns.starts[first])
        begin = bisect_left(found.starts, offset)
        end = bisect_left(found.starts, offset + int(columns.ends[passage] - columns.starts[passage]))
        places = {place for phrase in phrases for place in _phrase_places(found, phrase)}
        inside = sorted(place for place in places if begin <= place < end)
        if not inside:
            return None
        spans = (whole.original(found.starts[place], found.ends[place]) for place in inside)
        marks = _merged((start - offset, end - offset) for start, end in spans)
        return Divided(tuple(marks), {begin - 1, begin} <= places, {end - 1, end} <= places)

    def _around(self, passage: int, reach: int) -> tuple[int, int]:
        """Return the passages of an article around one of them, far enough for so many characters on either side."""
        columns = self._columns
        article = int(columns.article_of[passage])
        lowest, highest = (int(edge) for edge in columns.first_passages[article : article + 2])
        first, last = passage, passage
        while first > lowest and columns.starts[passage] - columns.starts[first] < reach:
            first -= 1
        while last < highest - 1 and columns.ends[last] - columns.ends[passage] < reach:
            last += 1
        return first, last

    def _words(self, first: int, last: int) -> tuple[Words, Searched] | None:
        """Return the words from one passage of an article to another, and the text that they are words of.

        None where their text cannot be read.
        """
        columns = self._columns
        article, version, start, _ = columns.place(first)
        end = int(columns.ends[last])
        if end - start > _LONGEST:
            return None
        try:
            (text,) = self._archive.passage_texts([(article, version, start, end)])
        except Damaged:
            return None
        if text is None:
            return None
        starts, ends = (column[first : last + 1].tolist() for column in (columns.starts, columns.ends))
        between = (Span(before - start, after - start) for before, after in zip(ends, starts[1:], strict=False))
        hidden = [span for span in between if text[span.start : span.end].strip()]  # in no passage: cleaning hid it
        language = columns.texts["language"][int(columns.article_of[first])]
        whole = searched(text, hidden, (edge - start for edge in (*starts, *ends)))
        return visible_words(whole.text, hidden, language), whole


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
