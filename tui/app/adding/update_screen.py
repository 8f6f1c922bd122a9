"""Before an update: what it looks at again; Enter begins, so that a letter pressed by chance does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from archive.text.visible import visible_line
from tui.app import keys
from tui.app.actions.overlay import Overlay
from tui.app.widgets.panel import Panel
from tui.writing.obstacles import Obstacle


class UpdateScreen(Overlay):
    """Lists the sources of an archive.

    Args:
        root: the archive.
        sources: the folders and files that were added to it.
        obstacle: what is in the way of writing to it for now, None where nothing is.
        begin: begins the update.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.UPDATE]

    def __init__(
        self, root: Path, sources: Sequence[str], obstacle: Obstacle | None, begin: Callable[[], None]
    ) -> None:
        super().__init__()
        self._root = root
        self._sources = sources
        self._obstacle = obstacle
        self._begin = begin

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Panel("Update"):
            yield Static(Content(visible_line(f"The archive {self._root}.")), markup=False, id="target")
            with VerticalScroll():
                yield Static(Content("\n".join(self._lines())), markup=False, id="told")

    def _lines(self) -> list[str]:
        if not self._sources:
            return ["Nothing was added to it yet: A adds a folder."]
        listed = [f"  {visible_line(source)}" for source in self._sources]
        way = [] if self._obstacle is None else [visible_line(self._obstacle.words), ""]
        return [*way, "Looks again at all of these, and takes in what is new or changed:", "", *listed]

    def action_begin(self) -> None:
        """Begin the update."""
        if self._sources:
            self.dismiss()
            self._begin()

    def action_close(self) -> None:
        """Leave everything as it is."""
        self.dismiss()
