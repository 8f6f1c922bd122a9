"""How a question is answered: which legs, what a row stands for, in which order, what is counted, how sure it is."""

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


class Order(StrEnum):
    """In which order rows come: best first, or by the day of publication of what matches, undated last."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"


class FacetBy(StrEnum):
    """What the matches of a question are counted by, as it is typed; the last four are spans of time."""

    OUTLET = "outlet"
    AUTHOR = "author"
    LANGUAGE = "lang"
    SOURCE = "source"
    DATED = "dated"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Basis(StrEnum):
    """By what articles count as matches: words asked for, nearness in meaning, or conditions alone."""

    WORDS = "words"
    MEANING = "meaning"
    CONDITIONS = "conditions"


class Confidence(StrEnum):
    """Whether the archive holds anything about the question at all; absolute, never relative to other hits."""

    STRONG = "strong"
    WEAK = "weak"
    NOTHING = "nothing"
