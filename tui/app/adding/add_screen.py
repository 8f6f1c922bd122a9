"""Adding a folder: its path is typed, what lies there is shown, and Enter begins."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from textual import on

from archive.core.errors import ArchiveError
from archive.text.visible import visible_line
from tui.app import messages
from tui.app.adding.path_screen import PathScreen
from tui.app.adding.words import survey_lines
from tui.writing.obstacles import Obstacle
from tui.writing.survey import Survey, survey

Begin = Callable[[Path, Survey], None]


class AddScreen(PathScreen):
    """Asks which folder, and shows what would be read of it.

    Args:
        root: the archive; it need not be there yet.
        obstacle: what is in the way of writing to it for now, None where nothing is.
        begin: called with what is to be added.
    """

    TITLE_WORDS = "Add articles"
    FILES = True

    def __init__(self, root: Path, obstacle: Obstacle | None, begin: Begin) -> None:
        super().__init__("")
        self._root = root
        self._obstacle = obstacle
        self._begin = begin
        self._seen: Survey | None = None

    @property
    def target(self) -> str:
        """Say which archive it is."""
        return f"To the archive {self._root}." + (f" {self._obstacle.words}" if self._obstacle is not None else "")

    def changed(self) -> None:
        """Forget what was seen elsewhere."""
        self._seen = None

    def go(self) -> None:
        """Look at what is there, or begin when that was seen."""
        if self._seen is not None and self._seen.path == self.path:
            if self._seen.read:
                self.dismiss()
                self._begin(self.path, self._seen)
        else:
            self.tell(["Looking …"])
            self.in_thread(partial(self._look, self.path))

    def _look(self, path: Path, is_stale: Callable[[], bool]) -> None:
        try:
            for seen in survey(path, self._root, is_stale):
                self.post_message(messages.Surveyed(path, seen))
        except ArchiveError as error:
            self.post_message(messages.Surveyed(path, None, error.message))
        except OSError as error:
            self.post_message(messages.Surveyed(path, None, f"It cannot be looked at: {error.strerror or error}."))

    @on(messages.Surveyed)
    def _surveyed(self, message: messages.Surveyed) -> None:
        if message.path != self.path:
            return
        self._seen = message.survey
        if message.survey is None:
            self.tell([visible_line(message.why)])
        else:
            self.tell(survey_lines(message.survey, max(20, self.size.width - 12)))
