"""Finding a passage again in another text of the same article, by its own words."""

from __future__ import annotations

from difflib import SequenceMatcher
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
# A word, or a character of a script that puts no spaces between words.
_WORD: Final = regex.compile(rf"{UNSPACED}|[^\s\x1c-\x1f--{UNSPACED}]+", regex.VERSION1)
# Characters before and after a passage's old place that are looked through for what is left of it. Chosen, not
# measured: a text read again seldom moves further, and comparing the words of so many takes milliseconds.
_AROUND: Final = 20_000


def find_again(words: str, text: str, near: int) -> Span | None:
    """Return where the words of a passage stand in a text, None where they do not.

    White space may differ, and fewer than half of the words may be missing or others.

    Args:
        words: the passage's text.
        text: to look through; offsets are into it.
        near: where the passage began in its own text; of several places, the nearest is taken.
    """
    return find_verbatim(words, text, near) or (_alike(words, text, near) if words.split() else None)


def find_verbatim(words: str, text: str, near: int) -> Span | None:
    """Return where exactly the words of a passage stand in a text, None where they do not; white space may differ.

    Args:
        words: the passage's text.
        text: to look through; offsets are into it.
        near: where the passage began in its own text; of several places, the nearest is taken.
    """
    tokens = words.split()
    return _nearest(tokens, text, near) if tokens else None


def _nearest(tokens: list[str], text: str, near: int) -> Span | None:
    words = _SPACE.join(map(regex.escape, tokens))
    pattern = regex.compile(f"{_EDGE}{words}{_EDGE}", regex.VERSION1)
    places = (Span(*match.span()) for match in pattern.finditer(text))
    return min(places, key=lambda span: abs(span.start - near), default=None)


def _alike(words: str, text: str, near: int) -> Span | None:
    """Return from the first to the last of the words, in their order, where more than half of them stand together.

    More than half, so that two stretches of one text can never both be the passage.
    """
    tokens = _WORD.findall(words)
    start, end = max(0, near - _AROUND), near + len(words) + _AROUND
    places = list(_WORD.finditer(text, start, end))
    blocks = SequenceMatcher(None, tokens, [place[0] for place in places], autojunk=False).get_matching_blocks()
    longest = max(blocks, key=lambda block: block.size)
    shift, room = longest.b - longest.a, len(tokens) // 2
    together = [block for block in blocks if block.size and abs(block.b - block.a - shift) <= room]
    if sum(block.size for block in together) < max(_FEWEST, len(tokens) // 2 + 1):
        return None
    first, last = together[0], together[-1]
    return Span(places[first.b].start(), places[last.b + last.size - 1].end())
