"""Proving a catalog: what SQLite finds, rows that hold what was not written, rows whose other half is gone.

Whoever reads rows proves those that are read, each by its digest, so that nothing else is shown, indexed or written
again under a fresh digest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from archive.catalog.identity import text_digest
from archive.catalog.schema import (
    DERIVATIONS,
    FORMER_PASSAGES,
    PARTS,
    PURGED,
    VERSION_NUMBERS,
    VERSIONS,
    TableSchema,
    digest_of,
)
from archive.core.errors import Action, Damaged, Remedy

LOST_BAN: Final = (
    "name > 'purge turn ' AND name < 'purge turn!' AND CAST(value AS INTEGER) % 2 AND NOT EXISTS"
    " (SELECT 1 FROM purged p WHERE p.one = substr(meta.name, 12) AND p.hash = p.one)"
)
"""Which rows of ``meta`` say that something is purged of whose identifier no hash tells."""
_DIGEST: Final = VERSIONS.names.index("digest")
_TEXT: Final = VERSIONS.names.index("text")
# What a row is, how it strays, the statement that finds it.
_STRAYS: Final = (
    (
        "article",
        "has lost its current version",
        "SELECT id FROM articles a WHERE NOT EXISTS"
        " (SELECT 1 FROM versions v WHERE v.article = a.id AND v.digest = a.version)",
    ),
    (
        "article",
        "has lost its source",
        "SELECT id FROM articles a WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.id = a.source)",
    ),
    (
        "version",
        "has lost its article",
        "SELECT digest FROM versions v WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = v.article)",
    ),
    (
        "passage",
        "has lost its version",
        "SELECT id FROM passages p WHERE NOT EXISTS"
        " (SELECT 1 FROM versions v WHERE v.article = p.article AND v.digest = p.version)",
    ),
    (
        "place",
        "has lost its article",
        "SELECT path FROM places p WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.id = p.article)",
    ),
)
# The same of tables that a catalog lacks until it is written to again after an upgrade.
_LATER_STRAYS: Final = (
    (
        PARTS,
        "The {} has lost its version.",
        "SELECT kind || ' ' || label FROM parts p WHERE NOT EXISTS"
        " (SELECT 1 FROM versions v WHERE v.article = p.article AND v.digest = p.version)",
    ),
    (
        DERIVATIONS,
        "The derivation of {} has lost its version.",
        "SELECT article FROM derivations d WHERE NOT EXISTS"
        " (SELECT 1 FROM versions v WHERE v.article = d.article AND v.digest = d.version)",
    ),
    (
        FORMER_PASSAGES,
        "The former passage {} has lost its version.",
        "SELECT id FROM former_passages p WHERE NOT EXISTS"
        " (SELECT 1 FROM versions v WHERE v.article = p.article AND v.digest = p.version)",
    ),
    (
        PURGED,  # what was purged an odd number of times, taken in again as often but once, is purged
        "What tells something purged ({}) when it is met again is lost.",
        f"SELECT substr(name, 12) FROM meta WHERE {LOST_BAN}",
    ),
    (
        VERSION_NUMBERS,
        "The number of a version of {} has lost its version.",
        "SELECT article FROM version_numbers n WHERE NOT EXISTS"
        " (SELECT 1 FROM versions v WHERE v.article = n.article AND v.digest = n.version)",
    ),
)


def integrity(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what SQLite itself finds wrong."""
    for (problem,) in connection.execute("PRAGMA integrity_check"):
        if problem != "ok":
            yield f"SQLite finds: {problem}."


def rows_of(connection: sqlite3.Connection, table: TableSchema) -> Iterator[str]:
    """Yield a sentence for each row of a table that does not hold what was written."""
    with any_bytes(connection):
        for row in connection.execute(table.everything):
            if not is_sound(table, row):
                yield unlike(table, row)


def is_sound(table: TableSchema, row: Sequence[Any]) -> bool:
    """Tell whether a row that was read with its digest holds what was written, a version the text it is named by."""
    sound = digest_of(tuple(row[:-1])) == row[-1]
    return sound and (table is not VERSIONS or text_digest(row[_TEXT]) == row[_DIGEST])


def proved(table: TableSchema, row: Sequence[Any]) -> tuple[Any, ...]:
    """Return the values of a row of a table that was read with its digest at the end.

    Raises:
        Damaged: it does not hold what was written.
    """
    if not is_sound(table, row):
        raise Damaged(unlike(table, row), remedy=Remedy(Action.REPAIR))
    return tuple(row[:-1])


def strays(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield a sentence for each row whose other half is gone."""
    for what, how, statement in _STRAYS:
        yield from (f"The {what} {name} {how}." for (name,) in connection.execute(statement))
    for table, sentence, statement in _LATER_STRAYS:
        if has_table(connection, table):
            yield from (sentence.format(name) for (name,) in connection.execute(statement))


def has_table(connection: sqlite3.Connection, table: TableSchema) -> bool:
    """Tell whether a catalog has a table; one that was not written to since an upgrade lacks the newest."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table.name,)).fetchone() is not None


def unlike(table: TableSchema, row: Sequence[Any]) -> str:
    """Return the sentence for a row that was read with its digest and does not hold what was written."""
    key = ", ".join(str(value) for value in row[: table.key])
    return f"A row of {table.name} does not hold what was written ({key})."


@contextmanager
def any_bytes(connection: sqlite3.Connection) -> Iterator[None]:
    """Read texts that damage made invalid as well, so that the row can be named, and those behind it be read."""
    before = connection.text_factory
    connection.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
    try:
        yield
    finally:
        connection.text_factory = before
