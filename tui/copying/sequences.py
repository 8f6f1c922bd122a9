"""What is sent to a terminal to set its clipboard: OSC 52 of xterm (Control Sequences, "Operating System Commands")."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Final

# Bytes of a text that are sent: with these the sequence stays under 100,000 bytes, above which terminals drop it
# (hterm's limit, which yank programs keep to).
MOST_SENT: Final = 74_994
# Bytes of a string that GNU screen passes on at once: its older versions hold 256, newer 768.
_SCREEN_CHUNK: Final = 240


def for_terminal(text: str) -> str:
    """Return what makes a terminal take a text for its clipboard."""
    return f"\x1b]52;c;{b64encode(text.encode('utf-8')).decode('ascii')}\x07"


def through_screen(sequence: str) -> str:
    """Wrap a sequence so that GNU screen hands it on to its own terminal: in strings of at most 240 bytes."""
    return "".join(f"\x1bP{chunk}\x1b\\" for chunk in _chunks(sequence))


def _chunks(sequence: str) -> Iterator[str]:
    for start in range(0, len(sequence), _SCREEN_CHUNK):
        yield sequence[start : start + _SCREEN_CHUNK]
