"""Saving a damaged catalog: a new one is made of every row that still holds what was written.

Each row carries a digest, so that sound ones can be told from damaged ones; rows that are lost are taken from copies
of the catalog, from damaged ones that were kept, and from what a salvage that was cut short had saved. Passages are not
saved: they are cut again from the versions. The damaged file is kept. It stays in place until one rename puts the new
catalog there, so that wherever this is cut short there is a catalog, and the next salvage has all that this one had. It
is moved away just before that where it can get no second name and cannot be copied.
"""

from __future__ import annotations

import filecmp
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from archive.catalog.backups import (
    copies,
    damaged_copies,
    drop,
    exchange,
    is_replaced,
    is_taken_away,
    new_damaged_copy,
    number_of,
    salvaging,
)
from archive.catalog.connection import plainly
from archive.catalog.database import Catalog
from archive.catalog.recovery.sound_rows import (
    is_complete,
    opened,
    purged_rows,
    reached,
    remembered,
    remembered_number,
    sound_rows,
)
from archive.catalog.rows import PurgedRow
from archive.catalog.schema import (
    ARTICLES,
    META,
    NOTEBOOK,
    PASSAGES,
    PLACES,
    SOURCES,
    TABLES,
    TableSchema,
)
from archive.catalog.tables import articles, awaited, files, history, meta, versions
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.errors import Action, Busy, Remedy
from archive.core.system_limits import raise_exhaustion
from archive.folder.files import make_private_dir, sync_file
from archive.folder.files import replace as replace_file
from archive.folder.layout import Layout

Told = tuple[Sequence[tuple[str, str]], Sequence[PurgedRow]]
"""What a catalog tells of purges: what it remembers, by name, and the hashes that it keeps."""
_BATCH: Final = 500  # rows written in one transaction; chosen, not measured: few of them, and little held
_SAVED: Final = tuple(table for table in TABLES if table is not PASSAGES)
_BY_CHANGE: Final = tuple(table for table in _SAVED if table not in NOTEBOOK)


class Bans(Protocol):
    """What keeps out of a catalog made of several what was purged."""

    def settle(self, writing: Transaction, told: Sequence[Told], own: Told) -> bool:
        """Know of purges what that one of the several knows which was told most often.

        Args:
            writing: the unit of work.
            told: what each of the others tells.
            own: what the catalog in place tells.

        Returns:
            Whether the catalog in place knows less of what is purged, so that it may hold that.
        """

    def lift(self, writing: Transaction, held: Collection[str]) -> None:
        """Forget of articles and sources that an earlier build purged them, which did not count how often."""

    def erase(self, writing: Transaction, *, begin_again: bool) -> None:
        """Delete what was purged; with ``begin_again``, whatever a purge does beside that is to be done again."""

    def holds(self, reader: CatalogReader, article: str) -> bool:
        """Tell whether an article was purged."""


@dataclass(frozen=True, slots=True)
class Lost:
    """An article that could not be saved: its identifier, and what is known of it."""

    article: str
    name: str


@dataclass(frozen=True, slots=True)
class Salvage:
    """What was saved.

    Attributes:
        rows: articles and sources in the new catalog.
        kept: where the damaged file lies now, None when there was none.
        lost: articles that could not be saved.
    """

    rows: int
    kept: Path | None
    lost: tuple[Lost, ...]


def salvage(
    layout: Layout, known: Mapping[str, str] | None = None, bans: Bans | None = None, archive: str | None = None
) -> Salvage | None:
    """Replace the catalog by one of all sound rows; None when nothing could be saved, and nothing is changed.

    The caller holds the archive's lock and has no catalog open. Files are read again by the next update, and every
    version is cut into passages again; the new catalog remembers that this is to be done (``awaited``).

    Args:
        layout: of the archive.
        known: what else is known of articles that the catalog should hold, by identifier.
        bans: keep out what was purged; None where nothing was.
        archive: its identifier; copies of another archive are left out where any catalog is known to be of this one.

    Raises:
        Busy: another process is reading the catalog.
    """
    made = salvaging(layout)
    make_private_dir(layout.tmp)
    _settle(layout.catalog)
    drop(made)
    try:
        return _salvaged(layout, made, known or {}, bans, archive)
    finally:
        drop(made)


