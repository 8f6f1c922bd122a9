"""Stretches of a text that are no prose but lists of very many tiny lines or sentences; they are read coarsely.

Nothing of such a stretch is left out: it is only cut by length instead of by its marks, because each line, sentence or
word costs the same, however short it is, and five megabytes of single letters would cost hours and gigabytes. Texts
with fewer marks than ``FEWEST`` have none, so that no ordinary article is read otherwise than it would be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import regex

from archive.core.article import Span

# Marks that a text has before any stretch of it is looked at. Chosen: five megabytes of news have about 100,000 lines
# and sentences, one for every 50 characters.
FEWEST: Final = 50_000
LINES: Final = "\n"
STOPS: Final = "\n.!?…。！？؟۔։"
SPACES: Final = " \t\n"
# Characters for each mark, below which a stretch is no prose. Chosen: lines of verse have 30, short sentences with a
# line to each 15 for either mark, and words with their space 4 to 7.
PROSE_LINE: Final = 16
PROSE_SENTENCE: Final = 10
PROSE_WORD: Final = 3
# Characters of a stretch that is judged by itself. Chosen: some ten articles.
_STRETCH: Final = 65_536
# Characters of a piece of a stretch that is no prose, up to the next line break or space. Chosen: a sentence of news
# has as many, and several pieces make a passage.
_PIECE: Final = 120
_LONGEST_LINE: Final = 400
_SPACE: Final = regex.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text that ends with a line or with the text; ``is_dense`` where it is no prose."""

    span: Span
    is_dense: bool


def stretches(text: str, start: int, end: int, marks: str, prose: int) -> Sequence[Stretch]:
    """Part ``text[start:end]`` into prose and what is none; one stretch of prose unless there are very many marks.

    Args:
        text: offsets are into it.
        start: where to begin.
        end: where to end.
        marks: characters, each of which may end a unit.
        prose: characters for each mark that prose has at least.
    """
    whole = Span(start, end)
    if end - start < FEWEST or _count(text, whole, marks) < FEWEST:
        return (Stretch(whole, False),)
    found: list[Stretch] = []
    for window in _windows(text, whole):
        is_dense = _count(text, window, marks) * prose > window.end - window.start
        if found and (found[-1].is_dense == is_dense or window.end - window.start < _STRETCH):
            found[-1] = Stretch(Span(found[-1].span.start, window.end), found[-1].is_dense)
        else:
            found.append(Stretch(window, is_dense))
    return found


def even_pieces(text: str, span: Span) -> Iterator[Span]:
    """Yield pieces of a stretch that is no prose, which together are all of it but white space between them."""
    start = span.start
    while start < span.end:
        end = _piece_end(text, start + _PIECE, span.end)
        inner = text[start:end]
        left, right = start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip())
        if left < right:
            yield Span(left, right)
        start = end


def _piece_end(text: str, least: int, end: int) -> int:
    line = text.find("\n", least, min(end, least + _LONGEST_LINE))
    if line >= 0:
        return line + 1
    space = _SPACE.search(text, least, end) if least < end else None
    return space.end() if space is not None else end


def _count(text: str, span: Span, marks: str) -> int:
    return sum(text.count(mark, span.start, span.end) for mark in marks)


def _windows(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    while start < span.end:
        line = text.find("\n", start + _STRETCH, span.end)
        end = line + 1 if line >= 0 else span.end
        yield Span(start, end)
        start = end
