"""Why a result is here: its reason, its ranks and the sums of its score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from archive.text.visible import visible_line
from tui.app import keys
from tui.app.actions.overlay import Overlay
from tui.app.widgets.panel import Sheet
from tui.app.widgets.status_line import StatusLine


class WhyScreen(Overlay):
    """Shows lines under a title.

    Args:
        title: of the article.
        lines: that say why it is here.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.WHY]

    def __init__(self, title: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._heading = title
        self._lines = tuple(lines)

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Sheet("Why this is here"):
            heading = Content(visible_line(self._heading)).stylize("bold")
            yield Static(Content("\n").join([heading, *map(Content, self._lines)]), markup=False)
        yield StatusLine()