def _salvaged(
    layout: Layout, made: Path, known: Mapping[str, str], bans: Bans | None, archive: str | None
) -> Salvage | None:
    own, knows_itself = layout.catalog, is_complete(layout.catalog, META)
    sources = _of_archive([*_fall_backs(layout), own], own, archive)
    newest = {source: reached(source) for source in sources}
    if knows_itself:  # it may be an older copy that was put in its place; at a tie the catalog comes last
        sources.sort(key=newest.__getitem__)
    with Catalog.create(made) as catalog:
        for source in sources:
            of_other = source != own and knows_itself
            _take(catalog, source, [table for table in _BY_CHANGE if table is not META or not of_other])
            if bans is not None:
                _lift(catalog, source, bans)
        # of what a person keeps the latest state counts wherever it lies, as all that writes it counts on from there
        notebooks = _of_archive([*_kept(layout), own], own, archive)
        counts = {source: remembered_number(source, meta.KEPT) for source in notebooks}
        is_counted = knows_itself or counts[own] > 0  # else nobody can tell which is later, and the one in use wins
        for source in sorted(notebooks, key=lambda one: (one == own and not is_counted, counts[one])):
            _take(catalog, source, NOTEBOOK)
        may_be_held = not knows_itself
        with catalog.transaction() as writing:
            meta.write(writing, meta.KEPT, str(1 + max(counts.values())))
            if bans is not None:
                told = {source: (tuple(remembered(source)), tuple(purged_rows(source))) for source in sources}
                may_be_held |= bans.settle(writing, [told[source] for source in sources if source != own], told[own])
        with catalog.transaction() as writing:
            if bans is not None:
                bans.erase(writing, begin_again=may_be_held)
            lost = _tidy(writing, max(newest.values()))
            _await(writing, {**known, **{one.article: one.name for one in lost}}, bans)
        (rows,) = catalog.rows("SELECT (SELECT count(*) FROM articles) + (SELECT count(*) FROM sources)")[0]
    if not rows:
        return None
    _end_log(made)
    sync_file(made)
    saved = _saved(layout)
    replace_file(made, saved)
    return Salvage(int(rows), exchange(layout, saved, _kept_as(layout)), lost)


