"""What panes have in common that show no passage, although one is selected beside them."""

from __future__ import annotations

from tui.app import keys


class ShowsNoPassage:
    """Keeps the keys that mark the selected passage from those around it: here nobody looks at that passage."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Tell whether the key is for nobody around this, by the keys that actions have without one's own.

        Textual asks before it gives actions one's own keys, so that these are kept from here with the others.
        """
        return key in keys.MARKING_KEYS
