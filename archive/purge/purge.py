"""Erasing articles and sources for good: from the catalog, its free pages and its log, and from every copy of it.

The rows go in one transaction, which also leaves a mark. The mark says how far the rest has come, so that a purge that
was cut short is seen and continued; what is derived from the catalog is up to ``index.indexing.purge``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Final

from archive.catalog.backups import (
    Copies,
    copies,
    damaged_copies,
    drop,
    drop_parts,
    number_of,
    readable,
    reading,
    rewriting,
    strangers,
)
from archive.catalog.connection import unread_is_damage
from archive.catalog.database import Catalog
from archive.catalog.identity import named_by
from archive.catalog.recovery.salvage import Told
from archive.catalog.rows import PurgedRow
from archive.catalog.tables import articles, awaited, meta, notebook, places, purged, sources, versions
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.article import Article
from archive.core.clock import now_utc
from archive.core.errors import Action, Damaged, Remedy
from archive.folder.layout import Layout
from archive.folder.outside import parts_left
from archive.purge.notebooks import hand_on
from archive.purge.row_deletion import erase
from archive.purge.tombstones import article_hash, is_banned, place_hash, raw_hash, source_hash, text_hash

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
        erased: what of a person's notebook went with them, and how much of it stays.
        same: articles that hold the same text as one of them and stay.
        copies: what became of the copies of the catalog in the archive folder.
        elsewhere: copies written to other places, which may still hold it.
    """

    articles: tuple[str, ...] = ()
    versions: int = 0
    passages: int = 0
    erased: notebook.Erased = field(default_factory=notebook.Erased)
    same: tuple[str, ...] = ()
    copies: Copies = field(default_factory=Copies)
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Purged:
    """What must not be found anywhere: hashes of purged articles, and of their texts that no article holds now."""

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
    mark = meta.read(catalog, _MARK)
    return None if mark is None else Stage(mark) if mark in list(Stage) else Stage.CATALOG


def reach(catalog: Catalog, reached: Stage | None) -> None:
    """Write down what a purge has still to do."""
    with catalog.transaction() as writing:
        if reached is None:
            meta.forget(writing, _MARK)
        else:
            meta.write(writing, _MARK, reached.value)


def affected(catalog: Catalog, identifier: str, *, purge: bool) -> tuple[Article, ...] | None:
    """Return the articles that removing or purging takes out, by identifier; None when nothing has that identifier.

    Removed articles count where they are purged.
    """
    with catalog.snapshot() as state:
        source = sources.read(state, identifier)
        is_source = source is not None and (purge or source.removed is None)
        ids = articles.only_in(state, identifier) if is_source else (identifier,)
        described = [articles.described(state, article, removed=purge) for article in ids]
    there = tuple(article for article in described if article is not None)
    return there if there or is_source else None


def purge(catalog: Catalog, identifier: str) -> Purge | None:
    """Delete the rows of an article or a source; None when there is none and none was purged of that identifier."""
    with catalog.transaction() as writing:
        is_source = sources.read(writing, identifier) is not None
        is_article = articles.exists(writing, identifier)
        if not is_source and not is_article:
            if purged_on(catalog, identifier) is None:
                return None
            _erase_left(writing, all_purged(writing))  # what of it was brought back otherwise, such as a clip
            meta.write(writing, _MARK, Stage.CATALOG.value)
            return Purge()
        erased = articles.only_in(writing, identifier) if is_source else (identifier,)
        when = now_utc()
        for owner in (*map(article_hash, erased), *([source_hash(identifier)] if is_source else [])):
            purged.turn_begins(writing, owner)
        if is_source:
            purged.write(writing, PurgedRow(source_hash(identifier), source_hash(identifier), when))
        for article in erased:
            _ban(writing, article, when)
        report = _counted(writing, erased)
        awaited.forget(writing, erased)
        erase(writing, erased, (identifier,) if is_source else ())
        named = frozenset(erased)
        report = replace(report, erased=notebook.erase(writing, lambda article, _: article in named, when))
        writing.next_change()
        meta.write(writing, _MARK, Stage.CATALOG.value)
    return report


def foreseen(catalog: Catalog, layout: Layout, erased: Collection[str]) -> Purge:
    """Return what purging some articles erases and where it may still be afterwards; nothing is changed."""
    named = frozenset(erased)
    with catalog.snapshot() as state:
        report = _counted(state, tuple(erased))
        report = replace(report, erased=notebook.to_erase(state, lambda article, _: article in named))
    return replace(report, copies=Copies(strange=strangers(layout)), elsewhere=elsewhere(catalog))


