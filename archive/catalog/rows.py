"""Rows of the catalog as values with named columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Self

from archive.catalog.schema import Value
from archive.catalog.transaction import Row

FileKey = tuple[str, str]
"""A source and a path within it."""
TextSlice = tuple[str, str, int, int]
"""An article, the digest of one of its versions, start and end in that version's text."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a record is.

    Attributes:
        record: empty for a whole file.
    """

    source: str
    path: str
    record: str

    @property
    def key(self) -> tuple[Value, ...]:
        """Return the values by which a row of it is found."""
        return (self.source, self.path, self.record)

    @property
    def file(self) -> FileKey:
        """Return the file it is in."""
        return (self.source, self.path)

    def holding(self, article: str, raw_digest: str) -> PlaceRow:
        """Return its row when it holds an article, as bytes of this digest."""
        return PlaceRow(self.source, self.path, self.record, article, raw_digest)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it was last looked at.

    Attributes:
        size: in bytes.
        mtime_ns: time of its last change.
        digest: sha256 (hex) of its bytes; empty for a file that no reader takes, which is not read at all.
        gone: 1 when it had vanished.
    """

    source: str
    path: str
    size: int
    mtime_ns: int
    digest: str
    gone: int = 0


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """What a place holds.

    Attributes:
        raw_digest: sha256 (hex) of the bytes of the record as it was last read.
        gone: 0 while it is there; see ``tables.places``.
    """

    source: str
    path: str
    record: str
    article: str
    raw_digest: str
    gone: int = 0

    @property
    def place(self) -> Place:
        """Return where it is."""
        return Place(self.source, self.path, self.record)


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article with the metadata of its current version.

    Attributes:
        version: digest of the current version.
        record: empty for a whole file.
        gone: 1 when no place holds it any more.
        changed: change number of its newest change.
        removed_at: UTC time of its removal, None while it is in the archive.
        removed_with: the source it was removed with, None when it was removed by itself.
    """

    id: str
    version: str
    title: str
    outlet: str | None
    author: str | None
    url: str | None
    published: str | None
    published_from: str | None
    language: str | None
    source: str
    path: str
    record: str
    gone: int = 0
    changed: int = 0
    removed_at: str | None = None
    removed_with: str | None = None

    @property
    def place(self) -> Place:
        """Return the place it is anchored at."""
        return Place(self.source, self.path, self.record)

    @classmethod
    def from_columns(cls, row: Row) -> Self:
        """Read the columns of its table, in their order."""
        *columns, removed = row
        parted: tuple[Any, ...] = (*columns, *_parted(removed))
        return cls(*parted)

    @property
    def columns(self) -> tuple[Value, ...]:
        """Return the values of its columns, in their order."""
        *columns, removed_at, removed_with = values(self)
        return (*columns, _joined(removed_at, removed_with))


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """A file or record that was refused; ``record`` is empty for a whole file, ``seen`` is a UTC time."""

    source: str
    path: str
    record: str
    code: str
    reason: str
    seen: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A root that was added, ``removed`` holding the UTC time when it was taken out again."""

    id: str
    root: str
    added: str
    removed: str | None = None


@dataclass(frozen=True, slots=True)
class PurgedRow:
    """A hash of something purged: whose it is (itself the hash of an identifier), and the UTC time of the purge."""

    owner: str
    hash: str
    purged_at: str


def values(row: Any) -> tuple[Any, ...]:  # noqa: ANN401  (any of these values)
    """Return the values of a row in the order of its columns."""
    return tuple(getattr(row, name) for name in row.__slots__)


# ``articles.removed`` keeps the spelling it was made with, the time and after a space the source: every row carries a
# digest of what it holds, and copies of the catalog by older builds must stay readable to the one that saves rows.
_BETWEEN: Final = " "


def _joined(removed_at: str | None, removed_with: str | None) -> str | None:
    return removed_at if removed_with is None else f"{removed_at}{_BETWEEN}{removed_with}"


def _parted(removed: str | None) -> tuple[str | None, str | None]:
    if removed is None:
        return None, None
    removed_at, _, source = removed.partition(_BETWEEN)
    return removed_at, source or None
