"""The bottom line: what is shown on the left, the keys that matter on the right."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from archive.text.visible import visible_line
from tui.formats.wrapping import cells, fit


class StatusLine(Widget):
    """One line of plain words."""

    def __init__(self, hints: str) -> None:
        super().__init__()
        self._hints = hints
        self._text = ""

    @property
    def text(self) -> str:
        """Return the words on the left."""
        return self._text

    def say(self, *parts: str) -> None:
        """Show these words; empty ones are left out."""
        text = " · ".join(visible_line(part) for part in parts if part)
        if text != self._text:
            self._text = text
            self.refresh()

    def render(self) -> Content:
        """Draw the words, and as many of the hints as there is room for."""
        width = self.size.width - 2
        left = fit(self._text, width)
        room = width - cells(left) - 2
        hints = self._hints
        while hints and cells(hints) > room:
            hints = hints.rpartition("  ")[0].rstrip()
        gap = " " * max(0, width - cells(left) - cells(hints))
        return Content.assemble(" ", left, gap, (hints, "dim"))