def finish(catalog: Catalog, layout: Layout) -> Copies:
    """Leave nothing of what was purged in the files of the catalog and of its copies; the index is next.

    Raises:
        Busy: another process reads the catalog.
        Damaged: the catalog does not tell what was purged, so that its copies are left as they are.
    """
    known = purged.known(catalog)
    catalog.scrub()
    drop_parts(layout)
    rewritten, removed = [], []
    for copy in copies(layout):
        try:
            _erase_from(copy, catalog, known)
            rewritten.append(copy)
        except Damaged:
            drop(copy)
            removed.append(copy)
    for damaged in damaged_copies(layout):  # what cannot be read of one may be what was purged
        drop(damaged)
        removed.append(damaged)
    reach(catalog, Stage.INDEX)
    return Copies(tuple(rewritten), tuple(removed), strangers(layout))


def purged_on(catalog: Catalog, identifier: str) -> str | None:
    """Return the day an article or a source was purged, None when it was not."""
    if not purged.is_any(catalog):
        return None
    times = purged.times(catalog, (article_hash(identifier), source_hash(identifier)))
    return min(times.values())[:10] if times else None


def all_purged(reader: CatalogReader, held_in: CatalogReader | None = None) -> Purged:
    """Return what must not be found anywhere; texts may that are ``held_in`` a catalog, by default the same."""
    if not purged.is_any(reader):
        return Purged()
    live = {text_hash(digest) for digest in versions.digests(held_in or reader)}
    hashes = frozenset(row.hash for row in purged.every(reader))
    return Purged(hashes, hashes - live)


def note_copy(catalog: Catalog, path: Path) -> None:
    """Write down that a copy of the archive lies at another place."""
    with catalog.transaction() as writing:
        meta.write(writing, f"{_BACKUP}{path}", now_utc())


def elsewhere(catalog: Catalog) -> tuple[str, ...]:
    """Return the copies of the archive that were written to other places, and what is left there of unfinished ones."""
    noted = meta.below(catalog, _BACKUP)
    return (*noted, *(str(part) for place in noted for part in parts_left(Path(place))))


def traces(catalog: Catalog, layout: Layout) -> Iterator[Trace]:
    """Yield what is left of what was purged in the catalog and its copies, and what may be one."""
    hashes = all_purged(catalog)
    if not hashes:
        return
    lost = ((awaited.article_of(name), "") for name in awaited.articles(catalog) or ())
    ids = chain(((article, "") for article in articles.ids(catalog)), notebook.places(catalog), lost)
    yield from (_trace(layout.catalog, "article", article) for article in _left_in(ids, hashes))
    for copy in copies(layout):
        yield from _traces_in(copy, hashes) if readable(copy) else (_unreadable(copy),)
    for damaged in damaged_copies(layout):
        if readable(damaged):
            yield from _traces_in(damaged, hashes)
        elif not number_of(damaged):  # a numbered one is of after the last purge, which removes them all
            yield _unreadable(damaged)
    for path in strangers(layout):
        what = "It is no copy that Morgue made, so nobody can tell whether it holds what was purged."
        yield Trace(path, what, Remedy(Action.DELETE_FILE, str(path)))


def _traces_in(copy: Path, hashes: Purged) -> Iterator[Trace]:
    try:
        with unread_is_damage(copy), reading(copy) as reader:
            held = chain(versions.keys(reader), notebook.places(reader))
            left, left_sources = _left_in(held, hashes), _sources_left_in(reader, hashes)
    except Damaged:  # a row of it
        yield _unreadable(copy)
        return
    yield from (_trace(copy, "article", article) for article in left)
    yield from (_trace(copy, "source", source) for source in left_sources)


def _unreadable(copy: Path) -> Trace:
    what = "It cannot be read, so nobody can tell whether it holds what was purged."
    return Trace(copy, what, Remedy(Action.DELETE_FILE, str(copy)))


def _trace(file: Path, kind: str, identifier: str) -> Trace:
    return Trace(file, f"It holds the {kind} {identifier}, which was purged.", Remedy(Action.PURGE, identifier))


def _left_in(keys: Iterable[tuple[str, str]], hashes: Purged) -> list[str]:
    return sorted({article for article, version in keys if hashes.holds(article, version)})


def _sources_left_in(reader: CatalogReader, hashes: Purged) -> list[str]:
    return [source.id for source in sources.every(reader) if source_hash(source.id) in hashes.articles]


