"""Before an update: what it looks at again; Enter begins, so that a letter pressed by chance does not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from archive.text.visible import visible_line
from tui.app import keys
from tui.writing.obstacles import Obstacle


class UpdateScreen(ModalScreen[None]):
    """Lists the sources of an archive.

    Args:
        root: the archive.
        sources: the folders and files that were added to it.
        obstacle: what is in the way of writing to it for now, None where nothing is.
        begin: begins the update.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.UPDATE]
    HINTS = "Enter begins  Esc leaves everything as it is"

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
        with Vertical() as panel:
            panel.border_title = "Update"
            yield Static(Content(visible_line(f"The archive {self._root}.")), markup=False, id="target")
            with VerticalScroll():
                yield Static(Content("\n".join(self._lines())), markup=False, id="told")
            yield Static(Content(self.HINTS if self._sources else "Esc back"), markup=False, id="hints")

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
