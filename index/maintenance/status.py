"""What an archive holds and how far its index is behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive import Archive, Outdated, Refusal
from archive.core.errors import Action, Advice, ArchiveError, NoIndex, Remedy
from archive.folder.locking import Writer, writer
from archive.folder.settings import outdated
from index.ann.choice import explained
from index.ann.measured import Measured
from index.generations.agreement import UNPURGED, UNTOLD, partly_covered, shortcomings
from index.generations.generation import Generation, is_chroma_ours, open_current
from index.generations.manifest import Manifest

_BEHIND: Final = "The index was made before that: it can be searched, and an update brings it up to date."


@dataclass(frozen=True, slots=True)
class Reembedding:
    """A set of vectors that ``rebuild --reembed`` began and the next ``rebuild`` goes on with.

    Attributes:
        vectors: how many are made.
        passages: for how many; equal ones share a vector.
    """

    vectors: int
    passages: int


@dataclass(frozen=True, slots=True)
class Status:
    """The state of an archive.

    Attributes:
        articles: in the catalog, removed ones not counted; ``gone`` of them have lost their file.
        passages: in the catalog.
        generation: number in use, None when nothing is indexed.
        indexed_passages: in that generation.
        covered: how many of them can be found by meaning, None where all can.
        behind: articles changed since it was built.
        outdated: what older readers and rules made, which ``update`` would make anew.
        engine: lexical engine of the generation, None without one; likewise ``built`` (UTC time).
        chroma: what was measured of the Chroma index made of it, be it kept or not; None where none was made.
        meaning: what finds the passages nearest in meaning, and why, in sentences; empty without a generation.
        model: what the settings name, or the bundled model.
        reembedding: one that was begun and is not complete, None without one.
        writer: the process that is writing just now, None without one.
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
    covered: int | None
    behind: int
    engine: str | None
    built: str | None
    chroma: Measured | None
    meaning: str
    model: str
    reembedding: Reembedding | None
    writer: Writer | None
    refusals: tuple[Refusal, ...]
    sizes: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    outdated: Outdated


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
        gone=archive.gone,
        passages=passages,
        generation=manifest.number if manifest else None,
        indexed_passages=manifest.passages if manifest else 0,
        covered=manifest.vectors.covered if manifest else None,
        behind=archive.behind(manifest.change if manifest else 0),
        engine=manifest.engine if manifest else None,
        built=manifest.built if manifest else None,
        chroma=manifest.vectors.measured if manifest else None,
        meaning=_meaning(archive, manifest) if manifest else "",
        model=archive.settings.model or BUNDLED,
        reembedding=_reembedding(archive, manifest, passages),
        writer=writer(archive.layout),
        refusals=archive.refusals(),
        sizes=tuple(_sizes(archive)),
        notes=(
            *notes,
            *shortcomings(archive, manifest),
            *([partial] if manifest and (partial := partly_covered(manifest)) else []),
            *([Advice(UNPURGED, Remedy(Action.UPDATE))] if archive.purging is not None else []),
            *([Advice(UNTOLD, Remedy(Action.REPAIR))] if archive.awaited is not None else []),
            *(_outdated(archive, manifest) if manifest else ()),
            *filter(None, [outdated(archive.layout.settings)]),
        ),
        outdated=archive.outdated(),
    )


def _meaning(archive: Archive, manifest: Manifest) -> str:
    vectors, is_kept = manifest.vectors, manifest.vectors.base > 0
    if vectors.covered is not None:
        return f"Of {manifest.passages:,} passages {vectors.covered:,} have a vector; every one of these is scored."
    is_ours = not is_kept or is_chroma_ours(manifest)
    return explained(archive.settings.vectors, vectors.measured, manifest.passages, is_kept=is_kept, is_ours=is_ours)


def _outdated(archive: Archive, manifest: Manifest) -> tuple[str, ...]:
    """Return what this program would make otherwise than the index in use, in sentences; the index can be searched."""
    from index.contracts.recipe import RECIPE
    from index.embedding.model import locate
    from index.indexing.facts import makers_in, makers_of
    from index.indexing.plan import changes

    try:
        program = makers_of(locate(archive.settings), RECIPE)
    except (ArchiveError, OSError):  # the model is not on this machine
        return ()
    return tuple(f"{what} {_BEHIND}" for what in changes(makers_in(manifest), program))


def _reembedding(archive: Archive, manifest: Manifest | None, passages: int) -> Reembedding | None:
    from index.embedding.model import locate
    from index.vectors import epochs
    from index.vectors.store import VectorStore

    try:
        model = locate(archive.settings)
        begun = epochs.pending(archive.layout.vectors, model.fingerprint)
        in_use = (manifest.vectors.fingerprint, manifest.vectors.epoch) if manifest else None
        if begun is None or in_use == (model.fingerprint, begun):
            return None
        folder = epochs.epoch_folder(archive.layout.vectors, model.fingerprint, begun)
        return Reembedding(len(VectorStore.open(folder, model.dimension)), passages)
    except (ArchiveError, OSError):  # of the model, or of vectors that verify tells about
        return None


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
