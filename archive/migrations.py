"""The catalog's schema, as an ordered list of small steps; each runs in one transaction with its own record."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

from archive.rows import TABLES, create_statement

Migration = Callable[[sqlite3.Connection], None]


def m001_first_tables(connection: sqlite3.Connection) -> None:
    """Create every table of the first catalog."""
    for table in TABLES:
        connection.execute(create_statement(table))
    connection.execute("CREATE INDEX places_by_article ON places (article)")
    connection.execute("CREATE INDEX files_by_digest ON files (digest)")
    connection.execute("CREATE INDEX articles_by_change ON articles (changed)")
    connection.execute("CREATE INDEX passages_by_id ON passages (id)")


MIGRATIONS: Final[tuple[Migration, ...]] = (m001_first_tables,)
