"""Cutting long texts into screen rows, quickly, without ever losing an offset."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import get_character_cell_size

from archive.core.article import Span


@dataclass(frozen=True, slots=True)
class Rows:
    """Screen rows of a text: row ``i`` shows ``text[starts[i]:ends[i]]``.

    Attributes:
        starts: ascending offsets into the text (code points).
        ends: aligned with ``starts``; white space where a row was broken belongs to no row.
        folded: rows that stand for a hidden span instead of showing it.
    """

    starts: array[int]
    ends: array[int]
    folded: frozenset[int]

    def __len__(self) -> int:
        return len(self.starts)

    def row_of(self, offset: int) -> int:
        """Return the row that shows an offset, or the one before it where none does."""
        return max(0, bisect_right(self.starts, offset) - 1)


def wrap(
    text: str, width: int, folded: Sequence[Span] = (), *, size: Callable[[str], int] = get_character_cell_size
) -> Rows:
    """Break a text into rows of at most ``width`` cells, at spaces where there are any.

    Args:
        text: the whole text; newlines always end a row.
        width: cells in a row, at least 2 so that a wide character fits.
        folded: sorted, disjoint spans that become one row each, or one together where only white space parts them;
            spans of white space alone become none.
        size: how many cells a character takes.
    """
    widths = _odd_widths(text, size)
    starts, ends, folds = array("l"), array("l"), set[int]()
    offset = 0
    for span in (*_joined(text, folded), Span(len(text), len(text))):
        for start, end in _rows_between(
            text, offset, span.start, max(2, width), widths, ends_open=span.start < span.end
        ):
            starts.append(start)
            ends.append(end)
        if text[span.start : span.end].strip():
            folds.add(len(starts))
            starts.append(span.start)
            ends.append(span.end)
        offset = span.end
    return Rows(starts, ends, frozenset(folds))


def fit(text: str, cells: int) -> str:
    """Cut a text to a number of cells, with an ellipsis when something was lost."""
    widths = _odd_widths(text)
    if _measure(text, widths) <= cells:
        return text
    kept, used = 0, 1
    for character in text:
        used += widths.get(character, 1)
        if used > cells:
            break
        kept += 1
    return text[:kept].rstrip() + "…" if cells > 0 else ""


def cells(text: str) -> int:
    """Return how many cells a text takes, counted the way rows are cut."""
    return _measure(text, _odd_widths(text))


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """Join spans that only white space parts."""
    joined: list[Span] = []
    for span in spans:
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _odd_widths(text: str, size: Callable[[str], int] = get_character_cell_size) -> dict[str, int]:
    """Return the width of every character of the text that is not one cell wide."""
    if text.isascii():
        return {}
    return {character: cells for character in set(text) if (cells := size(character)) != 1}


def _measure(text: str, widths: dict[str, int]) -> int:
    return sum(widths.get(character, 1) for character in text) if widths else len(text)


def _rows_between(
    text: str, start: int, end: int, width: int, widths: dict[str, int], *, ends_open: bool
) -> Iterator[tuple[int, int]]:
    """Give the rows of ``text[start:end]``; what touches a folded span loses its empty rows."""
    line_start = start
    while line_start < end:
        stop = text.find("\n", line_start, end)
        stop = end if stop < 0 else stop
        blank_edge = line_start == stop and (line_start == start != 0 or (ends_open and stop + 1 >= end))
        if not blank_edge:
            yield from _broken(text, line_start, stop, width, _cutter(text, line_start, stop, widths))
        line_start = stop + 1


def _broken(text: str, start: int, stop: int, width: int, cut: Callable[[int, int], int]) -> Iterator[tuple[int, int]]:
    """Break one line of the text; an empty line is one empty row."""
    row_start = start
    while True:
        limit = cut(row_start, width)
        if limit >= stop:
            yield row_start, stop
            return
        space = text.rfind(" ", row_start + 1, limit + 1)
        if space > row_start and (text.isascii() or not _wide_edge(text, limit)):
            yield row_start, space
            row_start = space + 1
        else:
            yield row_start, limit
            row_start = limit


def _cutter(text: str, start: int, stop: int, widths: dict[str, int]) -> Callable[[int, int], int]:
    """Return a function that gives the furthest offset that still fits from an offset on."""
    line = text[start:stop]
    if not widths or widths.keys().isdisjoint(line):
        return lambda offset, width: offset + width
    return lambda offset, width: _furthest(text, offset, stop, width, widths)


def _furthest(text: str, start: int, stop: int, width: int, widths: dict[str, int]) -> int:
    used, place = 0, start
    while place < stop:
        used += widths.get(text[place], 1)
        if used > width:
            break
        place += 1
    return max(place, start + 1)


def _wide_edge(text: str, offset: int) -> bool:
    """Tell whether a line may be broken here although no space stands there, as in Chinese."""
    return get_character_cell_size(text[offset - 1]) == 2 or get_character_cell_size(text[offset]) == 2
