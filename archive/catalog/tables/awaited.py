"""What was lost and sources may still hold: of a catalog made anew, or of one that was put back and is older.

Remembered in the catalog itself until a repair has told of it, so that one that was cut short goes on and still tells.
What is awaited is named by the identifier of an article, alone or with the digest of a version behind a slash.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from archive.catalog.tables import meta
from archive.catalog.transaction import CatalogReader, Transaction

_MARK: Final = "repairing"
_ARTICLE: Final = "awaited "


def articles(reader: CatalogReader) -> dict[str, str] | None:
    """Return what is known of each that is lost, by its name; None where nothing is and no repair is under way."""
    names = meta.below(reader, _ARTICLE)
    if not (names or is_under_way(reader)):
        return None
    return {article: meta.read(reader, f"{_ARTICLE}{article}") or "" for article in names}


def is_under_way(reader: CatalogReader) -> bool:
    """Tell whether a repair is under way: until it has ended, the archive is not whole."""
    return meta.read(reader, _MARK) is not None


def write(writing: Transaction, lost: Mapping[str, str], *, under_way: bool = True) -> None:
    """Remember what is known of each that is lost, and that a repair is under way, where one is."""
    if under_way:
        meta.write(writing, _MARK, "")
    for article, name in lost.items():
        meta.write(writing, f"{_ARTICLE}{article}", name)


def parted(name: str) -> tuple[str, str]:
    """Return the article and the version that are awaited under a name; no version where all of the article is."""
    article, _, version = name.partition("/")
    return article, version


def article_of(name: str) -> str:
    """Return the identifier of the article that is awaited under a name."""
    return parted(name)[0]


def forget(writing: Transaction, lost: Collection[str]) -> None:
    """Await nothing of some articles any more."""
    names = (name for name in meta.below(writing, _ARTICLE) if article_of(name) in lost)
    meta.forget(writing, *(f"{_ARTICLE}{name}" for name in names))


def end(writing: Transaction) -> None:
    """Remember no repair."""
    meta.forget(writing, *(f"{_ARTICLE}{name}" for name in meta.below(writing, _ARTICLE)), _MARK)
