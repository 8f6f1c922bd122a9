"""Whether the terminal is light: asked of it, taken out of what is typed, and guessed while it has not answered.

The question and its answer are xterm's OSC 11 (Control Sequences, "Operating System Commands"): ``rgb:`` and three
numbers of one to four hexadecimal digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from textual.message import Message

QUESTION: Final = "\x1b]11;?\x1b\\"
PATIENCE_SECONDS: Final = 3.0
"""For so long the beginning of an answer is held back until its end comes; slow connections take a second. Chosen."""

_ANSWER: Final = re.compile(r"\x1b\]11;([^\x07\x1b]{0,60})(?:\x07|\x1b\\)")
_BEGUN: Final = re.compile(r"\x1b(?:\](?:1(?:1(?:;[^\x07\x1b]{0,60}\x1b?)?)?)?)?\Z")
_COLOUR: Final = re.compile(r"rgba?:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})", re.IGNORECASE)
_LIGHT_OF_SIXTEEN: Final = ("7", "15")  # white and bright white
_MIDDLE: Final = 0.5  # of the luma, 0 to 1; backgrounds are far from it


@dataclass
class BackgroundTold(Message):
    """The terminal answered what its background is."""

    light: bool


class AnswerFilter:
    """Takes answers out of what comes from the terminal, however it is cut into pieces."""

    def __init__(self) -> None:
        self._held = ""

    def passed(self, arrived: str, *, patient: bool) -> tuple[str, tuple[bool, ...]]:
        """Return what was typed, and what answers said, True for a light background.

        Args:
            arrived: what was read; empty where nothing came for a while.
            patient: hold back what may be an answer's beginning.
        """
        text, self._held = self._held + arrived, ""
        answers = tuple(light for told in _ANSWER.findall(text) if (light := is_light(told)) is not None)
        text = _ANSWER.sub("", text)
        if patient and arrived and (begun := _BEGUN.search(text)):
            text, self._held = text[: begun.start()], text[begun.start() :]
        return text, answers


def is_light(told: str) -> bool | None:
    """Tell whether a colour, as a terminal tells it, is light; None if it is none. Luma as in ITU-R BT.709."""
    match = _COLOUR.match(told)
    if match is None:
        return None
    red, green, blue = (int(part, 16) / int("f" * len(part), 16) for part in match.groups())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > _MIDDLE


def guessed(environment: Mapping[str, str]) -> bool:
    """Guess from ``COLORFGBG``, which some terminals set (foreground; background, of sixteen), else dark."""
    return environment.get("COLORFGBG", "").rpartition(";")[2] in _LIGHT_OF_SIXTEEN
