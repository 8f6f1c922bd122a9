"""What is known of an article in words, each fact on one safe line: who published it, when, where; its versions."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.core.derivation import Origin
from archive.text.visible import visible_line

if TYPE_CHECKING:
    from archive import Archive, Article, Part, Version

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


def known_versions(archive: Archive, article_id: str) -> tuple[KnownVersion, ...]:
    """Return all versions of an article, oldest first."""
    return tuple(_known(archive, article_id))


def _known(archive: Archive, article_id: str) -> Iterator[KnownVersion]:
    for version in archive.versions(article_id):
        made = archive.derivation(article_id, version.digest)
        reader, origin = (version.reader, Origin.READ) if made is None else (made.reader, made.origin)
        yield KnownVersion(version, reader, origin is Origin.READ_AGAIN)


def listed(article: Article, known: KnownVersion) -> str:
    """Tell of one version on one line."""
    version, reread = known.version, f"  {Origin.READ_AGAIN}" if known.is_reread else ""
    current = "  current" if version.digest == article.version else ""
    made = f"{len(version.text):,} characters  {known.reader}"
    return f"{version.digest[:12]}  {version.seen}  {made}{reread}{current}"


def difference(before: KnownVersion, after: KnownVersion) -> Iterator[str]:
    """Yield a unified diff of two versions, as their lines stand."""
    old, new = before.version, after.version
    reread = f" {Origin.READ_AGAIN} by {after.reader}" if after.is_reread else ""
    names = (f"{old.digest[:12]} {old.seen}", f"{new.digest[:12]} {new.seen}{reread}")
    yield from difflib.unified_diff(old.text.splitlines(), new.text.splitlines(), *names, lineterm="")
