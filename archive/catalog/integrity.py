"""Proving a catalog: what SQLite finds, rows that hold what was not written, rows whose other half is gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from archive.catalog.schema import DERIVATIONS, FORMER_PASSAGES, PARTS, VERSION_NUMBERS, TableSchema, digest_of

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
    with _any_bytes(connection):
        for row in connection.execute(table.everything):
            if digest_of(tuple(row[:-1])) != row[-1]:
                key = ", ".join(str(value) for value in row[: table.key])
                yield f"A row of {table.name} does not hold what was written ({key})."


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


@contextmanager
def _any_bytes(connection: sqlite3.Connection) -> Iterator[None]:
    """Read texts that damage made invalid as well, so that the row can be named."""
    before = connection.text_factory
    connection.text_factory = lambda raw: raw.decode("utf-8", "backslashreplace")
    try:
        yield
    finally:
        connection.text_factory = before
