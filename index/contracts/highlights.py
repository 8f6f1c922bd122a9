"""What is lit up in a passage, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """Why a span is highlighted: a matching word or phrase, or the sentence nearest in meaning."""

    MATCH = "match"
    SEMANTIC = "semantic"


@dataclass(frozen=True, slots=True, order=True)
class Highlight:
    """A half-open span of code points, offsets into ``Passage.text`` of its hit."""

    start: int
    end: int
    mark: Mark = Mark.MATCH
