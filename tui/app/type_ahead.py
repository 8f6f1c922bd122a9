"""What is typed before there is a line to type in: kept, in its order, until there is."""

from __future__ import annotations

from typing import Final

from textual.events import Key, Paste

_ENTERS: Final = ("enter", "ctrl+j")  # a terminal that is not taken over yet sends the second


class TypeAhead:
    """Keeps what is typed until it is asked for, once."""

    def __init__(self) -> None:
        self._kept: list[Key | Paste] | None = []

    def keep(self, event: Key | Paste) -> bool:
        """Keep an event that writes, corrects or asks, while there is nobody to take it; tell whether it was kept."""
        if self._kept is None or not (typed_text(event) or is_enter(event) or is_backspace(event)):
            return False
        self._kept.append(event)
        return True

    def end(self) -> list[Key | Paste]:
        """Return what was kept, and keep nothing from now on."""
        kept, self._kept = self._kept or [], None
        return kept


def typed_text(event: Key | Paste) -> str:
    """Return what an event writes; nothing for keys that do something else."""
    if isinstance(event, Paste):
        return event.text
    return event.character if event.is_printable and event.character is not None else ""


def is_enter(event: Key | Paste) -> bool:
    """Tell whether a question is to be asked."""
    return isinstance(event, Key) and event.key in _ENTERS


def is_backspace(event: Key | Paste) -> bool:
    """Tell whether the last letter is to go."""
    return isinstance(event, Key) and event.key == "backspace"
