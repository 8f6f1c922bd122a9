"""The catalog's tables and rows. Each row ends with a digest of what it holds, so that damage is found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

Value = str | int | bytes | None


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A table: its columns with their SQL types, the first ``key`` of which identify a row.

    Rows that are small lie in the tree of their key itself; ``large`` ones, which hold whole texts, do not.
    """

    name: str
    key: int
    columns: tuple[str, ...]
    large: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return tuple(column.split()[0] for column in self.columns)

    @property
    def put(self) -> str:
        """Return the statement that writes a whole row with its digest."""
        marks = ", ".join("?" * (len(self.columns) + 1))
        return f"INSERT OR REPLACE INTO {self.name} ({', '.join(self.names)}, digest_of_row) VALUES ({marks})"

    @property
    def everything(self) -> str:
        """Return the statement that reads every row with its digest."""
        return f"SELECT {', '.join(self.names)}, digest_of_row FROM {self.name}"

    def sealed_as(self, alias: str) -> str:
        """Return the columns of whole rows with their digests, for a statement that reads several tables."""
        return ", ".join(f"{alias}.{name}" for name in (*self.names, "digest_of_row"))

    @property
    def width(self) -> int:
        """Return how many values a row has with its digest."""
        return len(self.columns) + 1


META: Final = TableSchema("meta", 1, ("name TEXT", "value TEXT"))
SOURCES: Final = TableSchema("sources", 1, ("id TEXT", "root TEXT", "added TEXT", "removed TEXT"))
FILES: Final = TableSchema(
    "files", 2, ("source TEXT", "path TEXT", "size INTEGER", "mtime_ns INTEGER", "digest TEXT", "gone INTEGER")
)
PLACES: Final = TableSchema(
    "places", 3, ("source TEXT", "path TEXT", "record TEXT", "article TEXT", "raw_digest TEXT", "gone INTEGER")
)
ARTICLES: Final = TableSchema(
    "articles",
    1,
    (
        "id TEXT",
        "version TEXT",
        "title TEXT",
        "outlet TEXT",
        "author TEXT",
        "url TEXT",
        "published TEXT",
        "published_from TEXT",
        "language TEXT",
        "source TEXT",
        "path TEXT",
        "record TEXT",
        "gone INTEGER",
        "changed INTEGER",
        "removed TEXT",
    ),
)
VERSIONS: Final = TableSchema(
    "versions",
    2,
    (
        "article TEXT",
        "digest TEXT",
        "text TEXT",
        "hidden TEXT",
        "seen TEXT",
        "reader TEXT",
        "raw_digest TEXT",
        "damage INTEGER",
    ),
    large=True,
)
PASSAGES: Final = TableSchema(
    "passages", 3, ("article TEXT", "version TEXT", "number INTEGER", "id TEXT", "start INTEGER", "stop INTEGER")
)
REFUSALS: Final = TableSchema(
    "refusals", 3, ("source TEXT", "path TEXT", "record TEXT", "code TEXT", "reason TEXT", "seen TEXT")
)
# Of what was purged only hashes are kept: those of everything that would bring ``one`` back, an article or a source.
PURGED: Final = TableSchema("purged", 2, ("one TEXT", "hash TEXT", "at TEXT"))
# The parts of a version that can be cited: pages, records, messages. Each ends where the next begins.
PARTS: Final = TableSchema("parts", 3, ("article TEXT", "version TEXT", "start INTEGER", "kind TEXT", "label TEXT"))
# What made a version; a version of before this table has no row, see ``archive.core.derivation``.
DERIVATIONS: Final = TableSchema(
    "derivations",
    2,
    (
        "article TEXT",
        "version TEXT",
        "reader TEXT",
        "titles INTEGER",
        "cleaning INTEGER",
        "dates INTEGER",
        "language INTEGER",
        "chunking TEXT",
        "origin TEXT",
        "declared TEXT",
        "hidden TEXT",
        "kept TEXT",
    ),
)
# Where passages were that a version is not cut into any more: judgements and citations name passages.
FORMER_PASSAGES: Final = TableSchema(
    "former_passages", 1, ("id TEXT", "article TEXT", "version TEXT", "start INTEGER", "stop INTEGER")
)
# In which order the versions of an article were first read, where times do not tell it: a version that is no later than
# another has a row, and so have all after it; they come after all that have none.
VERSION_NUMBERS: Final = TableSchema("version_numbers", 2, ("article TEXT", "version TEXT", "number INTEGER"))
# What a person keeps (``archive.notebook``): no change of an article, so that no index depends on it, and written
# without the writer's lock. ``number`` is the order of keeping. What is removed keeps its row, with the number of its
# removal, which is 0 before. A clip whose article was purged has lost its words and its place, and keeps its note.
CLIPS: Final = TableSchema(
    "clips",
    1,
    (
        "id TEXT",
        "number INTEGER",
        "removed INTEGER",
        "kept TEXT",
        "question TEXT",
        "note TEXT",
        "article TEXT",
        "version TEXT",
        "start INTEGER",
        "stop INTEGER",
        "words TEXT",
        "purged TEXT",
    ),
    large=True,
)
STARS: Final = TableSchema("stars", 1, ("article TEXT", "number INTEGER", "removed INTEGER", "kept TEXT"))
SAVED_QUESTIONS: Final = TableSchema(
    "saved_questions",
    1,
    (
        "id TEXT",
        "number INTEGER",
        "removed INTEGER",
        "kept TEXT",
        "question TEXT",
        "mode TEXT",
        "seen INTEGER",
    ),
)
# ``target`` is an article or a passage; of a passage, where it was is kept too.
JUDGEMENTS: Final = TableSchema(
    "judgements",
    2,
    (
        "question TEXT",
        "target TEXT",
        "number INTEGER",
        "removed INTEGER",
        "kept TEXT",
        "gain INTEGER",
        "article TEXT",
        "version TEXT",
        "start INTEGER",
        "stop INTEGER",
    ),
)
NOTEBOOK: Final = (CLIPS, STARS, SAVED_QUESTIONS, JUDGEMENTS)
FIRST_TABLES: Final = (META, SOURCES, FILES, PLACES, ARTICLES, VERSIONS, PASSAGES, REFUSALS)
TABLES: Final = (*FIRST_TABLES, PURGED, PARTS, DERIVATIONS, FORMER_PASSAGES, VERSION_NUMBERS, *NOTEBOOK)


def create_statement(table: TableSchema) -> str:
    """Return the statement that creates a table."""
    key = ", ".join(table.names[: table.key])
    columns = ", ".join(table.columns)
    kind = "" if table.large else " WITHOUT ROWID"
    return f"CREATE TABLE {table.name} ({columns}, digest_of_row BLOB NOT NULL, PRIMARY KEY ({key})){kind}"


def sealed(values: Iterable[Value]) -> tuple[Value, ...]:
    """Return a row with its digest at the end."""
    row = tuple(values)
    return (*row, digest_of(row))


def digest_of(row: tuple[Value, ...]) -> bytes:
    """Return the digest of a row's values: 8 bytes of BLAKE2b over their unambiguous form."""
    return blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=8).digest()
