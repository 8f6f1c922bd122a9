"""Showing what an add would read, without an archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.core.article import Draft, Refusal
from archive.ingest.sources import check_source
from archive.ingest.walk import files
from archive.readers import READERS, Limits, Reader, read, release


def preview(
    paths: Sequence[Path], archive: Path, limits: Limits | None = None, readers: Sequence[Reader] = READERS
) -> Iterator[Draft | Refusal]:
    """Yield what adding the paths to an archive would read, writing nothing.

    Raises:
        UsageError: a path does not exist, or holds an archive or lies in one.
    """
    for path in [path.absolute() for path in paths]:
        check_source(path, archive)
        try:
            for found in files(path, (archive,)):
                yield from (found,) if isinstance(found, Refusal) else read(found, limits or Limits(), readers)
        finally:
            release()
