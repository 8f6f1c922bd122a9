"""A light stemmer for Ukrainian, for which Snowball has none: it takes off what nouns and adjectives end in.

The longest ending goes that leaves a word. Those of verbs stay, but for the commonest verbs in -увати: "-ати" and
"-али" are plurals of nouns as well (солдати, генерали), and names and things are what is asked for. Endings by the
declensions of Ukrainian grammar; the forms it was judged on are in ``tests/index/analysis/test_ukrainian.py``.
"""

from __future__ import annotations

from typing import Final

_LEAST: Final = 3  # letters of what is left
_LONGEST_OF_A_CASE: Final = 2  # letters of what the name of a city ends in
_REFLEXIVE: Final = ("ся", "сь")
_NOUNS: Final = "а я о е є у ю і ї и ь й ів їв ей ам ям ами ями ах ях ом ем єм ою ею єю еві єві ові ьми"
_ADJECTIVES: Final = "ий ій ого його ому йому им їм ім ої єї їх их іх ими їми іми"
_VERBS: Final = "ував увала увало ували увати ує ують"
_ENDINGS: Final = sorted(
    {*_NOUNS.split(), *_ADJECTIVES.split(), *_VERBS.split()}, key=lambda ending: (-len(ending), ending)
)
_VOWELS: Final = frozenset("аеєиіїоуюя")
_CITIES: Final = {
    "київ": "києв",
    "харків": "харков",
    "львів": "львов",
    "чернігів": "чернігов",
    "миколаїв": "миколаєв",
    "бердичів": "бердичев",
    "канів": "канев",
}
"""Cities whose name is not that of their other cases: Харків, Харкова. Other words in -ів are genitives."""


class UkrainianStemmer:
    """Stems folded words."""

    def stemWord(self, word: str) -> str:  # noqa: N802 - called as PyStemmer's are
        """Return the stem of a word."""
        for name, other in _CITIES.items():
            if word == name or (word.startswith(other) and len(word) - len(other) <= _LONGEST_OF_A_CASE):
                return other
        if word.endswith(_REFLEXIVE) and len(word) > _LEAST + 2:
            word = word[:-2]
        for ending in _ENDINGS:
            left = word[: -len(ending)]
            if word.endswith(ending) and len(left) >= _LEAST and not _VOWELS.isdisjoint(left):
                return left.rstrip("ьйі") if len(left) > _LEAST else left
        return word


def ukrainian_fingerprint() -> str:
    """Identify everything that shapes a stem."""
    return f"{_LEAST} {_REFLEXIVE} {_ENDINGS} {_CITIES}"
