"""One written form for the ways a name is carried over into Latin letters.

Zelensky, Zelenskyy and Зеленский, Yanukovych and Ianoukovitch, Gaddafi and Qadhafi differ by the habits of languages:
which letters stand for one sound, which are doubled, how an ending is written. Those habits are undone here, in the
order given; what is left is spelled alike or nearly so.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_REMEMBERED: Final = 1 << 16  # words of other scripts, some ten megabytes at most; chosen, not measured
_HABITS: Final = (
    (r"schtsch|shch|chtch|szcz|tsch|tch|sch|sh|cz|ch|zh|sz|dzh|dj", "C"),  # one hiss or another
    (r"ts|tz|z", "s"),
    (r"kh|gh|q|ck|g|c(?=[aou])", "k"),
    (r"ph|w|v", "f"),
    (r"th|dh|d", "t"),
    (r"ou|oo|u|o", "u"),
    (r"ee|ie|ei|ij|iy|[yj]|e|i", "i"),
    (r"(?<=.)h", ""),
    (r"(.)\1+", r"\1"),
    (r"i+$", "i"),
)
_ALPHABETS: Final = (0x3B1, 0x3CA), (0x430, 0x460), (0x490, 0x492), (0x561, 0x587), (0x10D0, 0x10F1)
"""Greek, Cyrillic with the Ukrainian ґ, Armenian, Georgian: those beside the Latin one that write their vowels."""

_ALIKE: Final = ("ckqgx", "szctd", "jyi", "fvwp", "td", "hgk", "ou", "eija")


def latin(word: str) -> str:
    """Return a folded word in the letters a to z."""
    return word if word.isascii() else _latin(word)


@lru_cache(maxsize=_REMEMBERED)
def _latin(word: str) -> str:
    from anyascii import anyascii

    return re.sub(r"[^a-z0-9]", "", anyascii(word).lower())


@lru_cache(maxsize=4096)
def spelled_out(word: str) -> str:
    """Return the common form of a folded word; of a word in another script, that of its transliteration."""
    word = latin(word)
    for habit, common in _HABITS:
        word = re.sub(habit, common, word)
    return word


def initials(word: str) -> str:
    """Return the letters with which other spellings of a folded word may begin, those of other alphabets last."""
    first = latin(word)[:1]
    alike = dict.fromkeys(first + "".join(letters for letters in _ALIKE if first and first in letters))
    return "".join((*alike, *(letter for letter, begins in _elsewhere() if begins in alike)))


@lru_cache(maxsize=1)
def _elsewhere() -> tuple[tuple[str, str], ...]:
    """Return the letters of other alphabets, each with the Latin one that it begins with."""
    letters = (chr(code) for first, end in _ALPHABETS for code in range(first, end))
    return tuple((letter, latin(letter)[:1]) for letter in letters if letter == letter.lower())
