"""What an index holds and a catalog does not that is older than it: articles and texts that would be lost untold.

Known until an index of that catalog is in use, which no longer holds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from archive import Archive
from archive.catalog.reading import Withheld
from archive.core.errors import ArchiveError, NoIndex
from archive.core.system_limits import raise_limit
from archive.folder.layout import Layout
from index.generations import manifest as manifests
from index.generations.columns import open_columns
from index.generations.generation import COLUMNS, numbers, open_current
from index.generations.manifest import Manifest

UNREADABLE: Final = "What the index held cannot be read: articles that were added since may be lost."
_MOST: Final = 20  # named; chosen, not measured


@dataclass(frozen=True, slots=True)
class Indexed:
    """An article as an index holds it: its title, and the digest of the version that was indexed."""

    title: str
    version: str


def indexed(layout: Layout) -> dict[str, Indexed] | None:
    """Return the articles of the index in use, by identifier; none without an index, None where it cannot be read."""
    try:
        with open_current(layout) as generation:
            columns = open_columns(generation.folder / COLUMNS)
            ordinals = np.flatnonzero(columns.live_articles).tolist()
            articles = map(columns.article, ordinals)
            return {article.id: Indexed(article.title, article.version) for article in articles}
    except NoIndex:
        return {}
    except (ArchiveError, OSError, ValueError) as error:
        raise_limit(error)
        return None


def is_older(archive: Archive) -> bool:
    """Tell whether a catalog is older than its index, as a copy was put back, or was made anew beside it."""
    manifest = _newest(archive.layout)
    return manifest is not None and not archive.follows(manifest.change, manifest.token)


def lost_to(archive: Archive, *, removed: bool = True) -> tuple[str, ...]:
    """Return, in sentences, what the index holds and an older catalog does not; nothing where it is not older.

    Args:
        archive: the archive, whose sources were read again.
        removed: also what is out in the catalog, as it was when the copy was made.
    """
    return tuple(_lost(archive, removed)) if is_older(archive) else ()


def brought_back(archive: Archive) -> tuple[str, ...]:
    """Return, in sentences, what an older catalog holds and the index does not, as it was removed since, or purged."""
    held = indexed(archive.layout) if is_older(archive) else None
    back = [] if not held else [article for article in archive.articles() if article.id not in held]
    return tuple(_named([f"{article.title} ({article.id})" for article in back]))


def in_one(lost: tuple[str, ...]) -> str:
    """Say in one sentence what is lost."""
    return f"The catalog was older than the index. Not in the archive any more: {'; '.join(lost)}"


def _lost(archive: Archive, removed: bool) -> Iterator[str]:
    held = indexed(archive.layout)
    if held is None:
        yield UNREADABLE
        return
    withdrawn = archive.withdrawn(held)
    with archive.snapshot() as snapshot:
        versions = snapshot.versions()
    gone, out, older = list[str](), list[str](), list[str]()
    for article, known in sorted(held.items()):
        name = f"{known.title} ({article})"
        if withdrawn.get(article) is Withheld.GONE:
            gone.append(name)
        elif (article, known.version) not in versions:
            older.append(f"{name}: the text that was indexed; an earlier one is there")
        elif article in withdrawn:
            out.append(f"{name}: it is removed, as it was when the copy was made")
    yield from _named([*gone, *older, *(out if removed else [])])


def _named(names: list[str]) -> Iterator[str]:
    yield from names[:_MOST]
    if len(names) > _MOST:
        yield f"and {len(names) - _MOST:,} more"


def _newest(layout: Layout) -> Manifest | None:
    """Return the newest manifest that can be read, whatever became of the rest of its generation."""
    for number in numbers(layout):
        path = layout.generation(number) / manifests.NAME
        try:
            return manifests.from_bytes(path.read_bytes(), path)
        except (ArchiveError, OSError) as error:
            raise_limit(error)
    return None
