"""Folding: one written form for the spellings that readers take for the same word."""

from __future__ import annotations

import unicodedata
from typing import Final

import regex

from index.contracts.recipe import RECIPE

MOST: Final = RECIPE.words.longest_word
"""Longest folded word, in characters; what follows is clipped."""

_READ: Final = 4 * MOST  # characters before folding: marks that folding drops may be as many as letters; chosen
_LETTERS: Final = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ð": "d", "ŧ": "t", "þ": "th", "æ": "ae", "œ": "oe",
        # of Arabic and Persian, what is typed one for the other
        "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ہ": "ه", "ە": "ه", "ۀ": "ه", "ٱ": "ا",
    }
)  # fmt: skip
# In other scripts marks are letters in their own right (й, ガ, the vowels of Hindi and Thai) and stemmers rely on them.
_ACCENT: Final = regex.compile(
    r"(?<=[\p{Latin}\p{Greek}\p{Hebrew}\p{Arabic}\p{N}]\p{M}*)\p{M}"
    r"|(?<=\p{Cyrillic}\p{M}*)[\u0300\u0301]|(?<=е)\u0308"
)
_SILENT: Final = regex.compile(
    r"[^\p{L}\p{N}\p{M}]|[\u02b9-\u02bf\u02c8\u0640\u034f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_DIGIT: Final = regex.compile(r"[\p{Nd}--[0-9]]", regex.V1)


def fold(word: str) -> str:
    """Return the folded form of one word, at most 64 characters; empty when nothing of it is left.

    NFKC, case folded, accents of Latin, Greek, Hebrew and Arabic letters dropped (in Cyrillic the stress and the dots
    of ё), letters such as ł and ø written plainly, those of Arabic and
    Persian that are typed one for the other as one, digits as 0 to 9, apostrophes and dots left out. Folding twice is
    folding once.
    """
    if word.isascii() and word.isalnum():
        return word.lower()[:MOST]
    return _folded(_folded(word[:_READ]))[:MOST]


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word).casefold().translate(_LETTERS)
    bare = _ACCENT.sub("", unicodedata.normalize("NFKD", plain_digits(plain)))
    return _SILENT.sub("", unicodedata.normalize("NFKC", bare))


def plain_digits(text: str) -> str:
    """Return a text with the digits of every script as 0 to 9."""
    return text if text.isascii() else _DIGIT.sub(_plain_digit, text)


def _plain_digit(match: regex.Match[str]) -> str:
    """Return an ASCII digit for another; one of a Unicode newer than Python's, which regex knows (2026.11), stays."""
    value = unicodedata.decimal(match[0], None)
    return match[0] if value is None else str(value)


def folding_fingerprint() -> str:
    """Identify everything that shapes a folded word."""
    return "\n".join(
        (_ACCENT.pattern, _SILENT.pattern, _DIGIT.pattern, repr(sorted(_LETTERS.items())), unicodedata.unidata_version)
    )
