"""Erasing articles and sources for good: from the catalog, its free pages and its log, and from every copy of it.

The rows go in one transaction, which also leaves a mark. The mark says how far the rest has come, so that a purge that
was cut short is seen and gone on with; what is derived from the catalog is up to ``index.indexing.purge``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from archive.catalog.backups import Copies, copies, drop, drop_parts, readable, reading, rewriting, strangers
from archive.catalog.database import Catalog, Transaction
from archive.catalog.identity import named_by
from archive.catalog.mapping import ARTICLE
from archive.catalog.mapping import article as read_article
from archive.catalog.schema import META, PURGED
from archive.core.article import Article
from archive.core.clock import now_utc
from archive.core.errors import Action, Damaged, Remedy
from archive.folder.layout import Layout
from archive.purge.reentry import has_purged
from archive.purge.row_deletion import erase, only_in
from archive.purge.tombstones import article_hash, place_hash, raw_hash, source_hash, text_hash

_MARK: Final = "purging"
_BACKUP: Final = "backup "


class Stage(StrEnum):
    """What a purge has still to do: all but the rows, the index, or only what a reader holds."""

    CATALOG = "catalog"
    INDEX = "index"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Purge:
    """What was purged.

    Attributes:
        articles: identifiers of those that are gone.
        versions, passages: how many went with them.
        same: articles that hold the same text as one of them and stay.
        copies: what became of the copies of the catalog in the archive folder.
        elsewhere: copies written to other places, which may still hold it.
    """

    articles: tuple[str, ...] = ()
    versions: int = 0
    passages: int = 0
    same: tuple[str, ...] = ()
    copies: Copies = field(default_factory=Copies)
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Purged:
    """What may be nowhere any more: hashes of articles, and of texts that no article holds now."""

    articles: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def holds(self, article: str, version: str) -> bool:
        """Tell whether an article, or a version of it, was purged."""
        return article_hash(article) in self.articles or text_hash(version) in self.texts

    def __bool__(self) -> bool:
        return bool(self.articles)


@dataclass(frozen=True, slots=True)
class Trace:
    """Something purged that is still there: the file it is in, a sentence, and what erases it."""

    file: Path
    what: str
    remedy: Remedy


def stage(catalog: Catalog) -> Stage | None:
    """Return what a purge has still to do, None when none is under way."""
    found = catalog.meta(_MARK)
    return None if found is None else Stage(found) if found in list(Stage) else Stage.CATALOG


def reach(catalog: Catalog, reached: Stage | None) -> None:
    """Write down what a purge has still to do."""
    with catalog.transaction() as writing:
        if reached is None:
            writing.delete("DELETE FROM meta WHERE name = ?", (_MARK,))
        else:
            writing.put(META, _MARK, reached.value)


def affected(catalog: Catalog, one: str, *, purge: bool) -> tuple[Article, ...] | None:
    """Return the articles that removing or purging takes out, by identifier; None when there is nothing of that name.

    Removed articles count where they are purged.
    """
    state = "" if purge else " AND a.removed IS NULL"
    with catalog.snapshot() as connection:
        reading_ = Transaction(connection)
        source = reading_.row(f"SELECT 1 FROM sources a WHERE id = ?{state}", (one,))
        ids = only_in(reading_, one) if source else (one,)
        rows = [reading_.row(f"{ARTICLE} WHERE a.id = ?{state}", (article,)) for article in ids]
    found = tuple(read_article(row) for row in rows if row is not None)
    return found if found or source else None


def purge(catalog: Catalog, one: str) -> Purge | None:
    """Delete the rows of an article or a source; None when there is none and none was purged under that name."""
    with catalog.transaction() as writing:
        source = writing.row("SELECT 1 FROM sources WHERE id = ?", (one,)) is not None
        there = writing.row("SELECT 1 FROM articles WHERE id = ?", (one,)) is not None
        articles = only_in(writing, one) if source else (one,) if there else ()
        if not source and not there:
            return Purge() if purged_on(catalog, one) else None
        when = now_utc()
        if source:
            writing.put(PURGED, source_hash(one), source_hash(one), when)
        for article in articles:
            _ban(writing, article, when)
        done = _counted(writing, articles)
        erase(writing, articles, (one,) if source else ())
        writing.next_change()
        writing.put(META, _MARK, Stage.CATALOG.value)
    return done


def finish(catalog: Catalog, layout: Layout) -> Copies:
    """Leave nothing of what was purged in the files of the catalog and of its copies; the index is next.

    Raises:
        Busy: another process reads the catalog.
    """
    catalog.scrub()
    drop_parts(layout)
    rewritten, removed = [], []
    for copy in copies(layout):
        try:
            _erase_from(copy, catalog)
            rewritten.append(copy)
        except Damaged:
            drop(copy)
            removed.append(copy)
    reach(catalog, Stage.INDEX)
    return Copies(tuple(rewritten), tuple(removed), strangers(layout))


def purged_on(catalog: Catalog, one: str) -> str | None:
    """Return the day an article or a source was purged, None when it was not."""
    if not has_purged(catalog):
        return None
    row = catalog.row("SELECT at FROM purged WHERE hash IN (?, ?)", (article_hash(one), source_hash(one)))
    return None if row is None else str(row[0])[:10]


def purged(catalog: Catalog) -> Purged:
    """Return what may be nowhere any more."""
    if not has_purged(catalog):
        return Purged()
    held = {text_hash(digest) for (digest,) in catalog.rows("SELECT DISTINCT digest FROM versions")}
    hashes = frozenset(one for (one,) in catalog.rows("SELECT hash FROM purged"))
    return Purged(hashes, hashes - held)


def note_copy(catalog: Catalog, path: Path) -> None:
    """Write down that a copy of the archive lies at another place."""
    with catalog.transaction() as writing:
        writing.put(META, f"{_BACKUP}{path}", now_utc())


def elsewhere(catalog: Catalog) -> tuple[str, ...]:
    """Return the copies of the archive that were written to other places."""
    rows = catalog.rows("SELECT name FROM meta WHERE name > ? AND name < ?", (_BACKUP, _BACKUP + "\U0010ffff"))
    return tuple(sorted(name.removeprefix(_BACKUP) for (name,) in rows))


def traces(catalog: Catalog, layout: Layout) -> Iterator[Trace]:
    """Yield what is left of what was purged in the catalog and its copies."""
    banned = purged(catalog)
    if not banned:
        return
    ids = ((one, "") for (one,) in catalog.rows("SELECT id FROM articles"))
    yield from (_trace(layout.catalog, "article", one) for one in _left_in(ids, banned))
    for copy in copies(layout):
        if not readable(copy):
            what = "It cannot be read, so nobody can tell whether it holds what was purged."
            yield Trace(copy, what, Remedy(Action.DELETE_FILE, str(copy)))
            continue
        with reading(copy) as held:
            left = _left_in(held.rows("SELECT article, digest FROM versions"), banned)
            sources = [one for (one,) in held.rows("SELECT id FROM sources") if source_hash(one) in banned.articles]
        yield from (_trace(copy, "article", one) for one in left)
        yield from (_trace(copy, "source", one) for one in sources)


def _trace(file: Path, kind: str, one: str) -> Trace:
    return Trace(file, f"It holds the {kind} {one}, which was purged.", Remedy(Action.PURGE, one))


def _left_in(rows: Iterable[tuple[str, str]], banned: Purged) -> list[str]:
    return sorted({article for article, version in rows if banned.holds(article, version)})


def _ban(writing: Transaction, article: str, when: str) -> None:
    """Keep the hashes of all that would bring an article back: where it was, under which address, in which words."""
    (url,) = writing.row("SELECT url FROM articles WHERE id = ?", (article,)) or (None,)
    places = writing.rows(
        "SELECT s.root, p.path, p.record, p.raw_digest FROM places p JOIN sources s ON s.id = p.source"
        " WHERE p.article = ?",
        (article,),
    )
    versions = writing.rows("SELECT digest, raw_digest FROM versions WHERE article = ?", (article,))
    hashes = {article_hash(article), article_hash(named_by(url) or article)}
    hashes |= {place_hash(*place) for *place, _ in places} | {raw_hash(raw) for *_, raw in places}
    hashes |= {text_hash(digest) for digest, _ in versions} | {raw_hash(raw) for _, raw in versions}
    for one in sorted(hashes):
        writing.put(PURGED, article_hash(article), one, when)


def _counted(writing: Transaction, articles: tuple[str, ...]) -> Purge:
    versions = passages = 0
    same = set[str]()
    for article in articles:
        for (digest,) in writing.rows("SELECT digest FROM versions WHERE article = ?", (article,)):
            versions += 1
            same |= {one for (one,) in writing.rows("SELECT article FROM versions WHERE digest = ?", (digest,))}
        (count,) = writing.row("SELECT count(*) FROM passages WHERE article = ?", (article,)) or (0,)
        passages += count
    return Purge(articles, versions, passages, tuple(sorted(same - set(articles))))


def _erase_from(copy: Path, catalog: Catalog) -> None:
    """Delete from a copy of the catalog what was purged, and let it remember that; a copy may be put back one day."""
    banned = purged(catalog)
    with rewriting(copy) as writing:
        rows = writing.rows("SELECT article, digest FROM versions")
        sources = [one for (one,) in writing.rows("SELECT id FROM sources") if source_hash(one) in banned.articles]
        erase(writing, _left_in(rows, banned), sources)
        for row in catalog.rows("SELECT one, hash, at FROM purged"):
            writing.put(PURGED, *row)
