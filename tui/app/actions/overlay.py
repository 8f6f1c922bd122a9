"""A screen over the one it was asked for from, on which what can be done everywhere can be done too."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.screen import ModalScreen

from tui.app import keys
from tui.app.actions.whole_screen import WholeScreen


class Overlay(ModalScreen[None], WholeScreen, inherit_bindings=False):
    """Binds what works everywhere: of a modal screen's application, Textual asks keys with priority alone."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.PANES, *keys.EVERYWHERE]

    def action_close(self) -> None:
        """Return to where this was asked for."""
        self.dismiss()
