"""Saving a damaged catalog: a new one is made of every row that still holds what was written.

Each row carries a digest, so that sound ones can be told from damaged ones; rows that are lost are taken from copies
of the catalog. Passages are not saved: they are cut again from the versions. The damaged file is kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from archive.catalog.backups import copies, drop
from archive.catalog.connection import connect
from archive.catalog.database import Catalog
from archive.catalog.integrity import has_table
from archive.catalog.migrations import MIGRATIONS
from archive.catalog.schema import ARTICLES, FIRST_TABLES, PASSAGES, PLACES, TABLES, TableSchema, Value, digest_of
from archive.catalog.tables import articles, files, meta, versions
from archive.catalog.transaction import Transaction
from archive.core.system_limits import raise_exhaustion
from archive.folder.files import make_private_dir, remove, sync_file
from archive.folder.files import replace as replace_file
from archive.folder.layout import Layout

StoredRow = tuple[Value, ...]
_BATCH: Final = 500  # rows written in one transaction; chosen, not measured: few of them, and little held
_SAVED: Final = tuple(table for table in TABLES if table is not PASSAGES)
_BESIDE: Final = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Lost:
    """An article that could not be saved: its identifier, and what is known of it."""

    article: str
    name: str


@dataclass(frozen=True, slots=True)
class Salvage:
    """What was saved.

    Attributes:
        rows: in the new catalog, passages not counted.
        kept: where the damaged file lies now, None when there was none.
        lost: articles that could not be saved.
    """

    rows: int
    kept: Path | None
    lost: tuple[Lost, ...]


def salvage(layout: Layout) -> Salvage | None:
    """Replace the catalog by one of all sound rows; None when nothing could be saved, and nothing is changed.

    The caller holds the archive's lock and has no catalog open. Files are read again by the next update, and every
    version is cut into passages again.
    """
    salvaged = layout.tmp / "salvaged.sqlite"
    make_private_dir(layout.tmp)
    drop(salvaged)
    with Catalog.create(salvaged) as catalog:
        for source in (*reversed(_whole_first(layout)), layout.catalog):
            _take(catalog, source)
        lost = _tidy(catalog)
        (rows,) = catalog.rows("SELECT (SELECT count(*) FROM articles) + (SELECT count(*) FROM sources)")[0]
    if not rows:
        drop(salvaged)
        return None
    return Salvage(int(rows), _exchange(layout, salvaged), lost)


def _whole_first(layout: Layout) -> list[Path]:
    """Return the copies to fall back on, newest first; none when the catalog itself still gives every row."""
    if layout.catalog.is_file() and all(_complete(layout.catalog, table) for table in _SAVED):
        return []
    return sorted(copies(layout), key=lambda path: path.stat().st_mtime, reverse=True)


def _take(catalog: Catalog, source: Path) -> None:
    """Write the sound rows of a file over those that are there."""
    for table in _SAVED:
        rows = _sound(source, table)
        while batch := [row for _, row in zip(range(_BATCH), rows, strict=False)]:
            with catalog.transaction() as writing:
                for row in batch:
                    writing.put(table, *row)


def _complete(path: Path, table: TableSchema) -> bool:
    """Tell whether every row of a table can be read and holds what was written, or it is a table that came later."""
    try:
        with closing(_opened(path)) as connection:
            return _came_later(connection, table) or all(_is_sound(row) for row in connection.execute(table.everything))
    except (sqlite3.Error, OSError, ValueError) as error:
        raise_exhaustion(error)  # what the disk does not give back is lost, like what it gives back wrong
        return False


def _came_later(connection: sqlite3.Connection, table: TableSchema) -> bool:
    """Tell whether a catalog lacks a table because it was not written to since an upgrade."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return table not in FIRST_TABLES and version < len(MIGRATIONS) and not has_table(connection, table)


def _sound(path: Path, table: TableSchema) -> Iterator[StoredRow]:
    """Yield the sound rows of a table: from its beginning to the first broken page, then from its end."""
    key = ", ".join(table.names[: table.key])
    back = ", ".join(f"{name} DESC" for name in table.names[: table.key])
    for order in (key, back, "rowid DESC") if table.large else (key, back):
        try:
            with closing(_opened(path)) as connection:
                for row in connection.execute(f"{table.everything} ORDER BY {order}"):
                    if _is_sound(row):
                        yield tuple(row[:-1])
                break  # the whole table was read
        except (sqlite3.Error, OSError, ValueError) as error:
            raise_exhaustion(error)
            continue


def _is_sound(row: Sequence[Value]) -> bool:
    return digest_of(tuple(row[:-1])) == row[-1]


def _opened(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise OSError(f"{path} is missing")
    return connect(path, "rw")


def _tidy(catalog: Catalog) -> tuple[Lost, ...]:
    """Drop what has lost its other half, let files be read again; return the articles that are lost."""
    with catalog.transaction() as writing:
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
        _renumber(writing)
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
    "DELETE FROM places WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = places.article)",
    "DELETE FROM meta WHERE name LIKE 'rule%'",
)


def _fall_back(writing: Transaction, article: str) -> None:
    """Let an article whose newest version is lost stand at the newest that is left."""
    left, row = versions.of_article(writing, article), articles.read(writing, article)
    if left and row is not None:
        writing.put(ARTICLES, *replace(row, version=left[-1].digest).columns)


def _renumber(writing: Transaction) -> None:
    """Raise the change number above every one that was ever given out, and let all passages be cut again."""
    (highest,) = writing.rows("SELECT max(changed) FROM articles")[0]
    kept = meta.read(writing, "change") or ""
    given_out = int(kept) if kept.isdigit() else 0
    meta.write(writing, "change", str(max(int(highest or 0), given_out) + 1))
    meta.write(writing, "rule", "")


def _exchange(layout: Layout, salvaged: Path) -> Path | None:
    """Put the new catalog in place; the damaged one is kept among the copies."""
    kept = None
    sync_file(salvaged)
    if layout.catalog.exists():
        when = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        kept = make_private_dir(layout.backups) / f"damaged-{when}.catalog"
        replace_file(layout.catalog, kept)
    for end in _BESIDE:
        remove(Path(f"{layout.catalog}{end}"))
    replace_file(salvaged, layout.catalog)
    return kept
