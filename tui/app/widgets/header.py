"""The top line: which archive this is and what it holds, and what the question narrows it to."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from archive.text.visible import visible_line
from tui.formats.wrapping import cells, fit

_JOINT = " · "


class Header(Widget):
    """One line: the archive on the left, what narrows it on the right, which is cut first."""

    def __init__(self) -> None:
        super().__init__()
        self._archive = ""
        self._narrowed = ""

    @property
    def text(self) -> str:
        """Return all its words."""
        return _JOINT.join(part for part in (self._archive, self._narrowed) if part)

    def say(self, archive: tuple[str, ...], narrowed: tuple[str, ...]) -> None:
        """Show these words; empty ones are left out."""
        words = _joined(archive), _joined(narrowed)
        if words != (self._archive, self._narrowed):
            self._archive, self._narrowed = words
            self.refresh()

    def render(self) -> Content:
        """Draw both ends."""
        width = max(0, self.size.width - 2)
        left = fit(self._archive, width)
        right = fit(self._narrowed, max(0, width - cells(left) - 2))
        gap = " " * max(0, width - cells(left) - cells(right))
        return Content.assemble(" ", (left, "bold"), gap, right)


def _joined(parts: tuple[str, ...]) -> str:
    return _JOINT.join(visible_line(part) for part in parts if part)
