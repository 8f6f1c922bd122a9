"""Turning bytes into text that is safe to keep, and text into something that is safe to draw."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

REPLACEMENT = "\ufffd"
_BIDI = "\u202a-\u202e\u2066-\u2069"
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
_FORBIDDEN = re.compile(f"[{_CONTROLS}{_BIDI}]")
_UNDRAWABLE = re.compile(f"[{_CONTROLS}{_BIDI}\u2028\u2029]")
_SPACE_FOR = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")

# A page break and a vertical tab, which word processors write for a page's and for a line's end, are line breaks.
_BREAK_FOR: Final = frozenset("\x0b\x0c")
_NEXT_LINE: Final = "\x85"
# Windows-1252 that was read as Latin-1 shows as C1 controls, which no text has; five bytes of it mean nothing.
_MISREAD: Final = {
    chr(code): bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_MISREAD_OTHERS: Final = re.compile(f"[{''.join(sorted(_MISREAD.keys() - {_NEXT_LINE}))}]")
_SEQUENCE: Final = re.compile(r"\x9b[\d;?]*[@-~]")  # what a terminal is steered with
# UTF-8 that was read as Windows-1252: the second half of a pair is a sign that never follows these letters.
_GARBLED: Final = re.compile(
    "\u00e2\u20ac[\u00a0-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122\ufffd]"
    "|\u00e2\u201a\u00ac"  # the sign of the euro
    "|[\u00c2\u00c3][\u00a0-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)

# UTF-32 goes first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What pages mean by these names, as browsers read them (WHATWG Encoding): the larger set that contains them.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
# Bytes that tell an encoding: charset-normalizer takes its time over more. Chosen, not measured.
_SAMPLE: Final = 1 << 15
# UTF-16 of Latin letters has a NUL in nearly every pair of bytes, that of a mixed text in fewer. Chosen, not measured.
_WIDE_SHARE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Decoded:
    r"""Text as it was decoded.

    Attributes:
        text: neutral text, newlines are ``\n``.
        encoding: Python's name of the encoding used.
        damage: characters that could not be decoded or must not be kept and became U+FFFD, and those of Windows-1252
            that stood there as controls and were read as what they are.
    """

    text: str
    encoding: str
    damage: int


@dataclass(frozen=True, slots=True)
class Neutral:
    """Text of which nothing must not be stored, and its damage as ``Decoded`` counts it."""

    text: str
    damage: int


def neutral(text: str) -> str:
    r"""Replace what must not be stored: newlines become ``\n``, every forbidden character one other character.

    Forbidden are control characters except tab and newline, bidirectional embeddings, overrides and isolates (a space
    each), and lone surrogates (U+FFFD each). Page breaks, vertical tabs and NEL become newlines, C1 controls what they
    are in Windows-1252, the others U+FFFD. The length changes only where ``\r\n`` becomes ``\n``.
    """
    return neutralised(text).text


def neutralised(text: str) -> Neutral:
    """Replace what must not be stored, as ``neutral`` does, and count what was damaged."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    damage = 0
    are_misread: bool | None = None

    def substitute(match: re.Match[str]) -> str:
        nonlocal damage, are_misread
        found = match[0]
        if found in _SPACE_FOR:
            return " "
        if found in _BREAK_FOR:
            return "\n"
        if found == _NEXT_LINE:
            if are_misread is None:
                are_misread = _MISREAD_OTHERS.search(text) is not None
            if not are_misread and not _trails_off(text, match.start()):
                return "\n"
        damage += 1
        return REPLACEMENT if _SEQUENCE.match(text, match.start()) else _MISREAD.get(found, REPLACEMENT)

    return Neutral(_FORBIDDEN.sub(substitute, text), damage)


def garbled(text: str) -> int:
    """Count the characters of a text that are UTF-8 which was read as Windows-1252, such as ``Ã¶`` for ``ö``."""
    return 0 if text.isascii() else sum(1 for _ in _GARBLED.finditer(text))


def printable(text: str) -> str:
    """Replace, one for one, what a terminal must not be sent; tabs and newlines stay, the length never changes."""
    return _UNDRAWABLE.sub(_substitute, text)


def one_line(text: str) -> str:
    """Make a text safe to draw on one line; its length never changes, so that offsets into it hold."""
    return printable(text).replace("\n", " ").replace("\t", " ")


