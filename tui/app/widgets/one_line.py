"""A line to write in, which takes all lines of what is pasted as one."""

from __future__ import annotations

from textual.events import Paste
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from archive.text.decode import one_line
from tui.app import keys


class OneLine(Input, inherit_bindings=False):
    """One line of text, which is always drawable.

    It is as wide as its place, whatever is written: Textual's own lays the whole screen out anew at each letter.
    """

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))

    def validate_value(self, value: str) -> str:
        """Keep what is pasted drawable."""
        return one_line(value)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Keep what is written, and the keys that act on the selected article, from those around the line."""
        return super().check_consume_key(key, character) or key in keys.MARKING_KEYS

    def on_paste(self, event: Paste) -> None:
        """Take all lines of what is pasted, as one; Textual's own line takes the first."""
        event.prevent_default()
        event.stop()
        self.put(event.text)

    def put(self, text: str) -> None:
        """Put a text, however many lines it has, where the cursor is or in place of what is selected."""
        self.replace(" ".join(text.splitlines()), *sorted(self.selection))
