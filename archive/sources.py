"""Sources: the roots that were added. Overlapping roots share one source."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from archive.article import Source
from archive.catalog import Catalog, Transaction
from archive.changes import update_article
from archive.rows import FILES, PLACES, REFUSALS, SOURCES, Table
from archive.taking import now_utc

_MOVED: tuple[Table, ...] = (FILES, PLACES, REFUSALS)


def source_of(catalog: Catalog, path: Path) -> Source:
    """Return the source a path belongs to: one that holds it, one widened to it, or a new one."""
    known = [Source(*row) for row in catalog.rows("SELECT id, root, added FROM sources ORDER BY added, id")]
    holding = next((one for one in known if path.is_relative_to(one.root)), None)
    with catalog.transaction() as writing:
        if holding is not None:
            writing.put(SOURCES, holding.id, holding.root, holding.added, None)
            return holding
        inside = [one for one in known if Path(one.root).is_relative_to(path)]
        made = Source(inside[0].id if inside else _mint(path), str(path), inside[0].added if inside else now_utc())
        writing.put(SOURCES, made.id, made.root, made.added, None)
        for one in inside:
            _absorb(writing, one, made)
    return made


def set_removed(catalog: Catalog, one: str, having: str, out: bool) -> tuple[str, ...] | None:
    """Take out, or bring back, an article or the articles of a source; None when there is nothing of that name.

    Args:
        catalog: to write to.
        one: identifier of an article or a source.
        having: the condition in SQL that the row must meet now.
        out: whether to remove or to restore.
    """
    when = now_utc() if out else None
    source = catalog.row(f"SELECT id, root, added FROM sources WHERE id = ? AND {having}", (one,))
    if source is not None:
        with catalog.transaction() as writing:
            writing.put(SOURCES, *source, when)
    column = "source" if source is not None else "id"
    articles = [row[0] for row in catalog.rows(f"SELECT id FROM articles WHERE {column} = ? AND {having}", (one,))]
    for article in articles:
        with catalog.transaction() as writing:
            update_article(writing, article, removed=when)
    return tuple(articles) if articles or source is not None else None


def _absorb(writing: Transaction, old: Source, new: Source) -> None:
    """Re-anchor everything of a source in one that holds it; no article changes its identifier."""
    root = Path(old.root)
    prefix = root.relative_to(new.root).as_posix() if root.is_dir() else root.parent.relative_to(new.root).as_posix()
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


def _joined(prefix: str, path: str) -> str:
    return path if prefix in ("", ".") else f"{prefix}/{path}" if path else prefix


def _mint(path: Path) -> str:
    return f"s{sha256(str(path).encode('utf-8', 'surrogatepass')).hexdigest()[:7]}"