def _end_log(made: Path) -> None:
    """Bring all that a new catalog holds into its file, which is moved without its log."""
    with plainly(made), closing(opened(made)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _saved(layout: Layout) -> Path:
    """Return where a finished new catalog lies until it is in place."""
    return layout.tmp / "salvaged.sqlite"


def _settle(path: Path) -> None:
    """Bring the log of a catalog into its file, so that nothing goes with the log; what cannot be read has no more."""
    try:
        with closing(opened(path)) as connection:
            (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except (sqlite3.Error, OSError, ValueError):
        return
    if is_busy:
        raise Busy(f"Another process is reading {path}. Close it first.", remedy=Remedy(Action.TRY_LATER))


def _lift(catalog: Catalog, source: Path, bans: Bans) -> None:
    """Forget what older catalogs know of purges of that which this one holds: it was taken in again since."""
    held = {str(row[0]) for table in (SOURCES, ARTICLES) for row in sound_rows(source, table)}
    with catalog.transaction() as writing:
        bans.lift(writing, held)


def _await(writing: Transaction, known: Mapping[str, str], bans: Bans | None) -> None:
    """Remember that sources are to be read again, and which of the articles that are known they may bring back."""
    missing = {**(awaited.articles(writing) or {}), **known}
    for article in articles.ids(writing):
        missing.pop(article, None)
    awaited.end(writing)
    banned = {one for one in missing if bans is not None and bans.holds(writing, awaited.article_of(one))}
    awaited.write(writing, {one: name for one, name in missing.items() if one not in banned})


def _fall_backs(layout: Layout) -> list[Path]:
    """Return what else rows are taken from, the oldest first; nothing when the catalog itself still gives every row.

    The order is that of the changes they hold: times are those of whatever the clock said. Where the exchange of the
    catalog for a copy was cut short, its log may lie beside the one that was kept alone.
    """
    if layout.catalog.is_file() and all(is_complete(layout.catalog, table) for table in _SAVED):
        return []
    found = (
        path
        for path in _kept(layout)
        if not is_replaced(path)
        or is_taken_away(layout, path)
        or _is_in_place(layout, path)
        or _holds_the_same(layout, path)
    )
    return sorted(found, key=lambda path: (reached(path), number_of(path), path.name))


def _kept(layout: Layout) -> list[Path]:
    """Return all copies of the catalog, damaged ones and what a salvage that was cut short had saved."""
    return [*copies(layout), *damaged_copies(layout), *(path for path in (_saved(layout),) if path.is_file())]


def _of_archive(sources: list[Path], own: Path, archive: str | None) -> list[Path]:
    """Leave out copies of another archive; which that is, is only sure where some catalog tells of this one."""
    owners = {source: dict(remembered(source)).get(meta.ARCHIVE) for source in sources}
    if archive is None or archive not in owners.values():
        return sources
    return [source for source in sources if source == own or owners[source] in (None, archive)]


def _take(catalog: Catalog, source: Path, tables: Sequence[TableSchema]) -> None:
    """Write the sound rows of some tables of a file over those that are there."""
    for table in tables:
        rows = sound_rows(source, table)
        while batch := [row for _, row in zip(range(_BATCH), rows, strict=False)]:
            with catalog.transaction() as writing:
                for row in batch:
                    writing.put(table, *row)


def _tidy(writing: Transaction, reached: int) -> tuple[Lost, ...]:
    """Drop what has lost its other half, let files be read again; return the articles that are lost.

    Args:
        writing: the unit of work.
        reached: the number of the newest change that any source of rows holds.
    """
    for (article,) in writing.rows(
        "SELECT id FROM articles a WHERE NOT EXISTS"
        " (SELECT 1 FROM versions v WHERE v.article = a.id AND v.digest = a.version)"
    ):
        _fall_back(writing, article)
    lost = {article: name for statement in _LOST for article, name in writing.rows(statement)}
    for statement in _STRAYS:
        writing.delete(statement)
    for row in writing.rows(_PLACELESS):
        writing.put(PLACES, *row)
    for file in files.every(writing):
        files.write(writing, replace(file, size=-1, mtime_ns=-1, digest=""))
    _renumber(writing, reached)
    return tuple(Lost(article, str(name).strip()) for article, name in sorted(lost.items()))


_LOST: Final = (
    "SELECT article, path FROM places p WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = p.article)",
    "SELECT article, substr(text, 1, instr(text || char(10), char(10))) FROM versions v"
    " WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = v.article)",
    "SELECT id, title FROM articles a WHERE a.removed IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM versions v WHERE v.article = a.id AND v.digest = a.version)",
)
# An article says itself where it is anchored; without its place it would be read as another article.
_PLACELESS: Final = (
    "SELECT a.source, a.path, a.record, a.id, v.raw_digest, a.gone FROM articles a JOIN versions v"
    " ON v.article = a.id AND v.digest = a.version"
    " WHERE NOT EXISTS (SELECT 1 FROM places p WHERE p.article = a.id)"
)
_STRAYS: Final = (
    "DELETE FROM articles WHERE NOT EXISTS"
    " (SELECT 1 FROM versions v WHERE v.article = articles.id AND v.digest = articles.version)",
    "DELETE FROM articles WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.id = articles.source)",
    "DELETE FROM versions WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = versions.article)",
    "DELETE FROM parts WHERE NOT EXISTS"
    " (SELECT 1 FROM versions v WHERE v.article = parts.article AND v.digest = parts.version)",
    "DELETE FROM derivations WHERE NOT EXISTS"
    " (SELECT 1 FROM versions v WHERE v.article = derivations.article AND v.digest = derivations.version)",
    "DELETE FROM former_passages WHERE NOT EXISTS"
    " (SELECT 1 FROM versions v WHERE v.article = former_passages.article AND v.digest = former_passages.version)",
    "DELETE FROM version_numbers WHERE NOT EXISTS"
    " (SELECT 1 FROM versions v WHERE v.article = version_numbers.article AND v.digest = version_numbers.version)",
    "DELETE FROM places WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = places.article)",
    "DELETE FROM meta WHERE name LIKE 'rule%'",
)


def _fall_back(writing: Transaction, article: str) -> None:
    """Let an article whose newest version is lost stand at the newest that is left."""
    left, row = versions.of_article(writing, article), articles.read(writing, article)
    if left and row is not None:
        writing.put(ARTICLES, *replace(row, version=left[-1].digest).columns)


def _renumber(writing: Transaction, reached: int) -> None:
    """Raise the change number above every one that was ever given out, and let all passages be cut again.

    An index proves nothing of what was saved: the catalog is one that none was made of.
    """
    (highest,) = writing.rows("SELECT max(changed) FROM articles")[0]
    kept = meta.read(writing, "change") or ""
    given_out = int(kept) if kept.isdigit() else 0
    meta.write(writing, "change", str(max(int(highest or 0), given_out, reached) + 1))
    meta.write(writing, "rule", "")
    history.forget(writing)


def _kept_as(layout: Layout) -> Path:
    """Return the name for the damaged catalog: the one it has already where a salvage was cut short, else a new one."""
    had = (path for path in damaged_copies(layout) if not is_replaced(path) and _is_in_place(layout, path))
    return next(had, None) or new_damaged_copy(layout)


def _is_in_place(layout: Layout, kept: Path) -> bool:
    """Tell whether a catalog that was kept is the one in place: its exchange for another was cut short."""
    return layout.catalog.exists() and kept.samefile(layout.catalog)


def _holds_the_same(layout: Layout, kept: Path) -> bool:
    """Tell the same where the file system has no second names, so that the one that was kept is a copy."""
    try:
        return filecmp.cmp(kept, layout.catalog, shallow=False)
    except OSError as error:  # there is none in place, or it cannot be read
        raise_exhaustion(error)
        return False
