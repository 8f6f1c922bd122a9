"""Cutting long texts into screen rows, quickly, without ever losing an offset."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rich.cells import get_character_cell_size

from archive.core.article import Span
from archive.text.decode import one_line

# Characters of a block: a screen's rows lie in one or two, and are broken in a few milliseconds. Chosen, not measured.
BLOCK: Final = 1 << 14


@dataclass(frozen=True, slots=True)
class Rows:
    """Screen rows of a text: row ``i`` shows ``text[starts[i]:ends[i]]``.

    Attributes:
        starts: ascending offsets into the text (code points).
        ends: aligned with ``starts``; white space where a row was broken belongs to no row.
        folded: rows that stand for a hidden span instead of showing it.
        reach: what of the text the rows show; all of it, or some blocks.
    """

    starts: array[int]
    ends: array[int]
    folded: frozenset[int]
    reach: Span

    def __len__(self) -> int:
        return len(self.starts)

    def row_of(self, offset: int) -> int:
        """Return the row that shows an offset, or the one before it where none does."""
        return max(0, bisect_right(self.starts, offset) - 1)


class Blocks:
    """A text in blocks, each of which has the same rows whatever is shown of the others.

    A block ends behind a newline, in a line that is longer than a block behind a space, and never within a folded span.

    Args:
        text: the whole text; newlines always end a row.
        folded: sorted, disjoint spans that become one row each, or one together where only white space parts them;
            spans of white space alone become none.
        size: how many cells a character takes.
    """

    def __init__(self, text: str, folded: Sequence[Span] = (), size: Callable[[str], int] | None = None) -> None:
        self._text = text
        self._size = size or _size
        self._folds = _joined(text, folded)
        self.count = len(text) // BLOCK + 1

    def rows(self, width: int, first: int = 0, last: int | None = None, stale: Callable[[], bool] = bool) -> Rows:
        """Break blocks into rows of at most ``width`` cells, at spaces where there are any.

        Args:
            width: cells in a row, at least 2 so that a wide character fits.
            first: number of the first block, from 0; one below 0 is the first.
            last: number after the last, None for all that follow; one too high likewise.
            stale: asked between blocks whether nobody wants the rows any more; then the last of them are missing.
        """
        first, last = max(0, first), self.count if last is None else min(last, self.count)
        starts, ends, folds = array("l"), array("l"), set[int]()
        for number in range(first, last):
            for start, end, folded in self._rows_of(number, max(2, width)):
                if folded:
                    folds.add(len(starts))
                starts.append(start)
                ends.append(end)
            if stale():
                last = number + 1
                break
        return Rows(starts, ends, frozenset(folds), Span(self._edge(first), self._edge(last)))

    def _rows_of(self, number: int, width: int) -> Iterator[tuple[int, int, bool]]:
        """Give a block's rows, and of each whether it stands for a folded span."""
        offset, stop = self._edge(number), self._edge(number + 1)
        widths = _odd_widths(self._text[offset:stop], self._size)
        while offset < stop:
            fold = self._fold_after(offset)
            end, follows = min(fold.start, stop), offset > 0 and self._fold_after(offset - 1).end == offset
            for row in _rows_between(self._text, offset, end, width, widths, follows, fold.start <= stop):
                yield *row, False
            if fold.start >= stop:
                return
            if self._text[fold.start : fold.end].strip():
                yield fold.start, fold.end, True
            offset = fold.end

    def _fold_after(self, offset: int) -> Span:
        """Return the first folded span that ends after an offset, one beyond the text where there is none."""
        number = bisect_right(self._folds, offset, key=_end)
        return self._folds[number] if number < len(self._folds) else Span(len(self._text) + 1, len(self._text) + 1)

    def _edge(self, number: int) -> int:
        """Return where a block begins."""
        text, offset = self._text, number * BLOCK
        if number == 0 or offset >= len(text):
            return min(offset, len(text))
        end = offset + BLOCK - 1
        edge = 1 + text.find("\n", offset, end) or 1 + text.find(" ", offset, end) or _unjoined(text, offset)
        fold = self._fold_after(edge)
        return fold.end if fold.start < edge else edge


def wrap(text: str, width: int, folded: Sequence[Span] = (), *, size: Callable[[str], int] | None = None) -> Rows:
    """Break a whole text into rows, as ``Blocks`` does."""
    return Blocks(text, folded, size).rows(width)


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


def _end(span: Span) -> int:
    return span.end


def _unjoined(text: str, offset: int) -> int:
    """Return the first offset from one on at which nothing is drawn over what stands before it."""
    while offset < len(text) and not _size(text[offset]):
        offset += 1
    return offset


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """Join spans that only white space parts."""
    joined: list[Span] = []
    for span in spans:
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


@lru_cache(maxsize=4096)
def _size(character: str) -> int:
    """Return the cells that a character takes as it is drawn; what must not be drawn stands there as another one."""
    return get_character_cell_size(one_line(character))


def _odd_widths(text: str, size: Callable[[str], int] = _size) -> dict[str, int]:
    """Return the width of every character of the text that is not one cell wide."""
    if text.isascii():
        return {}
    return {character: cells for character in set(text) if (cells := size(character)) != 1}


def _measure(text: str, widths: dict[str, int]) -> int:
    return sum(widths.get(character, 1) for character in text) if widths else len(text)


def _rows_between(
    text: str, start: int, end: int, width: int, widths: dict[str, int], after_fold: bool, before_fold: bool
) -> Iterator[tuple[int, int]]:
    """Give the rows of ``text[start:end]``; what touches a folded span loses its empty rows."""
    line_start = start
    while line_start < end:
        stop = text.find("\n", line_start, end)
        stop = end if stop < 0 else stop
        blank_edge = line_start == stop and ((after_fold and line_start == start) or (before_fold and stop + 1 >= end))
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
    return _size(text[offset - 1]) == 2 or _size(text[offset]) == 2
