"""The line of chips under the search line: what narrows the question, as it could be typed, and what matches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.content import Content
from textual.events import Click
from textual.widget import Widget

from archive.text.visible import visible_line
from tui.app.messages import ChipClicked
from tui.formats.wrapping import cells, fit
from tui.session.narrowing import NOTHING, Narrowing, Piece

CROSS: Final = " ×"  # behind each chip: where the mouse takes it away
_CUT: Final = Piece("… ")


class ChipLine(Widget):
    """One line: the chips on the left, totals on the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"chips--chip", "chips--totals"}

    def __init__(self) -> None:
        super().__init__()
        self._narrowing = NOTHING
        self._totals = ""
        self._drawn: Sequence[Piece] = ()

    def show(self, narrowing: Narrowing, totals: str) -> None:
        """Draw other chips, or other totals."""
        self.set_class(not narrowing.chips, "-empty")
        if (narrowing, totals) != (self._narrowing, self._totals):
            self._narrowing, self._totals = narrowing, totals
            self.refresh()

    def render(self) -> Content:
        """Draw the chips, the last one in any case, and the totals as far as there is room."""
        width = self.size.width - 2
        self._drawn = _fitting([Piece(_words(piece), piece.place) for piece in self._narrowing.pieces], width)
        chip = self.get_visual_style("chips--chip", partial=True)
        left = [(piece.text, chip if piece.place is not None else "") for piece in self._drawn]
        used = sum(cells(piece.text) for piece in self._drawn)
        totals = fit(visible_line(self._totals), max(0, width - used - 2)) if width - used > 2 else ""
        gap = " " * max(0, width - used - cells(totals))
        return Content.assemble(" ", *left, gap, (totals, self.get_visual_style("chips--totals", partial=True)))

    def on_click(self, event: Click) -> None:
        """Tell which chip was clicked."""
        cell = 1
        for piece in self._drawn:
            if cell <= event.x < cell + cells(piece.text) and piece.place is not None:
                self.post_message(ChipClicked(piece.place))
            cell += cells(piece.text)


def _words(piece: Piece) -> str:
    return visible_line(piece.text) + (CROSS if piece.place is not None else "")


def _fitting(pieces: Sequence[Piece], width: int) -> Sequence[Piece]:
    """Return the last pieces that fit; the last one is cut where it alone does not."""
    used, left = 0, list[Piece]()
    for piece in reversed(pieces):
        used += cells(piece.text)
        if used > width - cells(_CUT.text) and left:
            return [_CUT, *left]
        left.insert(0, Piece(fit(piece.text, width), piece.place))
    return left
