"""The line to ask in."""

from __future__ import annotations

from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual.binding import BindingType

from archive.text.decode import one_line
from tui.app import keys
from tui.app.messages import LineEmptied
from tui.app.widgets.one_line import OneLine
from tui.session.typed import as_asked


class _Beginning(Highlighter):
    """Shows what is asked beside what is written: the star of a word that is taken as a beginning."""

    writing = False

    def highlight(self, text: Text) -> None:
        asked = as_asked(text.plain) if self.writing else None
        if asked is not None:
            text.append(asked[len(text.plain) :], "dim")


class SearchLine(OneLine, inherit_bindings=False):
    """One line of text; keys that lead out of it go to the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.QUERY, *keys.EDITING]

    def __init__(self, text: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        self._beginning = _Beginning()
        super().__init__(
            one_line(text),
            placeholder="Ask a topic …",
            highlighter=self._beginning,
            id=id,
            compact=True,
            select_on_focus=False,
        )
        self.border_title = "Question"

    def show_asked(self, *, writing: bool) -> None:
        """Show whether the last word is asked as a beginning, as it is while it is being written."""
        if writing != self._beginning.writing:
            self._beginning.writing = writing
            self.refresh()

    def action_delete_left(self) -> None:
        """Take away a letter; where none is left, what stands before the line's own words."""
        if self.value:
            super().action_delete_left()
        else:
            self.post_message(LineEmptied())
