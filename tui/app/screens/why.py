"""Why a result is here: its reason, its ranks and the sums of its score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from archive.text.visible import visible_line
from tui.app import keys
from tui.app.actions.overlay import Overlay
from tui.app.messages import HitExplained
from tui.app.widgets.panel import Sheet
from tui.app.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from index.search.answer import Hit


class WhyScreen(Overlay):
    """Shows lines under the title of a hit's article: at once, so that the next key finds it, and filled in later.

    Args:
        hit: that is explained.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.WHY]

    def __init__(self, hit: Hit) -> None:
        super().__init__()
        self._hit = hit
        self._lines: Sequence[str] = ("Looking …",)

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Sheet("Why this is here"):
            yield Static(self._drawn(), markup=False, id="reason")
        yield StatusLine()

    def explain(self, message: HitExplained) -> None:
        """Show the reason of the hit, should this be about it."""
        if message.hit.passage == self._hit.passage:
            self._lines = message.lines
            for part in self.query("#reason").results(Static):
                part.update(self._drawn())

    def _drawn(self) -> Content:
        heading = Content(visible_line(self._hit.article.title)).stylize("bold")
        return Content("\n").join([heading, *map(Content, self._lines)])
