"""How a text is broken into rows for a screen, and what of it is shown first."""

from __future__ import annotations

from dataclasses import dataclass

from tui.app.view.article_page import Page
from tui.formats.wrapping import Rows, wrap


@dataclass(frozen=True, slots=True)
class Frame:
    """All that a way of breaking the text into rows depends on."""

    page: Page
    width: int
    folded: bool

    def wrapped(self) -> Rows:
        """Break the text into rows."""
        return wrap(self.page.text, self.width, self.page.version.hidden if self.folded else ())


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
