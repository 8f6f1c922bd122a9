"""The frame of what is shown over a screen: its title above, what can be done below, from the keys that work there."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from tui.app.widgets.status_line import StatusLine


class Panel(Vertical):
    """Parts under a title; the keys stand in a line of their own under them.

    Args:
        title: what is shown, in words of the program's own.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.border_title = title

    def compose(self) -> ComposeResult:
        """Make the line of keys, behind the parts."""
        yield StatusLine()


class Sheet(VerticalScroll):
    """Text under a title, as high as it is.

    Args:
        title: what is shown, in words of the program's own.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.border_title = title

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.focus()
