"""The line to ask in."""

from __future__ import annotations

from typing import ClassVar, Final

from rich.highlighter import Highlighter
from rich.text import Text
from textual.binding import BindingType

from archive.text.decode import one_line
from tui.app import keys
from tui.app.messages import LineEmptied
from tui.app.widgets.one_line import OneLine
from tui.session.typed import as_asked

# Seconds between two presses, by the times at which the keys came, up to which the second may be the terminal repeating
# a key that is held: at first, after the longest delay that desktops offer for that, and then. Chosen, not measured.
FIRST_REPEAT: Final = 1.0
NEXT_REPEAT: Final = 0.15


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
        self._pressed = 0.0
        self._deleted = 0.0
        self._had_letters = False
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

    def key_comes(self, time: float) -> None:
        """Take down when a key came, which tells whether it is held."""
        self._pressed = time

    def action_delete_left(self) -> None:
        """Take away a letter; where none is left, at another press of the key, what stands before the line's own words.

        A key that is held to empty the line goes no further; terminals do not tell when it is let go.
        """
        since, had_letters = self._pressed - self._deleted, self._had_letters
        self._deleted, self._had_letters = self._pressed, bool(self.value)
        if self.value:
            super().action_delete_left()
        elif since >= (FIRST_REPEAT if had_letters else NEXT_REPEAT):
            self.post_message(LineEmptied())
