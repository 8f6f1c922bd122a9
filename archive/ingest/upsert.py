"""Taking one draft into the catalog: which article it is, whether it is new, what cleaning hides. One transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Any, Final

from archive.catalog.article_rows import Place, leave_place, with_source
from archive.catalog.database import Catalog, Transaction
from archive.catalog.identity import _minted, address_of, key_of, named_by, text_digest
from archive.catalog.mapping import version_row
from archive.catalog.parts import write_parts
from archive.catalog.schema import ARTICLES, PASSAGES, PLACES, VERSIONS
from archive.core.article import Draft, Locator, Passage, Version
from archive.core.clock import now_utc
from archive.ingest.prepare import Recipe, prepare
from archive.purge.tombstones import article_hash, is_banned
from archive.text.chunking import named

_COLUMNS: Final = ", ".join(name for name in ARTICLES.names[1:] if name != "changed")
_READ: Final = f"SELECT {_COLUMNS} FROM articles WHERE id = ?"


class Outcome(StrEnum):
    """What became of a draft."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class _Held:
    """An article's row without its change number: text and metadata, place, whether it is gone or removed."""

    content: tuple[str | None, ...]
    place: Place
    gone: int
    removed: str | None


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes drafts into a catalog."""

    catalog: Catalog
    recipe: Recipe

    def take(self, draft: Draft, at: Locator) -> Outcome:
        """Make a draft an article, a new version of one, or nothing when it is known.

        Its place decides which article it is; for a record in a file its address comes first, because lines move.
        """
        held = self.catalog.row(
            "SELECT article, raw_digest, gone FROM places WHERE source = ? AND path = ? AND record = ?", key_of(at)
        )
        if held is not None and held[1:] == (draft.raw_digest, 0):
            return Outcome.UNCHANGED
        before = held[0] if held is not None else None
        with self.catalog.transaction() as writing:
            article = _identify(writing, draft, at, before)
            writing.put(PLACES, *key_of(at), article, draft.raw_digest, 0)
            outcome = self._write(writing, article, draft, at)
            if before not in (None, article):
                leave_place(writing, before, key_of(at))
        return outcome

    def _write(self, writing: Transaction, article: str, draft: Draft, at: Locator) -> Outcome:
        digest = text_digest(draft.text)
        row = writing.row(_READ, (article,))
        before = _held(row) if row is not None else None
        if before is not None and _is_copy(before, digest, at):
            return Outcome.UNCHANGED
        found = draft.prepared or prepare(draft, self.recipe)
        if not writing.row("SELECT 1 FROM versions WHERE article = ? AND digest = ?", (article, digest)):
            raw = draft.reader, draft.raw_digest, draft.damage
            version = Version(article, digest, draft.text, found.hidden, now_utc(), *raw)
            writing.put(VERSIONS, *version_row(version))
            write_passages(writing, version, named(article, version, found.passages))
            write_parts(writing, version, draft.parts)
        content = _content(digest, draft, found.language)
        removed = before.removed if before is not None and _stays_removed(before, at) else None
        now = _Held(content, key_of(at), 0, removed)
        if before != now:
            writing.put(ARTICLES, article, *content, *now.place, now.gone, writing.next_change(), removed)
        if before is None:
            return Outcome.ADDED
        return Outcome.UNCHANGED if removed is not None or before.content == content else Outcome.CHANGED


def write_passages(writing: Transaction, version: Version, passages: Sequence[Passage]) -> None:
    """Replace the passages of a version."""
    key = (version.article_id, version.digest)
    writing.delete("DELETE FROM passages WHERE article = ? AND version = ?", key)
    for number, passage in enumerate(passages):
        writing.put(PASSAGES, *key, number, passage.id, passage.start, passage.end)


def _held(row: tuple[Any, ...]) -> _Held:
    *content, source, path, record, gone, removed = row
    return _Held(tuple(content), (source, path, record), gone, removed)


def _is_copy(before: _Held, digest: str, at: Locator) -> bool:
    """Tell whether a draft repeats what its article already is at another place; which stays where it is."""
    return not before.gone and before.removed is None and before.place != key_of(at) and before.content[0] == digest


def _stays_removed(before: _Held, at: Locator) -> bool:
    """Tell whether a removal holds for what is read now: one of the article itself, or one with the source it is in."""
    return not with_source(before.removed) or before.place[0] == at.source


def _content(digest: str, draft: Draft, language: str | None) -> tuple[str | None, ...]:
    return (
        digest,
        draft.title,
        draft.outlet,
        draft.author,
        address_of(draft),
        draft.published,
        draft.published_from,
        language,
    )


def _identify(writing: Transaction, draft: Draft, at: Locator, before: str | None) -> str:
    """Return the article a draft belongs to, new or known."""
    address = address_of(draft)
    named = named_by(address)
    if before is None:
        return named or _unused(writing, at)
    if named is None or named == before or at.record is None:
        return before
    (url,) = writing.row("SELECT url FROM articles WHERE id = ?", (before,)) or (None,)
    moved_on = url is not None and url != address
    return named if moved_on or _known(writing, named) else before


def _unused(writing: Transaction, at: Locator) -> str:
    """Mint an identifier of a place. The place may be free again because its article moved away: then the next one."""
    turns = (_minted("place", *key_of(at), str(turn)) for turn in count())
    return next(one for one in turns if not _known(writing, one) and not is_banned(writing, article_hash(one)))


def _known(writing: Transaction, article: str) -> bool:
    return writing.row("SELECT 1 FROM articles WHERE id = ?", (article,)) is not None
