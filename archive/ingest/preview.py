"""Showing what an add would read, without an archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.core.article import Draft, Refusal
from archive.core.record_fields import FieldsSeen
from archive.ingest.sources import check_source
from archive.ingest.walk import files
from archive.readers import READERS, Limits, Reader, named_for, read, release


def preview(
    paths: Sequence[Path], archive: Path, limits: Limits | None = None, readers: Sequence[Reader] = READERS
) -> Iterator[Draft | Refusal | FieldsSeen]:
    """Yield what adding the paths to an archive would read, writing nothing.

    Before what a file of records holds comes how the fields of its records are read.

    Raises:
        UsageError: a path does not exist, or holds an archive or lies in one.
    """
    for path in [path.absolute() for path in paths]:
        check_source(path, archive)
        try:
            for item in files(path, (archive,)):
                if isinstance(item, Refusal):
                    yield item
                    continue
                reader = named_for(item, readers)
                if reader is not None and reader.survey is not None:
                    yield from filter(None, (reader.survey(item, limits or Limits()),))
                yield from read(item, limits or Limits(), readers)
        finally:
            release()
