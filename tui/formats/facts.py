"""What is known of an article in words, each fact on one safe line: who published it, when, where; its versions."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from archive.core.derivation import Origin
from archive.core.errors import Action, Advice, Damaged, Remedy
from archive.core.record_fields import Role
from archive.text.visible import visible_line
from tui.formats.plural import counted

if TYPE_CHECKING:
    from archive import Archive, Article, Part, Version

_DATED: Final = {"metadata": "stated in the file", "text": "found in the text", "url": "found in the address"}
ROLES: Final[Mapping[Role, str]] = {
    "text": "text",
    "title": "title",
    "published": "date",
    "url": "address",
    "outlet": "outlet",
    "author": "author",
    "language": "language",
    "id": "identifier",
}
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


@dataclass(frozen=True, slots=True)
class KnownVersions:
    """All versions of an article.

    Attributes:
        sound: those that hold what was written, oldest first.
        damaged: the digests of those that do not.
        before: the digest of the version before the newest, None where there is only one.
    """

    sound: tuple[KnownVersion, ...]
    damaged: tuple[str, ...]
    before: str | None


def stated(article: Article | None) -> dict[str, str | None]:
    """Return what is stated of an article, by the JSON's keys; None for each where it is not in the archive."""
    keys = "title", "outlet", "author", "url", "published", "path", "record"
    return {key: None if article is None else getattr(article, key) for key in keys}


def joined(facts: Iterable[str | None], separator: str = " · ") -> str:
    """Join what is known, each fact on one safe line."""
    return separator.join(visible_line(fact) for fact in facts if fact)


def credit(article: Article) -> tuple[str, ...]:
    """Return who published an article, who wrote it and when, as far as that is known."""
    return tuple(fact for fact in (article.outlet, article.author, article.published) if fact)


def dated(article: Article) -> str:
    """Return the day of publication with where that was found, or say that there is none."""
    if not article.published:
        return "no date"
    found = article.published_from
    where = f" ({_DATED.get(found, visible_line(found))})" if found else ""
    return f"{visible_line(article.published)[:10]}{where}"


def place(article: Article, part: Part | None = None) -> str:
    """Return the file an article was read from, with the record in it and the part of its text that is cited."""
    record = f", record {article.record}" if article.record is not None else ""
    return visible_line(f"{article.path}{record}{cited(part)}")


def cited(part: Part | None) -> str:
    """Return a part as it follows a place, ``, page 3``; nothing where there is none."""
    return f", {part.kind} {part.label}" if part else ""


def known_versions(archive: Archive, article_id: str) -> KnownVersions:
    """Return all versions of an article."""
    digests = archive.version_digests(article_id)
    known = {digest: _known(archive, article_id, digest) for digest in digests}
    sound = tuple(each for each in known.values() if each is not None)
    damaged = tuple(digest for digest, each in known.items() if each is None)
    return KnownVersions(sound, damaged, digests[-2] if len(digests) > 1 else None)


def _known(archive: Archive, article_id: str, digest: str) -> KnownVersion | None:
    """Return a version with what made it, None where either does not hold what was written."""
    try:
        version, made = archive.version(article_id, digest), archive.derivation(article_id, digest)
    except Damaged:
        return None
    reader, origin = (version.reader, Origin.READ) if made is None else (made.reader, made.origin)
    return KnownVersion(version, reader, origin is Origin.READ_AGAIN)


def left_out(damaged: Sequence[str]) -> Advice:
    """Say which versions are not shown because they do not hold what was written."""
    names = ", ".join(digest[:12] for digest in damaged)
    what = f"{counted(len(damaged), 'version')} of the article ({names})"
    return Advice(f"Left out, since it is not as it was written: {what}.", Remedy(Action.REPAIR))


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


def last_change(known: KnownVersions) -> Iterator[str]:
    """Yield how the last two versions differ; nothing when there is one.

    Raises:
        Damaged: one of them does not hold what was written; an older one would tell of other changes.
    """
    if known.before is None:
        return
    if len(known.sound) < 2 or known.sound[-2].version.digest != known.before:
        what = "How the newest version of this article differs from the one before cannot be told."
        raise Damaged(what, remedy=Remedy(Action.REPAIR))
    yield from difference(*known.sound[-2:])
