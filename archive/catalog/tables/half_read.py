"""Which sources were added and are not read to their end yet: that was stopped, or goes on."""

from __future__ import annotations

from typing import Final

from archive.catalog.tables import meta, sources
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.article import Source

_MARK: Final = "half read "


def name(source: str) -> str:
    """Return the name under which an archive remembers that a source is to be read to its end."""
    return f"{_MARK}{source}"


def mark(writing: Transaction, source: str) -> None:
    """Remember that a source is to be read to its end."""
    meta.write(writing, name(source), "")


def end(writing: Transaction, source: str) -> None:
    """Forget it, as all of the source was looked at."""
    meta.forget(writing, name(source))


def left(reader: CatalogReader) -> tuple[Source, ...]:
    """Return the sources that are still to be read to their end, removed ones left out."""
    marked = frozenset(meta.below(reader, _MARK))
    return tuple(source for source in sources.live(reader) if source.id in marked) if marked else ()
