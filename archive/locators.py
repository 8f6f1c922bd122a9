"""The parts of a place in a source, as the catalog keys them."""

from __future__ import annotations

from dataclasses import dataclass

from archive.rows import Value


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
