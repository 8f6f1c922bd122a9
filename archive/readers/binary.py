"""Telling binary data from text in any encoding, by its first bytes."""

from __future__ import annotations

from typing import Final

from archive.text.decode import has_mark, utf16_without_mark

# Formats that people save under the name of a text by mistake; some begin with so much text that only this tells.
_SIGNATURES: Final = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"{\\rtf",
    b"SQLite format 3",
)
_CONTROLS: Final = bytes(set(range(32)) - {9, 10, 12, 13, 27})
# A text may hold some escape sequences; a short one may consist of little else. Chosen, not measured.
_FEW_CONTROLS: Final = 8
_MOST_CONTROLS: Final = 0.01
_TOO_MANY_CONTROLS: Final = 0.2


def looks_binary(head: bytes, *, recognised: bool = False) -> bool:
    """Tell from its first bytes whether a file is no text in any encoding.

    Args:
        head: its first bytes.
        recognised: they are those of its reader's format, so that no signature speaks against it.
    """
    if not recognised and head.startswith(_SIGNATURES):
        return True
    if has_mark(head) or utf16_without_mark(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    most = min(_FEW_CONTROLS + _MOST_CONTROLS * len(head), _TOO_MANY_CONTROLS * len(head))
    return controls > most
