"""A timeline as lines of text: bars, what time they stand for, and what is chosen of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tui.app.view.counts import MONTHS, month, span
from tui.formats.plural import counted
from tui.formats.wrapping import fit
from tui.session.timeline import Picking, Timeline

BARS: Final = " ▁▂▃▄▅▆▇█"
_WIDEST: Final = 4  # cells of a bar, where there are few of them; chosen, not measured


@dataclass(frozen=True, slots=True)
class Window:
    """Which bars are on the screen; it turns like pages, so that bars stand still while one goes along them.

    Attributes:
        first: place of the first one.
        count: how many there are.
        cells: of each.
    """

    first: int
    count: int
    cells: int

    @classmethod
    def of(cls, picking: Picking, width: int) -> Window:
        """Return the bars that fit, among them the one that keys move."""
        length = picking.timeline.length
        each = max(1, min(_WIDEST, width // length))
        fits = max(1, min(length, width // each))
        return cls(min(picking.at // fits * fits, length - fits), fits, each)

    @property
    def places(self) -> range:
        """Return the places of the bars."""
        return range(self.first, self.first + self.count)

    def place_at(self, cell: int) -> int:
        """Return the place of the bar in a cell, the nearest one that is on the screen."""
        return self.first + min(max(0, cell // self.cells), self.count - 1)

    def reach(self, places: range) -> tuple[int, int]:
        """Return the first and the last cell of some bars, as far as they are on the screen."""
        first, last = max(places.start, self.first), min(places.stop - 1, self.places.stop - 1)
        drawn = self.cells if self.cells == 1 else self.cells - 1
        return (first - self.first) * self.cells, (last - self.first) * self.cells + drawn - 1


def bars(timeline: Timeline, window: Window) -> str:
    """Draw bars; the highest of all is a whole one, and what is not empty has one at least."""
    highest = max(timeline.counts.values())
    return "".join(_bar(timeline.articles(place), highest, window.cells) for place in window.places)


def _bar(articles: int, highest: int, count: int) -> str:
    level = BARS[-(-articles * (len(BARS) - 1) // highest)]
    return level if count == 1 else level * (count - 1) + " "


def axis(timeline: Timeline, window: Window) -> str:
    """Write months under days and weeks, years under months, each where it begins and there is room."""
    line, before = "", ""
    for place in window.places:
        name = _name(timeline, place)
        cell = (place - window.first) * window.cells
        if name != before and (not line or cell > len(line)):
            label = name if not line or name.startswith(MONTHS[0]) else name[: len(MONTHS[0])]
            line = line.ljust(cell) + (name if timeline.unit == "month" else label)
        before = name
    return line[: window.count * window.cells]


def _name(timeline: Timeline, place: int) -> str:
    days = timeline.days(place)
    return str(days.first.year) if timeline.unit == "month" else month(days.last)


def chosen(picking: Picking, window: Window, width: int, ending: str) -> str:
    """Draw a line under what is chosen, and say what that is, beside it where there is more room.

    Args:
        picking: what is chosen.
        window: what of the time is drawn.
        width: in cells.
        ending: what is said of a span that has begun.
    """
    first, last = window.reach(picking.places)
    under = "▔" if first == last else "└" + "─" * (last - first - 1) + "┘"
    words = f"{span(picking.days)}: {counted(picking.articles, 'article')}"
    if picking.begun is not None:
        words += f" · {ending}"
    right, left = width - last - 2, first - 1
    if len(words) <= right or right >= left:
        return f"{' ' * first}{under} {fit(words, max(0, right))}".rstrip()
    return f"{fit(words, left):>{left}} {under}"
