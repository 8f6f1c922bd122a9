"""Which database a text was exported from, and where its articles are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from archive.readers.exports import europresse, factiva, nexis, proquest
from archive.readers.exports.lines import Line, Piece, lines

Articles = Callable[[Sequence[Line]], list[Piece]]
"""Returns the articles of an export of one database; none where the lines are of none of its exports."""

# The first that finds its marks reads the file; none of them has the marks of another.
DATABASES: Final[tuple[Articles, ...]] = (proquest.articles, nexis.articles, europresse.articles, factiva.articles)


def exported(text: str) -> list[Piece]:
    """Return the articles of an export in their order; empty where a text is none."""
    some = lines(text)
    found = (articles(some) for articles in DATABASES)
    return next((pieces for pieces in found if pieces), [])