def collapsed_line(text: str) -> str:
    """Make one neutral line of a text: white space collapsed, nothing cut off."""
    return " ".join(neutral(text).split())


def single_line(text: str, limit: int = 300) -> str:
    """Make one neutral line of at most ``limit`` characters, cut at a word with an ellipsis."""
    line = collapsed_line(text[: 20 * limit])  # however much of that is white space, enough is left
    if len(line) <= limit:
        return line
    cut = line.rfind(" ", limit // 2, limit)
    return line[: cut if cut > 0 else limit - 1].rstrip(" ,;:-–—") + "…"


def decode(raw: bytes, declared: str | None = None) -> Decoded:
    """Decode bytes of unknown encoding; raises nothing.

    Byte order marks are believed first, then UTF-8 and ``declared`` where they fit without an error, then the pattern
    of NULs that UTF-16 has; what is left is UTF-8 with damage or a legacy encoding that charset-normalizer tells.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _forced(raw[len(mark) :], encoding)
    for name in ("utf-8", declared):
        # Text that fits UTF-8 is UTF-8 whatever it declares; the reverse is not true of single-byte encodings.
        if name and (fitting := _strict(raw, name)) is not None:
            return fitting
    return _forced(raw, utf16_without_mark(raw) or _legacy(raw))


def utf16_without_mark(raw: bytes) -> str | None:
    """Name the byte order of UTF-16 that lacks a mark, by where its NULs are; None when it does not look like it."""
    sample = raw[:4096]
    half = len(sample) // 2
    if half == 0:
        return None
    even = sample[0::2].count(0) / half
    odd = sample[1::2].count(0) / half
    if odd > _WIDE_SHARE and even < odd / 10:
        return "utf-16-le"
    if even > _WIDE_SHARE and odd < even / 10:
        return "utf-16-be"
    return None


def has_mark(raw: bytes) -> bool:
    """Tell whether the bytes begin with a byte order mark."""
    return any(raw.startswith(mark) for mark, _ in _MARKS)


def _substitute(match: re.Match[str]) -> str:
    return " " if match[0] in _SPACE_FOR else REPLACEMENT


def _trails_off(text: str, at: int) -> bool:
    """Tell an ellipsis of Windows-1252 from NEL, which has the same code: a word stands before it, a space behind."""
    return text[at + 1 : at + 2] == " " and text[max(0, at - 1) : at].isalnum()


def _strict(raw: bytes, encoding: str) -> Decoded | None:
    try:
        name = codecs.lookup(encoding).name
        name = _MEANT.get(name, name)
        text = raw.decode(name)
    except (LookupError, ValueError):
        return None
    # A single-byte guess never fails, so a NUL is what tells that it is not one; UTF-8 may be UTF-16 of plain letters.
    if not isinstance(text, str) or (b"\0" in raw[:_SAMPLE] and utf16_without_mark(raw)):
        return None
    clean = neutralised(text)
    return Decoded(clean.text, name, clean.damage)


def _forced(raw: bytes, encoding: str) -> Decoded:
    text = raw.decode(encoding, "replace")
    damage = text.count(REPLACEMENT)
    if encoding == "utf-8" and damage:
        damage -= raw.count(REPLACEMENT.encode())
    clean = neutralised(text)
    return Decoded(clean.text, encoding, damage + clean.damage)


def _legacy(raw: bytes) -> str:
    """Name the encoding of bytes that are not clean UTF-8: ``utf-8`` when they are damaged UTF-8.

    Each byte that goes on a character as UTF-8 has it speaks for that; texts of other encodings have few by chance.
    """
    sample = _around_first_high_byte(raw)
    text = sample.decode("utf-8", "replace")
    stood = sample.count(REPLACEMENT.encode())  # U+FFFD of another program's making
    sound = sum(len(character.encode()) - 1 for character in text if character > "\x7f" and character != REPLACEMENT)
    if sound + 2 * stood >= text.count(REPLACEMENT) - stood:
        return "utf-8"
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_exclusion=["utf_7"]).best()
    name = codecs.lookup(best.encoding).name if best is not None else "utf-8"
    return _MEANT.get(name, name)


def _around_first_high_byte(raw: bytes) -> bytes:
    first = re.search(rb"[\x80-\xff]", raw)
    start = max(0, first.start() - _SAMPLE // 4) if first else 0
    return raw[start : start + _SAMPLE]
