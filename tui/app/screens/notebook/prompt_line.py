"""A line to write something short in, such as a note, at the foot of a list; it takes no room while nobody writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from tui.app import keys
from tui.app.widgets.one_line import OneLine


class PromptLine(OneLine, inherit_bindings=False):
    """One line of text, which is handed on or left."""

    @dataclass
    class Done(Message):
        """Something was written for a purpose, such as ``note``."""

        purpose: str
        text: str

    @dataclass
    class Left(Message):
        """Nothing is to be written after all."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.PROMPT, *keys.EDITING]

    def __init__(self) -> None:
        super().__init__("", compact=True, select_on_focus=False)
        self.display = False
        self._purpose = ""

    def ask(self, purpose: str, what: str, text: str = "") -> None:
        """Let something be written, from a text on.

        Args:
            purpose: handed on with what was written.
            what: said while nothing is written.
            text: to begin with.
        """
        self._purpose, self.placeholder, self.value = purpose, what, text
        self.cursor_position = len(self.value)
        self.display = True
        self.focus()

    def action_done(self) -> None:
        """Hand on what is written."""
        self.post_message(self.Done(self._purpose, self.value))

    def action_leave(self) -> None:
        """Leave it as it was."""
        self.post_message(self.Left())
