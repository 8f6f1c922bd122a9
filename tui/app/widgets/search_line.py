"""The line to ask in."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.widgets import Input

from archive.text.decode import one_line
from tui.app import keys


class SearchLine(Input, inherit_bindings=False):
    """One line of text; keys that lead out of it go to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.QUERY, *keys.EDITING]

    def __init__(self, text: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(one_line(text), placeholder="Ask a topic …", id=id, compact=True, select_on_focus=False)

    def validate_value(self, value: str) -> str:
        """Keep what is pasted drawable."""
        return one_line(value)