def _ban(writing: Transaction, article: str, when: str) -> None:
    """Keep the hashes of all that would bring an article back: where it was, under which address, in which words."""
    row = articles.read(writing, article)
    rooted, read = places.roots_of(writing, article), versions.raw_digests(writing, article)
    hashes = {article_hash(article), article_hash(named_by(row.url if row is not None else None) or article)}
    hashes |= {place_hash(root, place.path, place.record) for place, root in rooted}
    hashes |= {raw_hash(place.raw_digest) for place, _ in rooted} | {raw_hash(raw) for _, raw in read}
    hashes |= {text_hash(digest) for digest, _ in read}
    for kept in sorted(hashes):
        purged.write(writing, PurgedRow(article_hash(article), kept, when))


def _counted(reader: CatalogReader, erased: tuple[str, ...]) -> Purge:
    digests = [digest for article in erased for digest, _ in versions.raw_digests(reader, article)]
    same = {article for digest in digests for article in versions.holding(reader, digest)}
    passages = sum(versions.count_passages(reader, article) for article in erased)
    return Purge(erased, len(digests), passages, same=tuple(sorted(same - set(erased))))


def _erase_from(copy: Path, catalog: Catalog, known: purged.Purges) -> None:
    """Delete from a copy of the catalog what was purged, and let it remember that; a copy may be put back one day."""
    with rewriting(copy) as writing:
        _know(writing, catalog, known)
        _erase_left(writing, all_purged(writing, catalog))


def _know(writing: Transaction, catalog: CatalogReader, known: purged.Purges) -> None:
    """Let a copy know what a catalog knows of purges, and of what was taken in again since."""
    own = purged.turns_of(writing, purged.sound(writing))
    newer = known.beyond(own, earlier=True)
    same = {owner: turn for owner, turn in known.turns.items() if turn == own.turn(owner)}  # its own may be damaged
    purged.take_over(writing, {**newer, **same}, purged.sound(catalog))


class Bans:
    """Keeps what was purged out of a catalog that is made of several; see ``archive.catalog.recovery.salvage.Bans``."""

    def settle(self, writing: Transaction, told: Sequence[Told], own: Told) -> bool:
        """Know of purges what that one of the several knows which was told most often, where that was counted.

        Return whether the catalog in place knows less of what is purged, so that it may hold that.
        """
        several = [purged.stated(*one) for one in (*told, own)]
        most = purged.highest(known.turns for known in several)
        purged.take_over(writing, most, [row for _, rows in (*told, own) for row in rows if most.get(row.owner, 0) % 2])
        return any(turn % 2 and several[-1].turn(owner) < turn for owner, turn in most.items())

    def lift(self, writing: Transaction, held: Collection[str]) -> None:
        """Forget of articles and sources that an earlier build purged them, which counted nothing."""
        if purged.is_any(writing):
            purged.forget_uncounted(writing, {kept(one) for kept in (article_hash, source_hash) for one in held})

    def erase(self, writing: Transaction, *, begin_again: bool) -> None:
        """Delete what was purged; with ``begin_again``, the mark of a purge under way may be lost, so it is set."""
        _erase_left(writing, all_purged(writing))
        if begin_again and purged.is_any(writing):
            meta.write(writing, _MARK, Stage.CATALOG.value)

    def holds(self, reader: CatalogReader, article: str) -> bool:
        """Tell whether an article was purged."""
        return is_banned(reader, article_hash(article))


def _erase_left(writing: Transaction, hashes: Purged) -> None:
    erase(writing, _left_in(versions.keys(writing), hashes), _sources_left_in(writing, hashes))
    if hashes:
        notebook.erase(writing, hashes.holds, now_utc())
    lost = {awaited.article_of(one) for one in awaited.articles(writing) or ()}
    awaited.forget(writing, [one for one in lost if article_hash(one) in hashes.articles])


def carry_over(copy: Path, catalog: Catalog) -> None:
    """Let a copy that is to be put back hold what a person keeps, and know what the catalog knows of purges.

    What was purged goes from it, what is still to do is marked in it, and the copies that lie elsewhere are named.
    """
    names = (_MARK, *(f"{_BACKUP}{place}" for place in meta.below(catalog, _BACKUP)))
    remembered = meta.several(catalog, names)
    known = purged.turns_of(catalog, purged.sound(catalog))
    with rewriting(copy) as writing:
        more = purged.known(writing).beyond(known, earlier=True)
        _know(writing, catalog, known)
        hand_on(writing, catalog, catalog.path)
        _erase_left(writing, all_purged(writing, catalog))
        for name, value in remembered.items():
            meta.write(writing, name, value)
        if any(turn % 2 for turn in more.values()):  # the one in place, which is kept, may hold that
            meta.write(writing, _MARK, Stage.CATALOG.value)
