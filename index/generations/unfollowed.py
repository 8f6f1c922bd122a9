"""What an index holds and a catalog does not that is older than it: articles and texts that would be lost untold.

Known until an index of that catalog is in use, which no longer holds them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from archive import Archive
from archive.catalog.reading import Withheld
from archive.catalog.tables.awaited import article_of, parted
from archive.core.errors import ArchiveError, NoIndex
from archive.core.system_limits import raise_limit
from archive.folder.layout import Layout
from index.generations import manifest as manifests
from index.generations.columns import open_columns
from index.generations.generation import COLUMNS, numbers, open_current
from index.generations.manifest import Manifest

UNREADABLE: Final = "What the index held cannot be read: articles that were added since may be lost."
_ALL: Final = "*"  # stands for whatever the index held, where that cannot be read
_OUT: Final = "out"  # in place of a version: the article itself, which is removed
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


def lacking(archive: Archive) -> dict[str, str]:
    """Return what the index holds and an older catalog does not, as ``Archive.await_lost`` takes it."""
    if not is_older(archive):
        return {}
    held = indexed(archive.layout)
    if held is None:
        return {_ALL: ""}
    with archive.snapshot() as snapshot:
        versions = snapshot.versions()
    withdrawn = archive.withdrawn(held)
    names = {Withheld.GONE: "", Withheld.REMOVED: f"/{_OUT}"}
    lost = {f"{article}{names[why]}": held[article].title for article, why in withdrawn.items()}
    older = [(article, one) for article, one in held.items() if (article, one.version) not in versions]
    lost |= {f"{article}/{one.version}": one.title for article, one in older if article not in withdrawn}
    purged = archive.purged()
    return {name: title for name, title in lost.items() if not purged.holds(*parted(name))}


def told(archive: Archive, lost: Mapping[str, str] | None) -> tuple[str, ...]:
    """Return, in sentences, what is lost of what was awaited: what no source brought back.

    Args:
        archive: the archive.
        lost: by the names of ``Archive.awaited``.
    """
    if not lost:
        return ()
    withdrawn = archive.withdrawn(set(map(article_of, lost)))
    with archive.snapshot() as snapshot:
        versions = snapshot.versions()
    names = list[str]()
    for name, title in sorted(lost.items()):
        article, version = parted(name)
        if name == _ALL:
            names.append(UNREADABLE)
        elif not version and withdrawn.get(article) is Withheld.GONE:
            names.append(f"{title} ({article})")
        elif version == _OUT and article in withdrawn:
            names.append(f"{title} ({article}): it is removed")
        elif version not in ("", _OUT) and (article, version) not in versions:
            names.append(f"{title} ({article}): the text that was indexed; an earlier one is there")
    return tuple(_named(names))


def brought_back(archive: Archive) -> tuple[str, ...]:
    """Return, in sentences, what an older catalog holds and the index does not, as it was removed since, or purged."""
    held = indexed(archive.layout)
    back = [] if not held else [article for article in archive.articles() if article.id not in held]
    return tuple(_named([f"{article.title} ({article.id})" for article in back]))


def in_one(lost: tuple[str, ...]) -> str:
    """Say in one sentence what is lost."""
    return f"The catalog was older than the index. Not in the archive any more: {'; '.join(lost)}"


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
