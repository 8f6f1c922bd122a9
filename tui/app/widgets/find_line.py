"""The line to look for words in, within an article; it takes no room while nobody looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from tui.app import keys
from tui.app.widgets.one_line import OneLine


class FindLine(OneLine, inherit_bindings=False):
    """One line of text; Enter keeps what was found, Esc forgets it.

    Args:
        text: where keys go from here, at once: the next one may follow before anybody has heard that this was left.
    """

    @dataclass
    class Left(Message):
        """Looking has ended; ``keep`` what was found, to be walked through."""

        keep: bool

    BINDINGS: ClassVar[list[BindingType]] = [*keys.FIND, *keys.EDITING]

    def __init__(self, text: Widget) -> None:
        super().__init__("", placeholder="Find in this article …", compact=True)
        self.display = False
        self._goes_to = text

    def action_keep(self) -> None:
        """Go on to the text, with what was found."""
        self._leave(keep=True)

    def action_forget(self) -> None:
        """Go on to the text, as it was."""
        self._leave(keep=False)

    def _leave(self, *, keep: bool) -> None:
        self.screen.set_focus(self._goes_to)
        self.post_message(self.Left(keep=keep))
