"""A screen that begins when it has its parts, unless it was left before that, and that is left once."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import Screen


class WholeScreen(Screen[None], inherit_bindings=False):
    """Begins where it is still shown, and leaves where it is on top: keys come faster than screens.

    Textual (8.2) mounts a screen that was left at once, too, but without its parts: what looks for one raises, and with
    that the whole application ends. At a second key that leaves it takes away whatever is on top then, or raises.
    """

    def on_mount(self) -> None:
        """Begin, if nobody has left meanwhile."""
        if self.app.is_running and self in self.app.screen_stack:
            self.begin()

    def begin(self) -> None:
        """Do what is to be done once, with all parts there."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Leave, unless that is done already."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
