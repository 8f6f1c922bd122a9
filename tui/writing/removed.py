"""Which articles are out of an archive, asked of its catalog: a run that ended halfway does not know."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from archive import Archive


def taken_out(root: Path, articles: Collection[str]) -> frozenset[str] | None:
    """Return which of some articles, given by their identifiers, are out; None where the archive does not say."""
    from archive import Archive
    from archive.core.errors import ArchiveError

    try:
        with Archive.open(root) as archive:
            return frozenset(article for article in articles if not _is_in(archive, article))
    except (ArchiveError, OSError):
        return None


def _is_in(archive: Archive, article: str) -> bool:
    from archive.core.errors import UnknownId

    try:
        archive.affected(article)
    except UnknownId:
        return False
    return True
