"""Finding a passage again in another text of the same article, by its own words."""

from __future__ import annotations

from typing import Final

import regex

from archive.core.article import Span
from archive.text.scripts import UNSPACED

# The fewest words of a passage that are it again, without the rest. Chosen, not measured: fewer stand in many texts.
_FEWEST: Final = 5
_LETTER: Final = rf"[\w--{UNSPACED}]"
# Not within a word; where a script puts no spaces between words, that may be anywhere.
_EDGE: Final = rf"(?:(?<!{_LETTER})|(?!{_LETTER}))"
_SPACE: Final = r"[\s\x1c-\x1f]+"  # what `str.split` splits at


def find_again(words: str, text: str, near: int) -> Span | None:
    """Return where the words of a passage stand in a text, None where they do not.

    White space may differ, and fewer than half of the words may be missing, at the beginning or at the end.

    Args:
        words: the passage's text.
        text: to look through; offsets are into it.
        near: where the passage began in its own text; of several places, the nearest is taken.
    """
    tokens = words.split()
    if not tokens:
        return None
    found = _nearest(tokens, text, near)
    # More than half, so that two stretches of one text can never both be it.
    return found or _stretch(tokens, text, near, max(_FEWEST, len(tokens) // 2 + 1))


def _stretch(tokens: list[str], text: str, near: int, least: int) -> Span | None:
    """Return the longest beginning or end of the words that stands in a text, of at least so many words."""
    low, high, found = least, len(tokens) - 1, None
    while low <= high:  # what stands there with more words stands there with fewer, so halving finds the most
        middle = (low + high) // 2
        place = _nearest(tokens[:middle], text, near) or _nearest(tokens[-middle:], text, near)
        found = place or found
        low, high = (middle + 1, high) if place else (low, middle - 1)
    return found


def _nearest(tokens: list[str], text: str, near: int) -> Span | None:
    words = _SPACE.join(map(regex.escape, tokens))
    pattern = regex.compile(f"{_EDGE}{words}{_EDGE}", regex.VERSION1)
    places = (Span(*match.span()) for match in pattern.finditer(text))
    return min(places, key=lambda span: abs(span.start - near), default=None)
