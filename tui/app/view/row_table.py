"""Where the rows of a list stand on a screen that is as high as it needs to be."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class RowTable:
    """Rows of different heights, one below the other; ``starts`` holds each row's first line, and the end of all."""

    starts: tuple[int, ...] = (0,)

    @classmethod
    def of(cls, heights: Iterable[int]) -> RowTable:
        """Put rows of these heights (1 or more lines) below each other."""
        return cls(tuple(accumulate(heights, initial=0)))

    @property
    def height(self) -> int:
        """Return how many lines all rows take."""
        return self.starts[-1]

    def row_at(self, line: int) -> int | None:
        """Return the row that has a line, None below the last."""
        return bisect_right(self.starts, line) - 1 if 0 <= line < self.height else None

    def span(self, row: int) -> tuple[int, int]:
        """Return the first line of a row, and the one after its last."""
        return self.starts[row], self.starts[row + 1]
