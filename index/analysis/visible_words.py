"""The visible parts of a text, analysed."""

from __future__ import annotations

from collections.abc import Sequence

from archive.core.article import Span
from archive.core.spans import gaps
from index.analysis.analyzer import Words, words
from index.analysis.pieces import BREAK


def visible_words(text: str, hidden: Sequence[Span], language: str | None = None) -> Words:
    """Analyse the visible parts of a text in a language, with a break wherever a hidden span lies between them."""
    if not hidden:
        return words(text, language=language)
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for gap in gaps(hidden, len(text)):
        part = words(text, gap.start, gap.end, language)
        folded += [*part.folded, BREAK]
        starts += [*part.starts, gap.end]
        ends += [*part.ends, gap.end]
    return Words(folded, starts, ends)
