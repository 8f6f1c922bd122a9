"""Screens that begin when they have their parts, unless they were left before that, and that are left once."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import Screen


class LeftOnce(Screen[None], inherit_bindings=False):
    """Leaves where it is on top: at a second key, Textual (8.2) takes away whatever is on top then, or raises."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Leave, unless that is done already."""
        return super().dismiss(result) if self.is_active else AwaitComplete()


class WholeScreen(LeftOnce, inherit_bindings=False):
    """Begins where it is still shown: keys come faster than screens.

    Textual (8.2) mounts a screen that was left at once, too, but without its parts: what looks for one raises, and with
    that the whole application ends.
    """

    def on_mount(self) -> None:
        """Begin, if nobody has left meanwhile."""
        if self.app.is_running and self in self.app.screen_stack:
            self.begin()

    def begin(self) -> None:
        """Do what is to be done once, with all parts there."""
