"""Finding a passage again in another text of the same article, by its own words."""

from __future__ import annotations

import re
from typing import Final

from archive.core.article import Span

# The least share of a passage's words that must be found in one stretch, at its beginning or end, to be that passage
# again. Chosen, not measured: more than half, so that two stretches of one text can never both be it.
_LEAST: Final = 0.6


def find_again(words: str, text: str, near: int) -> Span | None:
    """Return where the words of a passage stand in a text, None where they do not.

    White space may differ, and some words at the beginning or at the end may be missing.

    Args:
        words: the passage's text.
        text: to look through; offsets are into it.
        near: where the passage began in its own text; of several places, the nearest is taken.
    """
    tokens = words.split()
    if not tokens:
        return None
    place = _nearest(tokens, text, near)
    least = max(1, round(len(tokens) * _LEAST))
    return place or (None if least == len(tokens) else _stretch(tokens, text, near, least))


def _stretch(tokens: list[str], text: str, near: int, least: int) -> Span | None:
    """Return the longest beginning or end of the words that stands in a text, of at least so many words."""
    low, high, longest = least, len(tokens) - 1, None
    while low <= high:  # what stands there with more words stands there with fewer, so halving finds the most
        middle = (low + high) // 2
        place = _nearest(tokens[:middle], text, near) or _nearest(tokens[-middle:], text, near)
        longest = place or longest
        low, high = (middle + 1, high) if place else (low, middle - 1)
    return longest


def _nearest(tokens: list[str], text: str, near: int) -> Span | None:
    pattern = re.compile(r"\s+".join(map(re.escape, tokens)))
    places = (Span(*match.span()) for match in pattern.finditer(text))
    return min(places, key=lambda span: abs(span.start - near), default=None)
