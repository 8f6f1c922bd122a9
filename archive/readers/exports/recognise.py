"""Which database a text was exported from, and where its articles are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from archive.readers.exports import europresse, factiva, nexis, proquest
from archive.readers.exports.lines import Line, Piece, lines


@dataclass(frozen=True, slots=True)
class Database:
    """A news database.

    Attributes:
        hint: stands in every export of it; where it does not, the lines of a text are not looked at.
        articles: returns the articles of an export; none where the lines are of none of its exports.
    """

    hint: re.Pattern[str]
    articles: Callable[[Sequence[Line]], list[Piece]]


# The first that finds its marks reads the file; none of them has the marks of another.
DATABASES: Final = (
    Database(proquest.HINT, proquest.articles),
    Database(nexis.HINT, nexis.articles),
    Database(europresse.HINT, europresse.articles),
    Database(factiva.HINT, factiva.articles),
)


def exported(text: str) -> list[Piece]:
    """Return the articles of an export in their order; empty where a text is none."""
    hinted = [database for database in DATABASES if database.hint.search(text)]
    some = lines(text) if hinted else []
    return next((pieces for database in hinted if (pieces := database.articles(some))), [])
