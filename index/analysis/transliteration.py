"""One written form for the ways a name is carried over into Latin letters.

Zelensky, Zelenskyy and Зеленский, Yanukovych and Ianoukovitch, Gaddafi and Qadhafi differ by the habits of languages:
which letters stand for one sound, which are doubled, how an ending is written. Those habits are undone here, in the
order given; what is left is spelled alike or nearly so. Fewer of them are undone where a name must be sure to be the
same, letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

_ALPHABETS: Final = (
    ((0x3B1, 0x3CA),),  # Greek
    ((0x430, 0x460), (0x490, 0x492)),  # Cyrillic, with the Ukrainian ґ
    ((0x561, 0x587),),  # Armenian
    ((0x10D0, 0x10F1),),  # Georgian
)
"""The alphabets beside the Latin one that write their vowels."""

_LATIN: Final = 0
_OTHER: Final = -1
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
_SURE_HABITS: Final = (
    (r"kh", "h"),
    (r"ck|c(?=[aoulr])|q", "k"),
    (r"ph", "f"),
    (r"w", "v"),
    (r"x", "ks"),
    (r"[yj]", "i"),
    (r"(.)\1+", r"\1"),
)
_ALIKE: Final = ("ckqgx", "szctd", "jyi", "fvwp", "td", "hgk", "ou", "eija")


def latin(word: str) -> str:
    """Return a folded word in the letters a to z."""
    return in_latin((word,))[0]


def in_latin(words: Sequence[str]) -> list[str]:
    """Return folded words in the letters a to z; those of the alphabets known here are carried over all at once."""
    carried = "\n".join(words).translate(_letters()).split("\n")
    return carried if "".join(carried).isascii() else [word if word.isascii() else _latin(word) for word in carried]


def _latin(text: str) -> str:
    from anyascii import anyascii

    return re.sub(r"[^a-z0-9]", "", anyascii(text).lower())


@lru_cache(maxsize=4096)
def spelled_out(word: str) -> str:
    """Return the common form of a folded word; of a word in another script, that of its transliteration."""
    return _without(_HABITS, latin(word))


@lru_cache(maxsize=4096)
def letter_by_letter(word: str) -> str:
    """Return the form that a folded word has in common with what is the same in another alphabet, letter by letter."""
    return _without(_SURE_HABITS, latin(word))


def _without(habits: Sequence[tuple[str, str]], word: str) -> str:
    for habit, common in habits:
        word = re.sub(habit, common, word)
    return word


def initials(word: str) -> str:
    """Return the letters with which other spellings of a folded word may begin, those of other alphabets last."""
    first = latin(word)[:1]
    alike = dict.fromkeys(first + "".join(letters for letters in _ALIKE if first and first in letters))
    begins = ((chr(code), carried[:1]) for code, carried in _letters().items())
    return "".join((*alike, *(letter for letter, initial in begins if initial in alike)))


def alphabet(word: str) -> int:
    """Return a number for the alphabet of a folded word's first letter."""
    return _LATIN if word[:1].isascii() else _alphabets().get(ord(word[0]), _OTHER)


@lru_cache(maxsize=1)
def _alphabets() -> Mapping[int, int]:
    return {
        code: number
        for number, ranges in enumerate(_ALPHABETS, _LATIN + 1)
        for first, end in ranges
        for code in range(first, end)
        if chr(code) == chr(code).lower()
    }


@lru_cache(maxsize=1)
def _letters() -> Mapping[int, str]:
    return {code: _latin(chr(code)) for code in _alphabets()}
