"""Lines of reporting that begin like residue and lines of residue, each list in two halves by a seeded draw.

The rules are changed with the first half in view alone; the second tells how they do on lines that nobody looked at.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.cleaning.boilerplate import hidden_spans

_LINES: Final = Path(__file__).with_name("lines")
_SEED: Final = 17
_BEFORE: Final = "The minister told reporters on Tuesday that the bridge would open in spring."
_AFTER: Final = "Engineers had warned for years that its pillars were too weak for heavy lorries."
HALVES: Final = ("seen", "held out")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules do with the lines of a half.

    Attributes:
        reporting: its lines of reporting; ``hidden`` are those of them that are hidden all the same.
        residue: its lines of residue; ``shown`` are those of them that are not hidden.
    """

    reporting: tuple[str, ...]
    residue: tuple[str, ...]
    hidden: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Return the share of residue among what is hidden."""
        found = len(self.residue) - len(self.shown)
        return found / (found + len(self.hidden))

    @property
    def recall(self) -> float:
        """Return the share of residue that is hidden."""
        return 1 - len(self.shown) / len(self.residue)


def judged(half: str) -> Judged:
    """Judge a half, one of ``HALVES``, each line between two of reporting."""
    reporting, residue = _half("reporting", half), _half("residue", half)
    return Judged(
        reporting,
        residue,
        tuple(line for line in reporting if is_hidden(line)),
        tuple(line for line in residue if not is_hidden(line)),
    )


def is_hidden(line: str) -> bool:
    """Tell whether a line is hidden between two of reporting."""
    text = f"{_BEFORE}\n\n{line}\n\n{_AFTER}"
    return any(text[span.start : span.end] == line for span in hidden_spans(text))


def _half(name: str, half: str) -> tuple[str, ...]:
    lines = (_LINES / f"{name}.txt").read_text("utf-8").splitlines()
    random.Random(_SEED).shuffle(lines)
    middle = len(lines) // 2
    return tuple(lines[:middle] if half == HALVES[0] else lines[middle:])
