"""How a question is answered: which legs, what a row stands for, and how sure the answer is."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """Which legs answer."""

    HYBRID = "hybrid"
    LEXICAL = "lexical"
    SEMANTIC = "semantic"


class Group(StrEnum):
    """What one row of the answer stands for."""

    PASSAGE = "passage"
    ARTICLE = "article"
    STORY = "story"


class Confidence(StrEnum):
    """Whether the archive holds anything about the question at all; absolute, never relative to other hits."""

    STRONG = "strong"
    WEAK = "weak"
    NOTHING = "nothing"
