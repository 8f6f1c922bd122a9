"""What a repair has still to do, once its new catalog is in place: articles that were lost and that sources may hold.

Remembered in the catalog itself, so that a repair that was cut short goes on and still tells what is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from archive.catalog.tables import meta
from archive.catalog.transaction import CatalogReader, Transaction

_MARK: Final = "repairing"
_ARTICLE: Final = "awaited "


def articles(reader: CatalogReader) -> dict[str, str] | None:
    """Return what is known of each lost article, by identifier; None where no repair is under way."""
    if meta.read(reader, _MARK) is None:
        return None
    return {article: meta.read(reader, f"{_ARTICLE}{article}") or "" for article in meta.below(reader, _ARTICLE)}


def write(writing: Transaction, lost: Mapping[str, str]) -> None:
    """Remember that a repair is under way, and what is known of each article that it could not save."""
    meta.write(writing, _MARK, "")
    for article, name in lost.items():
        meta.write(writing, f"{_ARTICLE}{article}", name)


def forget(writing: Transaction, lost: Collection[str]) -> None:
    """Await some articles no more."""
    meta.forget(writing, *(f"{_ARTICLE}{article}" for article in lost))


def end(writing: Transaction) -> None:
    """Remember no repair."""
    forget(writing, meta.below(writing, _ARTICLE))
    meta.forget(writing, _MARK)
