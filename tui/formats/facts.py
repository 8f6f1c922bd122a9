"""What is known of an article in words, on one safe line: who published it, when, and where it lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.text.visible import visible_line

if TYPE_CHECKING:
    from archive import Article, Part, Version

UNCREDITED = "no outlet, author or date known"


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """One version of an article with what made it.

    Attributes:
        reader: name and version of the reader that read it last.
        is_reread: it exists because a newer reader read the same bytes otherwise; the article was not edited.
    """

    version: Version
    reader: str
    is_reread: bool


def joined(facts: Iterable[str | None], separator: str = " · ") -> str:
    """Join what is known, each fact on one safe line."""
    return separator.join(visible_line(fact) for fact in facts if fact)


def credit(article: Article) -> tuple[str, ...]:
    """Return who published an article, who wrote it and when, as far as that is known."""
    return tuple(fact for fact in (article.outlet, article.author, article.published) if fact)


def place(article: Article, part: Part | None = None) -> str:
    """Return the file an article was read from, with the record in it and the part of its text that is cited."""
    record = f", record {article.record}" if article.record is not None else ""
    return visible_line(f"{article.path}{record}{cited(part)}")


def cited(part: Part | None) -> str:
    """Return a part as it follows a place, ``, page 3``; nothing where there is none."""
    return f", {part.kind} {part.label}" if part else ""
