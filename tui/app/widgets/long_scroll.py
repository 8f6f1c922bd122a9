"""A widget that draws the lines in sight of any number of them."""

from __future__ import annotations

from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView


class LongScroll(ScrollView, inherit_bindings=False):
    """Scrolls over lines whose number changes without the screen being laid out anew: only the scrollbar is.

    Textual (8.2) lays all widgets out when the lines of one change, 20 ms of a key of which drawing takes as long.
    """

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))

    def watch_virtual_size(self, size: Size) -> None:
        """Let the scrollbar follow; Textual does so in no other way than by a layout."""
        self._scroll_update(size)
