"""Telling binary data from text in any encoding, by its first bytes."""

from __future__ import annotations

from typing import Final

from archive.text.decode import has_mark, utf16_without_mark

# Formats that people save under the name of a text by mistake; some begin with so much text that only this tells.
_SIGNATURES: Final = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a PNG image",
    b"GIF8": "a GIF image",
    b"\xff\xd8\xff": "a JPEG image",
    b"\x7fELF": "a program",
    b"{\\rtf": "an RTF document",
    b"SQLite format 3": "a SQLite database",
}
_CONTROLS: Final = bytes(set(range(32)) - {9, 10, 12, 13, 27})
# A text may hold some escape sequences; a short one may consist of little else. Chosen, not measured.
_FEW_CONTROLS: Final = 8
_MOST_CONTROLS: Final = 0.01
_TOO_MANY_CONTROLS: Final = 0.2


def binary_by(head: bytes, *, recognised: bool = False) -> str | None:
    """Say what in its first bytes tells that a file is no text in any encoding, None where nothing does.

    Args:
        head: its first bytes.
        recognised: they are those of its reader's format, so that no signature speaks against it.
    """
    kind = next((kind for signature, kind in _SIGNATURES.items() if head.startswith(signature)), None)
    if kind is not None and not recognised:
        return f"It begins as {kind} does, not as a text."
    if has_mark(head) or utf16_without_mark(head):
        return None
    controls = len(head) - len(head.translate(None, _CONTROLS))
    most = min(_FEW_CONTROLS + _MOST_CONTROLS * len(head), _TOO_MANY_CONTROLS * len(head))
    return "It holds too many control characters for a text, as binary data does." if controls > most else None
