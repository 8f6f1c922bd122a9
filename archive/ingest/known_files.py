"""What the catalog knows of the files of a source, read folder by folder: asking for each file would take longest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from archive.catalog.database import Catalog
from archive.catalog.schema import Value

_IN_FOLDER = (
    "SELECT path, size, mtime_ns, digest, gone,"
    " (SELECT count(*) FROM places p WHERE p.source = f.source AND p.path = f.path AND p.gone = 0),"
    " EXISTS (SELECT 1 FROM refusals r WHERE r.source = f.source AND r.path = f.path)"
    " FROM files f WHERE source = ? AND path >= ? AND path < ? AND instr(substr(path, ?), '/') = 0"
)
_AFTER_SLASH = chr(ord("/") + 1)
_LAST = "\U0010ffff"


class KnownFile(NamedTuple):
    """A file as it was last looked at.

    Attributes:
        size: in bytes.
        mtime_ns: time of its last change.
        digest: sha256 of its content.
        gone: whether it had vanished, and how.
        places: how many articles are anchored in it.
        refused: whether something of it was refused.
    """

    size: int
    mtime_ns: int
    digest: str
    gone: int
    places: int
    refused: bool


class Known:
    """The files of one source; asked in the order of a walk, each folder is read once."""

    def __init__(self, catalog: Catalog, source: str) -> None:
        self._catalog = catalog
        self._source = source
        self._folder: str | None = None
        self._files: dict[str, KnownFile] = {}

    def get(self, path: str) -> KnownFile | None:
        """Return what is known of a file by its path within the source."""
        folder = path[: path.rfind("/") + 1]
        if folder != self._folder:
            end = folder[:-1] + _AFTER_SLASH if folder else _LAST
            rows = self._catalog.rows(_IN_FOLDER, (self._source, folder, end, len(folder) + 1))
            self._files = {name: KnownFile(*known) for name, *known in rows}
            self._folder = folder
        return self._files.get(path)


@dataclass(frozen=True, slots=True)
class FileAt:
    """A file of a source as it was found.

    Attributes:
        source: id of the source.
        path: relative to its root.
        digest: sha256 (hex) of its bytes; empty for a file that no reader takes, which is not read at all.
    """

    source: str
    path: str
    size: int
    mtime_ns: int
    digest: str

    @property
    def row(self) -> tuple[Value, ...]:
        """Return the values of its row in the catalog."""
        return (self.source, self.path, self.size, self.mtime_ns, self.digest, 0)
