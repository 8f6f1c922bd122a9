"""What an archive holds and how far its index is behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive import Archive, Refusal
from archive.errors import ArchiveError, NoIndex
from index.generation import Generation, open_current


@dataclass(frozen=True, slots=True)
class Status:
    """The state of an archive.

    Attributes:
        articles: in the catalog, removed ones not counted; ``gone`` of them have lost their file.
        passages: in the catalog.
        generation: number in use, None when nothing is indexed.
        indexed_passages: in that generation.
        behind: articles changed since it was built.
        engine: lexical engine of the generation, None without one; likewise ``built`` (UTC time).
        model: what the settings name, or the bundled model.
        refusals: files and records that are refused as things stand.
        sizes: bytes by part of the archive folder.
        notes: sentences about what is wrong.
    """

    root: Path
    id: str
    articles: int
    gone: int
    passages: int
    generation: int | None
    indexed_passages: int
    behind: int
    engine: str | None
    built: str | None
    model: str
    refusals: tuple[Refusal, ...]
    sizes: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]


def status(archive: Archive) -> Status:
    """Tell what an archive holds; opens no index and changes nothing."""
    from index.embedding.model import BUNDLED

    with archive.snapshot() as snapshot:
        articles, passages = snapshot.articles, snapshot.passages
    generation, notes = _generation(archive)
    manifest = generation.manifest if generation else None
    if generation:
        generation.close()
    return Status(
        root=archive.root,
        id=archive.id,
        articles=articles,
        gone=sum(article.gone for article in archive.articles()),
        passages=passages,
        generation=manifest.number if manifest else None,
        indexed_passages=manifest.passages if manifest else 0,
        behind=archive.behind(manifest.change if manifest else 0),
        engine=manifest.engine if manifest else None,
        built=manifest.built if manifest else None,
        model=archive.settings.model or BUNDLED,
        refusals=archive.refusals(),
        sizes=tuple(_sizes(archive)),
        notes=notes,
    )


def _generation(archive: Archive) -> tuple[Generation | None, tuple[str, ...]]:
    try:
        generation = open_current(archive.layout)
    except NoIndex:
        return None, ()
    except ArchiveError as error:
        return None, (error.message,)
    return generation, generation.notes


def _sizes(archive: Archive) -> Iterator[tuple[str, int]]:
    layout = archive.layout
    for name, path in (("catalog", layout.catalog), ("vectors", layout.vectors), ("generations", layout.generations)):
        files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
        yield name, sum(file.stat().st_size for file in files)
