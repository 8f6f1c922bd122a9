"""Sources: the roots that were added. Overlapping roots share one source."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from archive.catalog import article_rows
from archive.catalog.database import Catalog
from archive.catalog.rows import SourceRow
from archive.catalog.tables import articles, files, half_read, places, purged, refusals, sources
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.article import Source
from archive.core.clock import now_utc
from archive.core.errors import Action, Damaged, Remedy, UsageError
from archive.folder.discovery import is_archive
from archive.folder.paths import relative, vanished, within
from archive.purge.tombstones import source_hash
from archive.text.visible import oddity, spelled_out

# Digits of a new identifier: short enough to be typed. More are taken when another source begins with the same.
_DIGITS: Final = 7


def anchor_source(catalog: Catalog, path: Path) -> None:
    """See to it that a path lies in a source: in one that is known, one widened to hold it, or a new one.

    What was removed with its source comes back where the path reaches.
    """
    rows = sources.every(catalog)
    with catalog.transaction() as writing:
        source = _holding(rows, path) or _widened(writing, rows, path)
        if source not in rows or source.removed is not None:
            half_read.mark(writing, source.id)
        sources.write(writing, replace(source, removed=None))
        purged.forget(writing, source_hash(source.id))
        bring_back(writing, source.id, relative(source.root, path))


def source_of(catalog: Catalog, path: Path) -> Source:
    """Return the source a path lies in.

    Raises:
        Damaged: it lies in none, although it was anchored.
    """
    row = _holding(sources.every(catalog), path)
    if row is None:
        raise Damaged(f"The catalog lost the source of {path}.", remedy=Remedy(Action.VERIFY))
    return Source(row.id, row.root, row.added)


def bring_back(writing: Transaction, source: str, scope: str = "") -> tuple[str, ...]:
    """Undo the removal of what was removed with a source, below a relative path; return the articles."""
    removed = [row for row in articles.in_source(writing, source) if row.removed_with and within(row.path, scope)]
    for row in removed:
        article_rows.restore(writing, row.id)
    elsewhere = [row for row in places.of_removed_with_source(writing, source) if within(row.path, scope)]
    for place in elsewhere:
        article_rows.anchor(writing, place.article, place.place)
    return tuple(dict.fromkeys([*(row.id for row in removed), *(place.article for place in elsewhere)]))


def remove(catalog: Catalog, identifier: str) -> tuple[str, ...] | None:
    """Take out an article, or a source with the articles that no other holds; None when there is neither."""
    when = now_utc()
    with catalog.transaction() as writing:
        source = sources.read(writing, identifier)
        if source is None or source.removed is not None:
            return (identifier,) if _remove_article(writing, identifier, when) else None
        sources.write(writing, replace(source, removed=when))
        live = [row.id for row in articles.in_source(writing, identifier) if row.removed_at is None]
        return tuple(article for article in live if _remove_with(writing, article, when, identifier))


def restore(catalog: Catalog, identifier: str) -> tuple[str, ...] | None:
    """Bring back an article, or a source with what was removed with it; None when neither was removed."""
    with catalog.transaction() as writing:
        source = sources.read(writing, identifier)
        if source is None:
            return (identifier,) if article_rows.restore(writing, identifier) else None
        sources.write(writing, replace(source, removed=None))
        back = bring_back(writing, identifier)
        return back if back or source.removed is not None else None


def _holding(rows: Sequence[SourceRow], path: Path) -> SourceRow | None:
    return next((source for source in rows if path.is_relative_to(source.root)), None)


def _remove_article(writing: Transaction, article: str, when: str) -> bool:
    row = articles.read(writing, article)
    return row is not None and row.removed_at is None and article_rows.remove(writing, article, when)


def _remove_with(writing: Transaction, article: str, when: str, source: str) -> bool:
    elsewhere = places.another(writing, article)
    if elsewhere is not None:
        article_rows.anchor(writing, article, elsewhere)
        return False
    return article_rows.remove(writing, article, when, source)


def _widened(writing: Transaction, rows: Sequence[SourceRow], path: Path) -> SourceRow:
    inside = [source for source in rows if Path(source.root).is_relative_to(path)]
    if not inside:
        return SourceRow(_minted(path, {source.id for source in rows}), str(path), now_utc())
    widened = SourceRow(inside[0].id, str(path), inside[0].added)
    for source in inside:
        _absorb(writing, source, widened)
    return widened


def _absorb(writing: Transaction, old: SourceRow, new: SourceRow) -> None:
    """Anchor everything of a source anew in one that holds it; no article changes its identifier."""
    root = Path(old.root)
    base = root.parent if _is_file(writing, old) else root
    prefix = base.relative_to(new.root).as_posix()
    for table in (files, places, refusals):
        rows = table.in_source(writing, old.id)
        table.delete_in_source(writing, old.id)
        for row in rows:
            table.write(writing, replace(row, source=new.id, path=_joined(prefix, row.path)))
    for article in articles.in_source(writing, old.id):
        articles.change(writing, article, replace(article, source=new.id, path=_joined(prefix, article.path)))
    if old.id != new.id:
        sources.delete(writing, old.id)


def _is_file(reader: CatalogReader, source: SourceRow) -> bool:
    """Tell whether a source is a single file; its rows know that even when it has vanished."""
    root = Path(source.root)
    paths = {row.path for row in files.in_source(reader, source.id)}
    return paths == {relative(str(root.parent), root)} and not root.is_dir()


def _joined(prefix: str, path: str) -> str:
    return path if prefix in ("", ".") else f"{prefix}/{path}" if path else prefix


def _minted(path: Path, taken: set[str]) -> str:
    name = sha256(str(path).encode("utf-8", "surrogatepass")).hexdigest()
    names = (f"s{name[:digits]}" for digits in range(_DIGITS, len(name)))
    return next(identifier for identifier in names if identifier not in taken)


def check_source(path: Path, archive: Path) -> None:
    """Refuse a source that contains an archive or lies inside one.

    Raises:
        UsageError: with where the archive is; or there is nothing at the path, or its name cannot be kept.
    """
    if vanished(path):
        raise UsageError(f"There is no file or folder {spelled_out(str(path))}.")
    if (odd := oddity(str(path))) is not None:
        raise UsageError(f"The name {spelled_out(str(path))} holds {odd}; rename it.")
    real, root = Path(os.path.realpath(path)), Path(os.path.realpath(archive))
    inside = next((folder for folder in (real, *real.parents) if folder == root or is_archive(folder)), None)
    if inside is not None:
        raise UsageError(f"{path} lies inside the archive {inside}; an archive cannot hold itself.")
    if root.is_relative_to(real):
        raise UsageError(f"{path} contains the archive {archive}; keep the archive outside of what it reads.")
