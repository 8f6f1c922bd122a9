"""The shortest sequences that turn the look of what was written last into that of what is written next (SGR, ECMA-48).

Textual writes all of a look before each piece of text and takes it back behind it, some 45 bytes with true colour; of
neighbours most differ in one colour, or in nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_KEPT: Final = 4096  # looks, and pairs of them; a screen has some dozens
_FOREGROUND: Final = frozenset(map(str, (*range(30, 38), 39, *range(90, 98))))
_BACKGROUND: Final = frozenset(map(str, (*range(40, 48), 49, *range(100, 108))))
_NUMBERS: Final = {"5": 3, "2": 5}  # of a colour's parameters, by the second of them: of a table, red green blue


@dataclass(frozen=True, slots=True)
class _Look:
    """The parameters of a look: attributes such as bold, and the two colours, empty where they are the terminal's."""

    attributes: tuple[str, ...]
    colour: str
    background: str


@lru_cache(_KEPT)
def _look(parameters: str) -> _Look:
    left = parameters.split(";") if parameters else []
    attributes, colour, background = list[str](), "", ""
    while left:
        count = _NUMBERS.get(left[1], 1) if left[0] in ("38", "48") and len(left) > 1 else 1
        value, first = ";".join(left[:count]), left[0]
        if first == "38" or first in _FOREGROUND:
            colour = value
        elif first == "48" or first in _BACKGROUND:
            background = value
        else:
            attributes.append(value)
        left = left[count:]
    return _Look(tuple(attributes), colour, background)


@lru_cache(_KEPT)
def change(before: str, after: str) -> str:
    """Return the sequence that turns one look into another.

    Args:
        before: parameters of the look in force, joined by semicolons; empty for the terminal's own.
        after: those of the look that is wanted.
    """
    if before == after:
        return ""
    old, new = _look(before), _look(after)
    lost = set(old.attributes) - set(new.attributes)
    if lost or (old.colour and not new.colour) or (old.background and not new.background):
        return f"\x1b[0;{after}m" if after else "\x1b[0m"
    added = [each for each in new.attributes if each not in old.attributes]
    added += [new.colour] if new.colour != old.colour else []
    added += [new.background] if new.background != old.background else []
    return f"\x1b[{';'.join(added)}m" if added else ""
