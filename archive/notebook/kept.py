"""The nouns of a notebook: clips, stars, saved questions, judgements; immutable values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from archive.core.article import Article, Part

MODES: Final = ("hybrid", "lexical", "semantic")
"""Which legs answer a saved question."""


class Standing(StrEnum):
    """Where the words of a clip are.

    ``CURRENT`` and ``MOVED``: in the article's current text, where they were or elsewhere. ``OLDER``: only in an older
    text of the article. ``REMOVED``: the article was taken out of the archive, its text is still there. ``DAMAGED``:
    the text is not what was written. ``LOST``: the text is not in the archive any more. ``PURGED``: the article was
    erased for good, and the words with it.
    """

    CURRENT = "current"
    MOVED = "moved"
    OLDER = "older"
    REMOVED = "removed"
    DAMAGED = "damaged"
    LOST = "lost"
    PURGED = "purged"


@dataclass(frozen=True, slots=True)
class Clip:
    """A passage that a person marked.

    Attributes:
        id: 12 hexadecimal digits.
        question: that it was found with, as typed; empty where it was not found with any.
        note: the person's own words; empty without any.
        kept: UTC time, ISO 8601.
        standing: where its words are.
        article: that holds them, None where it is not in the archive any more.
        version: digest of the text that ``start`` and ``end`` are offsets into; empty once it was purged.
        text: the words, read from that text just now and equal to what was marked (of one that moved, but for white
            space); None where that could not be done.
        part: of the text, in which it begins; None where the text has no parts.
        purged: UTC time of its article's purge, None where it was not purged.
    """

    id: str
    question: str
    note: str
    kept: str
    standing: Standing
    article: Article | None = None
    version: str = ""
    start: int = 0
    end: int = 0
    text: str | None = None
    part: Part | None = None
    purged: str | None = None


@dataclass(frozen=True, slots=True)
class Star:
    """An article that a person marked.

    Attributes:
        article_id: its identifier.
        kept: UTC time, ISO 8601.
        article: as it is now; None where it was removed, or is not in the archive any more.
    """

    article_id: str
    kept: str
    article: Article | None


@dataclass(frozen=True, slots=True)
class SavedQuestion:
    """A question that is asked again and again.

    Attributes:
        id: 12 hexadecimal digits.
        question: as it is typed.
        mode: which legs answer it: ``hybrid``, ``lexical`` or ``semantic``.
        seen: the change number of the catalog up to which its answers were seen.
        kept: UTC time, ISO 8601.
    """

    id: str
    question: str
    mode: str
    seen: int
    kept: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well an article or a passage answers a question.

    Attributes:
        question: as it is typed.
        target: identifier of the article or the passage.
        gain: 0 for no answer; the more, the better.
        kept: UTC time, ISO 8601.
        article_id: of the article, or of the one that the passage is of.
        version: digest of the text that ``start`` and ``end`` of the passage are offsets into; empty for an article.
    """

    question: str
    target: str
    gain: int
    kept: str
    article_id: str
    version: str = ""
    start: int = 0
    end: int = 0
