"""A screen that begins when it has its parts, unless it was left before that."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen


class WholeScreen(Screen[Any], inherit_bindings=False):
    """Begins where it is still shown: Textual (8.2) mounts a screen that was left at once, too, but without its parts.

    What looks for a part then raises, and with that the whole application ends.
    """

    def on_mount(self) -> None:
        """Begin, if nobody has left meanwhile."""
        if self.app.is_running and self in self.app.screen_stack:
            self.begin()

    def begin(self) -> None:
        """Do what is to be done once, with all parts there."""
