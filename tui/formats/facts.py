"""What is known of an article in words, on one safe line: who published it, when, and where it lies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from archive.text.decode import printable

if TYPE_CHECKING:
    from archive import Article

UNCREDITED = "no outlet, author or date known"


def one_line(text: str) -> str:
    """Return a text safe to draw on one line, of unchanged length, so that offsets into it hold."""
    return printable(text).replace("\n", " ").replace("\t", " ")


def single_line(text: str) -> str:
    """Return a text on one line, with its white space collapsed, without what a terminal must not be sent."""
    return " ".join(printable(text).split())


def joined(facts: Iterable[str | None], separator: str = " · ") -> str:
    """Join what is known, each fact on one safe line."""
    return separator.join(one_line(fact) for fact in facts if fact)


def credit(article: Article) -> tuple[str, ...]:
    """Return who published an article, who wrote it and when, as far as that is known."""
    return tuple(fact for fact in (article.outlet, article.author, article.published) if fact)


def place(article: Article) -> str:
    """Return the file an article was read from, with the record in it."""
    return one_line(article.path if article.record is None else f"{article.path}, record {article.record}")
