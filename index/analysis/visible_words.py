"""The visible parts of a text, analysed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.core.article import Span
from index.analysis.analyzer import BREAK, Words, words


def visible_words(text: str, hidden: Sequence[Span]) -> Words:
    """Analyse the visible parts of a text, with a break wherever a hidden span lies between them."""
    if not hidden:
        return words(text)
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _visible(text, hidden):
        part = words(text, start, end)
        folded += [*part.folded, BREAK]
        starts += [*part.starts, end]
        ends += [*part.ends, end]
    return Words(folded, starts, ends)


def _visible(text: str, hidden: Sequence[Span]) -> Iterator[tuple[int, int]]:
    starts = (0, *(span.end for span in hidden))
    return zip(starts, (*(span.start for span in hidden), len(text)), strict=True)
