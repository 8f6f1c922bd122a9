"""What panes have in common that show no passage, although one is selected beside them."""

from __future__ import annotations

from typing import Final

from tui.app import keys

_MARKING: Final = frozenset(key for row in keys.MARKING for key in row.key.split(","))


class ShowsNoPassage:
    """Keeps the keys that mark the selected passage from those around it: here nobody looks at that passage."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Tell whether the key is for nobody around this, by the keys that actions have without one's own."""
        return key in _MARKING
