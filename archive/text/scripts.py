"""Scripts that put no spaces between words, for whoever counts words."""

from __future__ import annotations

from typing import Final

import regex

UNSPACED: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
"""A character of such a script, as a pattern of ``regex``."""

_UNSPACED: Final = regex.compile(UNSPACED)


def unspaced_words(text: str) -> int:
    """Count the words of a text that no spaces part: one for every two characters of such a script."""
    return 0 if text.isascii() else len(_UNSPACED.findall(text)) // 2
