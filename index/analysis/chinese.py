"""Chinese characters in one form: 烏克蘭 and 乌克兰 are one word.

Each traditional character becomes its simplified one, as OpenCC has it (its table of single characters, the usual one
of several); so do those of Japanese and Korean texts that have one, in texts and questions alike. No offset changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_BLOCKS: Final = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x323B0))  # of ideographs, as Unicode has them


def simplified(text: str) -> str:
    """Return a text with simplified characters in place of traditional ones, one for one."""
    return text.translate(_simplified())


@lru_cache(maxsize=1)
def _simplified() -> Mapping[int, str]:
    from opencc import OpenCC

    characters = [chr(code) for first, end in _BLOCKS for code in range(first, end)]
    lines = "\n".join(characters)  # apart, so that no two are read as a word
    while (plain := OpenCC("t2s").convert(lines)) != lines:  # one of version 1.4.2 goes two steps, 薴 to 苧 to 苎
        lines = plain
    pairs = zip(characters, lines.split("\n"), strict=True)
    return {ord(one): other for one, other in pairs if one != other and len(other) == 1}


def chinese_fingerprint() -> str:
    """Identify the table."""
    from opencc import __version__

    return str(__version__)
