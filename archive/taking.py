"""Taking one draft into the catalog: which article it is, whether it is new, what cleaning hides. One transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final

from archive.article import Draft, Locator, Span, Version
from archive.catalog import Catalog, Transaction
from archive.language import detect
from archive.passages import Rule, cut
from archive.records import version_row
from archive.residue import hidden_spans
from archive.rows import ARTICLES, PASSAGES, PLACES, VERSIONS
from archive.urls import canonical

_KNOWN: Final = (
    "SELECT version, title, outlet, author, url, published, published_from, language, source, path, record, gone, removed"
    " FROM articles WHERE id = ?"
)


class Outcome(StrEnum):
    """What became of a draft."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes drafts into a catalog.

    Attributes:
        rule: how passages are packed.
        clean: whether residue is hidden; off for judged collections, whose texts are taken as they are.
    """

    catalog: Catalog
    rule: Rule
    clean: bool = True

    def take(self, draft: Draft, at: Locator) -> Outcome:
        """Make a draft an article, a new version of one, or nothing when it is known."""
        place = self.catalog.row(
            "SELECT article, raw_digest, gone FROM places WHERE source = ? AND path = ? AND record = ?", _key(at)
        )
        if place is not None and place[1] == draft.raw_digest and not place[2] and not self._removed(place[0]):
            return Outcome.UNCHANGED
        with self.catalog.transaction() as writing:
            article = place[0] if place is not None else _identify(writing, draft, at)
            outcome = self._write(writing, article, draft, at)
            writing.put(PLACES, *_key(at), article, draft.raw_digest, 0)
        return outcome

    def _removed(self, article: str) -> bool:
        found = self.catalog.row("SELECT removed FROM articles WHERE id = ?", (article,))
        return found is None or found[0] is not None

    def _write(self, writing: Transaction, article: str, draft: Draft, at: Locator) -> Outcome:
        digest = text_digest(draft.text)
        before = writing.row(_KNOWN, (article,))
        version = self._version(writing, article, digest, draft)
        language = detect(visible(version), draft.language) if before is None or before[0] != digest else before[7]
        now = (
            digest,
            draft.title,
            draft.outlet,
            draft.author,
            canonical(draft.url) if draft.url else None,
            draft.published,
            draft.published_from,
            language,
            at.source,
            at.path,
            at.record or "",
            0,
            None,
        )
        if before == now:
            return Outcome.UNCHANGED
        *metadata, removed = now
        writing.put(ARTICLES, article, *metadata, writing.next_change(), removed)
        return Outcome.ADDED if before is None or before[-1] is not None else Outcome.CHANGED

    def _version(self, writing: Transaction, article: str, digest: str, draft: Draft) -> Version:
        hidden = hidden_spans(draft.text, draft.title) if self.clean else ()
        made = Version(article, digest, draft.text, hidden, now_utc(), draft.reader, draft.raw_digest, draft.damage)
        if not writing.row("SELECT 1 FROM versions WHERE article = ? AND digest = ?", (article, digest)):
            writing.put(VERSIONS, *version_row(made))
            write_passages(writing, made, self.rule)
        return made


def write_passages(writing: Transaction, version: Version, rule: Rule) -> None:
    """Cut a version and replace its passages."""
    key = (version.article_id, version.digest)
    writing.delete("DELETE FROM passages WHERE article = ? AND version = ?", key)
    for number, passage in enumerate(cut(version.article_id, version, rule)):
        writing.put(PASSAGES, *key, number, passage.id, passage.start, passage.end)


def visible(version: Version) -> str:
    """Return the text without what cleaning hid."""
    parts, at = [], 0
    for span in (*version.hidden, Span(len(version.text), len(version.text))):
        parts.append(version.text[at : span.start])
        at = span.end
    return "".join(parts)


def text_digest(text: str) -> str:
    """Return the digest that names a version."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def now_utc() -> str:
    """Return the time, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _identify(writing: Transaction, draft: Draft, at: Locator) -> str:
    """Return the article a draft belongs to: the one of its address, else a new one of its place.

    A place may be free again because its article moved away; the next free identifier is minted then.
    """
    url = canonical(draft.url) if draft.url else None
    if url is not None:
        return _minted("url", url)
    for turn in range(1 << 20):
        article = _minted("place", at.source, at.path, at.record or "", str(turn))
        if writing.row("SELECT 1 FROM articles WHERE id = ?", (article,)) is None:
            return article
    raise AssertionError("a million articles were minted at one place")


def _minted(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _key(at: Locator) -> tuple[str, str, str]:
    return (at.source, at.path, at.record or "")
