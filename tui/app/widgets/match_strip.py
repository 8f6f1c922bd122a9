"""The strip at the right edge of a text: where its matches stand, and what of it is on the screen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import MouseDown, MouseMove, MouseUp
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from archive.core.article import Span
from tui.app.view.styled_spans import Ranged

MATCH, PASSAGE, NOTHING = "━", "▐", " "


@dataclass(frozen=True, slots=True)
class Overview:
    """A text seen from afar; offsets are into it.

    Attributes:
        length: of the text, in characters.
        seen: what of it is on the screen.
        matches: sorted, disjoint.
        passage: the one that is marked.
    """

    length: int
    seen: Span
    matches: Sequence[Ranged]
    passage: Ranged | None

    def cell(self, row: int, height: int) -> str:
        """Return what a row of a strip shows."""
        start, end = self.length * row // height, max(1, self.length * (row + 1) // height)
        number = bisect_left(self.matches, start, key=lambda match: match.start)
        if number < len(self.matches) and self.matches[number].start < end:
            return MATCH
        passage = self.passage
        return PASSAGE if passage is not None and passage.start < end and start < passage.end else NOTHING

    def shows(self, row: int, height: int) -> bool:
        """Tell whether any of what a row of a strip stands for is on the screen."""
        start, end = self.length * row // height, max(1, self.length * (row + 1) // height)
        return self.seen.start < end and start < self.seen.end


class MatchStrip(Widget):
    """Shows a text from afar; a click goes there, dragging scrolls."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"strip--seen", "strip--match"}

    @dataclass
    class Pointed(Message):
        """A place of the text was pointed at, as a share of its length."""

        share: float

    def __init__(self) -> None:
        super().__init__()
        self._overview: Overview | None = None
        self._known_styles: tuple[Style, Style, Style] | None = None

    def show(self, overview: Overview | None) -> None:
        """Draw another text, or the same from another place; nothing, without one."""
        if overview != self._overview:
            self._overview = overview
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        height = max(1, self.size.height)
        style, seen, match = self._styles()
        if self._overview is None or not self._overview.length:
            return Strip.blank(self.size.width, style)
        cell = self._overview.cell(y, height)
        if self._overview.shows(y, height):
            style += seen
        if cell != NOTHING:
            style += match
        return Strip([Segment(cell, style)])

    def notify_style_update(self) -> None:
        """Forget the styles that were in force."""
        super().notify_style_update()
        self._known_styles = None

    def _styles(self) -> tuple[Style, Style, Style]:
        """Return the plain style, and those of what is on the screen and of a mark; looking them up is slow."""
        if self._known_styles is None:
            seen, match = (self.get_component_rich_style(f"strip--{name}", partial=True) for name in ("seen", "match"))
            self._known_styles = self.rich_style, seen, match
        return self._known_styles

    def on_mouse_down(self, event: MouseDown) -> None:
        """Go to where the mouse points, and follow it while it is held."""
        self.capture_mouse()
        self._point(event.y)

    def on_mouse_move(self, event: MouseMove) -> None:
        """Follow the mouse."""
        if event.button:
            self._point(event.y)

    def on_mouse_up(self, event: MouseUp) -> None:
        """Let the mouse go."""
        self.release_mouse()

    def _point(self, y: int) -> None:
        self.post_message(self.Pointed(min(1.0, max(0.0, y / max(1, self.size.height - 1)))))
