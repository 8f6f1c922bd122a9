"""How a text is broken into rows for a screen, and what of it is shown first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archive.core.article import Version
from tui.formats.wrapping import BLOCK, Blocks, Rows


@dataclass(frozen=True, slots=True)
class Frame:
    """All that a way of breaking a text into rows depends on; frames that are equal have the same rows."""

    version: Version
    width: int
    folded: bool

    def wrapped(self, stale: Callable[[], bool] = bool) -> Rows:
        """Break the whole text into rows; some of them are missing once the work is stale."""
        return self._blocks.rows(self.width, stale=stale)

    def around(self, offset: int) -> Rows:
        """Break what stands around an offset into rows: at least a block before it and one after it."""
        number = offset // BLOCK
        return self._blocks.rows(self.width, number - 2, number + 2)

    @property
    def _blocks(self) -> Blocks:
        return Blocks(self.version.text, self.version.hidden if self.folded else ())


@dataclass(frozen=True, slots=True)
class Goal:
    """What to show once the rows are known.

    Attributes:
        offset: of the text, to stand with a share of the screen (``above``) over it.
        mark: an offset that must be in sight as well; where both do not fit, it goes first.
    """

    offset: int
    above: float
    mark: int | None = None

    def top(self, rows: Rows, height: int) -> int:
        """Return the row to scroll to."""
        top = max(0, rows.row_of(self.offset) - int(self.above * height))
        if self.mark is None or rows.row_of(self.mark) < top + height - 1:
            return top
        return rows.row_of(self.mark) - height // 2
