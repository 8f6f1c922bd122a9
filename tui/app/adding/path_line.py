"""The line in which a folder's path is typed."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from tui.app import keys
from tui.app.widgets.one_line import OneLine


class PathLine(OneLine, inherit_bindings=False):
    """One line of text; Enter and Tab are the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.PATH, *keys.EDITING]

    def __init__(self, text: str) -> None:
        super().__init__(text, placeholder="A folder, such as ~/news", compact=True, select_on_focus=False)
