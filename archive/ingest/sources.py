"""Sources: the roots that were added. Overlapping roots share one source."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from archive.catalog.article_rows import anchor, other_place, update_article
from archive.catalog.database import Catalog, Transaction
from archive.catalog.schema import FILES, PLACES, REFUSALS, SOURCES, Table
from archive.core.article import Source
from archive.core.clock import now_utc
from archive.core.errors import Action, Damaged, Remedy, UsageError
from archive.folder.discovery import is_archive
from archive.folder.paths import relative, vanished, within
from archive.purge.tombstones import source_hash
from archive.text.decode import printable

_MOVED: tuple[Table, ...] = (FILES, PLACES, REFUSALS)


def anchor_source(catalog: Catalog, path: Path) -> None:
    """See to it that a path lies in a source: in one that is known, one widened to hold it, or a new one.

    What was removed with its source comes back where the path reaches.
    """
    known = _known(catalog)
    holding = _holding(known, path)
    with catalog.transaction() as writing:
        source = holding or _widened(writing, known, path)
        writing.put(SOURCES, source.id, source.root, source.added, None)
        writing.delete("DELETE FROM purged WHERE hash = ?", (source_hash(source.id),))
        bring_back(writing, source.id, relative(source.root, path))


def source_of(catalog: Catalog, path: Path) -> Source:
    """Return the source a path lies in.

    Raises:
        Damaged: it lies in none, although it was anchored.
    """
    found = _holding(_known(catalog), path)
    if found is None:
        raise Damaged(f"The catalog lost the source of {path}.", remedy=Remedy(Action.VERIFY))
    return found


def bring_back(writing: Transaction, source: str, scope: str = "") -> tuple[str, ...]:
    """Undo the removal of what was removed with a source, below a relative path; return the articles."""
    back = writing.rows("SELECT id, path FROM articles WHERE source = ? AND removed LIKE '% %'", (source,))
    articles = [article for article, path in back if within(path, scope)]
    for article in articles:
        update_article(writing, article, removed=None)
    held = writing.rows(
        "SELECT a.id, p.path, p.record FROM places p JOIN articles a ON a.id = p.article"
        " WHERE p.source = ? AND p.gone = 0 AND a.removed LIKE '% %'",
        (source,),
    )
    for article, path, record in held:
        if within(path, scope):
            anchor(writing, article, (source, path, record))
            articles.append(article)
    return tuple(dict.fromkeys(articles))


def remove(catalog: Catalog, one: str) -> tuple[str, ...] | None:
    """Take out an article, or a source with the articles that no other holds; None when there is none of that name."""
    when = now_utc()
    with catalog.transaction() as writing:
        source = writing.row("SELECT id, root, added FROM sources WHERE id = ? AND removed IS NULL", (one,))
        if source is None:
            there = writing.row("SELECT 1 FROM articles WHERE id = ? AND removed IS NULL", (one,))
            return (one,) if there and update_article(writing, one, removed=when) else None
        writing.put(SOURCES, *source, when)
        articles = writing.rows("SELECT id FROM articles WHERE source = ? AND removed IS NULL", (one,))
        return tuple(article for (article,) in articles if _remove_with(writing, article, f"{when} {one}"))


def restore(catalog: Catalog, one: str) -> tuple[str, ...] | None:
    """Bring back an article, or a source with what was removed with it; None when there is nothing of that name."""
    with catalog.transaction() as writing:
        source = writing.row("SELECT id, root, added, removed FROM sources WHERE id = ?", (one,))
        if source is None:
            return (one,) if update_article(writing, one, removed=None) else None
        writing.put(SOURCES, *source[:3], None)
        articles = bring_back(writing, one)
        return articles if articles or source[3] is not None else None


def _known(catalog: Catalog) -> list[Source]:
    return [Source(*row) for row in catalog.rows("SELECT id, root, added FROM sources ORDER BY added, id")]


def _holding(known: list[Source], path: Path) -> Source | None:
    return next((one for one in known if path.is_relative_to(one.root)), None)


def _remove_with(writing: Transaction, article: str, mark: str) -> bool:
    elsewhere = other_place(writing, article)
    if elsewhere is not None:
        anchor(writing, article, elsewhere)
        return False
    return update_article(writing, article, removed=mark)


def _widened(writing: Transaction, known: list[Source], path: Path) -> Source:
    inside = [one for one in known if Path(one.root).is_relative_to(path)]
    if not inside:
        return Source(_mint(path, {one.id for one in known}), str(path), now_utc())
    made = Source(inside[0].id, str(path), inside[0].added)
    for one in inside:
        _absorb(writing, one, made)
    return made


def _absorb(writing: Transaction, old: Source, new: Source) -> None:
    """Re-anchor everything of a source in one that holds it; no article changes its identifier."""
    root = Path(old.root)
    base = root.parent if _is_file(writing, old) else root
    prefix = base.relative_to(new.root).as_posix()
    for table in _MOVED:
        columns = ", ".join(table.names)
        rows = writing.rows(f"SELECT {columns} FROM {table.name} WHERE source = ?", (old.id,))
        writing.delete(f"DELETE FROM {table.name} WHERE source = ?", (old.id,))
        for _, path, *rest in rows:
            writing.put(table, new.id, _joined(prefix, path), *rest)
    for article, path in writing.rows("SELECT id, path FROM articles WHERE source = ?", (old.id,)):
        update_article(writing, article, source=new.id, path=_joined(prefix, path))
    if old.id != new.id:
        writing.delete("DELETE FROM sources WHERE id = ?", (old.id,))


def _is_file(writing: Transaction, source: Source) -> bool:
    """Tell whether a source is a single file; its rows know that even when it has vanished."""
    root = Path(source.root)
    paths = {path for (path,) in writing.rows("SELECT path FROM files WHERE source = ?", (source.id,))}
    return paths == {relative(str(root.parent), root)} and not root.is_dir()


def _joined(prefix: str, path: str) -> str:
    return path if prefix in ("", ".") else f"{prefix}/{path}" if path else prefix


def _mint(path: Path, taken: set[str]) -> str:
    name = sha256(str(path).encode("utf-8", "surrogatepass")).hexdigest()
    return next(one for length in range(7, len(name)) if (one := f"s{name[:length]}") not in taken)


def check_source(path: Path, archive: Path) -> None:
    """Refuse a source that contains an archive or lies inside one.

    Raises:
        UsageError: with where the archive is; or there is nothing at the path, or its name cannot be kept.
    """
    if vanished(path):
        raise UsageError(f"There is no file or folder {printable(str(path))}.")
    if str(path) != printable(str(path)):
        raise UsageError(f"The name {printable(str(path))} holds bytes or control characters; rename the folder.")
    real, root = Path(os.path.realpath(path)), Path(os.path.realpath(archive))
    inside = next((folder for folder in (real, *real.parents) if folder == root or is_archive(folder)), None)
    if inside is not None:
        raise UsageError(f"{path} lies inside the archive {inside}; an archive cannot hold itself.")
    if root.is_relative_to(real):
        raise UsageError(f"{path} contains the archive {archive}; keep the archive outside of what it reads.")
