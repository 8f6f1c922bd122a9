"""The catalog's schema, as an ordered list of small steps; each runs in one transaction with its own record."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

from archive.catalog.schema import (
    DERIVATIONS,
    FIRST_TABLES,
    FORMER_PASSAGES,
    NOTEBOOK,
    PARTS,
    PURGED,
    VERSION_NUMBERS,
    create_statement,
)

Migration = Callable[[sqlite3.Connection], None]


def m001_first_tables(connection: sqlite3.Connection) -> None:
    """Create every table of the first catalog."""
    for table in FIRST_TABLES:
        connection.execute(create_statement(table))
    connection.execute("CREATE INDEX places_by_article ON places (article)")
    connection.execute("CREATE INDEX files_by_digest ON files (digest)")
    connection.execute("CREATE INDEX articles_by_change ON articles (changed)")
    connection.execute("CREATE INDEX passages_by_id ON passages (id)")


def m002_purged(connection: sqlite3.Connection) -> None:
    """Create the table of what was purged."""
    connection.execute(create_statement(PURGED))
    connection.execute("CREATE INDEX purged_by_hash ON purged (hash)")


def m003_parts(connection: sqlite3.Connection) -> None:
    """Create the table of the parts by which versions are cited."""
    connection.execute(create_statement(PARTS))


def m004_derivations(connection: sqlite3.Connection) -> None:
    """Create the tables of what made each version, and of passages that were cut otherwise before."""
    connection.execute(create_statement(DERIVATIONS))
    connection.execute(create_statement(FORMER_PASSAGES))
    connection.execute("CREATE INDEX former_passages_by_article ON former_passages (article)")


def m005_version_numbers(connection: sqlite3.Connection) -> None:
    """Create the table of the order in which versions were first read."""
    connection.execute(create_statement(VERSION_NUMBERS))


def m006_notebook(connection: sqlite3.Connection) -> None:
    """Create the tables of what a person keeps: clips, stars, saved questions, judgements."""
    for table in NOTEBOOK:
        connection.execute(create_statement(table))


MIGRATIONS: Final[tuple[Migration, ...]] = (
    m001_first_tables,
    m002_purged,
    m003_parts,
    m004_derivations,
    m005_version_numbers,
    m006_notebook,
)
