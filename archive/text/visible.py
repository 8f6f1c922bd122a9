"""Facts on one line: what would break the line, steer the terminal or hide in it stands there as a mark.

A fact is a file's name, a title, an outlet, an address, a reason, an error: whatever is told on one line, most of it
stated by somebody else. Kinds are those of the Unicode Character Database:

- what breaks a line or steers a terminal: controls (general category Cc), line and paragraph separators (Zl, Zp),
  embeddings, overrides and isolates of the bidirectional algorithm (UAX #9, 2.1 to 2.4), and what is no character at
  all (Cs: a byte of a file's name that is not UTF-8);
- what hides: ``Default_Ignorable_Code_Point`` (UAX #44), which is drawn as nothing, and interlinear annotations.

Of what hides, that stays which is part of a spelling: joiners within scripts that need them (UAX #31, 2.3) and within
emoji (UTS #51), variation selectors behind what they vary, the tags of a flag, marks of direction in a line that has
letters written from right to left, and soft hyphens, which terminals draw.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

_STEERING: Final = "\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_IGNORABLE: Final = (
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_FLAG: Final = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]+\U000e007f"
_ODD: Final = re.compile(f"{_FLAG}|[{_STEERING}{_IGNORABLE}]")
_UNKEPT: Final = re.compile(f"(?![\t\n])[{_STEERING}]")

_JOINERS: Final = frozenset("\u200c\u200d\u180e")
_VARIATIONS: Final = frozenset(
    map(chr, [*range(0xFE00, 0xFE10), *range(0x180B, 0x180E), 0x180F, *range(0xE0100, 0xE01F0)])
)
_DIRECTIONS: Final = frozenset("\u200e\u200f\u061c")
# Below lie Latin, Greek, Cyrillic and Armenian, which join nothing.
_FIRST_JOINED: Final = "\u0590"
_VARIED_ASCII: Final = frozenset("0123456789#*\xa9\xae")  # that have a form as emoji


def visible_line(text: str) -> str:
    r"""Make one line of a fact, so that it can be taken for nothing else, and facts that differ look different.

    A newline becomes ``␤``, other controls of ASCII their pictures (U+2400 to U+2421), whatever else is not drawn its
    number as Python writes it: ``\u202e``; a byte that is no text becomes ``\xff``. Doing it twice changes nothing.
    """
    return text if text.isascii() and text.isprintable() else replaced(text, _mark)


def spelled_out(text: str) -> str:
    """Spell what must not be kept of a name, so that names that differ stay apart; tabs and newlines stay."""
    return _UNKEPT.sub(lambda match: _mark(match[0]), text)


def oddity(name: str) -> str | None:
    """Name the first character of a file's name that must not be kept, None where there is none."""
    match = _UNKEPT.search(name)
    if match is None:
        return None
    if "\udc80" <= match[0] <= "\udcff":
        return f"the byte 0x{ord(match[0]) - 0xDC00:02x}, which is not UTF-8"
    known = unicodedata.name(match[0], "a control character").lower()
    return f"U+{ord(match[0]):04X} ({known})"


def replaced(text: str, mark: Callable[[str], str]) -> str:
    """Replace each character that would break a line, steer a terminal or hide, by what a function makes of it."""
    directed = _DIRECTIONS if _is_right_to_left(text) else frozenset()

    def judged(match: re.Match[str]) -> str:
        found, at = match[0], match.start()
        kept = len(found) > 1 or found in directed or _is_spelling(text, at)
        return found if kept else mark(found)

    return _ODD.sub(judged, text)


def _is_spelling(text: str, at: int) -> bool:
    """Tell whether a character that is not drawn is part of how the word around it is written."""
    if text[at] in _JOINERS:
        return _joins(text, at - 1) and _joins(text, at + 1)
    before = text[at - 1 : at]
    return text[at] in _VARIATIONS and (before in _VARIED_ASCII or (before >= _FIRST_JOINED and _is_drawn(before)))


def _is_right_to_left(text: str) -> bool:
    """Tell whether any letter is written from right to left; marks of direction are no letters."""
    letters = set(text) - _DIRECTIONS
    return any(letter >= _FIRST_JOINED and unicodedata.bidirectional(letter) in ("R", "AL") for letter in letters)


def _joins(text: str, at: int) -> bool:
    """Tell whether a joiner may have its effect on what stands there."""
    neighbour = text[at : at + 1] if at >= 0 else ""
    if neighbour in _VARIATIONS:
        return _is_spelling(text, at)
    return neighbour >= _FIRST_JOINED and _is_drawn(neighbour)


def _is_drawn(character: str) -> bool:
    return bool(character) and not character.isspace() and _ODD.match(character) is None


def _mark(character: str) -> str:
    number = ord(character)
    if character == "\n":
        return "␤"
    if number < 0x20 or number == 0x7F:
        return chr(0x2421 if number == 0x7F else 0x2400 + number)
    if 0xDC80 <= number <= 0xDCFF:  # as Python names the bytes of a file's name that are not UTF-8
        return f"\\x{number - 0xDC00:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"
