"""Erasing for good: what the archive purges goes from the vectors and from every generation too.

The vectors that are still wanted are copied into a new epoch and a generation is made of the catalog as it is, without
embedding anything; then older generations, older epochs and all work in progress go. The catalog holds a mark until
that is done, so that the next purge or build completes a run that was cut short. Chroma's index is made anew after
that: nothing that is to be erased waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from archive import Archive
from archive.core.errors import ArchiveError
from archive.core.progress import Progress
from archive.core.system_limits import raise_limit
from archive.folder.files import remove, remove_tree
from archive.folder.layout import Layout
from archive.purge.purge import Purge, Stage
from index.ann import private_copy
from index.embedding.passage_input import rule
from index.generations.generation import collect, manifest_in_use, numbers, read_current
from index.generations.manifest import NAME, Manifest, from_bytes
from index.indexing.builder import Build
from index.indexing.catalog_pass import input_keys
from index.vectors import epochs
from index.vectors.key_lookup import distinct
from index.vectors.segment import Keys
from index.vectors.store import VectorStore

if TYPE_CHECKING:
    from index.contracts.engines import Encoder
    from index.embedding.model import Model

_BATCH: Final = 4096  # vectors copied at a time, six megabytes; chosen, not measured


@dataclass(frozen=True, slots=True)
class ErasedIndex:
    """What became of the index.

    Attributes:
        generation: now in use, 0 when nothing is indexed.
        kept: vectors that are still wanted; ``dropped`` are gone.
        held: older generations that another process still reads, and which therefore still hold what was purged.
        removed: copies of the catalog that went because nobody can tell what they hold.
    """

    generation: int = 0
    kept: int = 0
    dropped: int = 0
    held: tuple[int, ...] = ()
    removed: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a purge did to the catalog and to the index; ``notes`` are sentences worth telling."""

    catalog: Purge
    index: ErasedIndex
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Tell whether nothing is left of what was purged, and nothing that may hold it, in the archive folder."""
        return not (self.index.held or self.catalog.copies.strange)


def purge(
    archive: Archive,
    identifier: str,
    *,
    progress: Progress | None = None,
    encoder: Callable[[Model], Encoder] | None = None,
) -> PurgeReport:
    """Erase an article, or a source with the articles that no other holds, from everything in the archive folder.

    Args:
        archive: the archive; its writer's lock is taken for the whole work.
        identifier: of the article or source; the erasing of one that was purged before is completed.
        progress: told of each step.
        encoder: makes the encoder of passages, for those that were never indexed.

    Raises:
        UnknownId: there is no article or source of that identifier.
        Busy: another process is writing, or reads the catalog for long.
        Damaged: what was written did not verify; the next purge or build completes it.
    """
    with archive.writing():
        builder = Build(archive, progress, encoder)  # first, because it says when the model is missing
        erased = archive.purge(identifier)
        index = finish_purge(archive, builder)
        erased = replace(erased, copies=erased.copies.left())
        if not index.generation:
            return PurgeReport(erased, index)
        chroma = builder.make_lacking_chroma()
        return PurgeReport(erased, replace(index, generation=chroma.generation), (chroma.note,) if chroma.note else ())


def finish_purge(archive: Archive, builder: Build) -> ErasedIndex:
    """Do what a purge has still to do; what a reader holds is left, and the mark with it."""
    removed = archive.scrub()
    kept = dropped = 0
    if archive.purging == Stage.INDEX:
        kept, dropped = _replace_vectors(archive, builder)
        archive.purge_reached(Stage.HELD)
    still_read = _remove_older(archive.layout, builder.model)
    if not still_read:
        archive.purge_reached(None)
    in_use = manifest_in_use(archive.layout)
    return ErasedIndex(in_use.number if in_use else 0, kept, dropped, still_read, removed)


def _replace_vectors(archive: Archive, builder: Build) -> tuple[int, int]:
    """Copy the wanted vectors and make a generation of them; return how many were kept and how many were not."""
    vectors, model, before = archive.layout.vectors, builder.model, manifest_in_use(archive.layout)
    archive.recut(rule(model))
    wanted = distinct(input_keys(archive, model))
    begun = epochs.pending(vectors, model.fingerprint)
    old = _epoch_in_use(vectors, model, before, begun)
    if not old and not numbers(archive.layout):
        return 0, 0
    new = epochs.claim(vectors, model.fingerprint, old)
    kept, dropped = _copy_vectors(vectors, model, old, new, wanted)
    if numbers(archive.layout) or read_current(archive.layout):
        builder.index(rebuild=True, reembed=False, epoch=new)
    if begun is not None and begun != old:
        left = epochs.claim(vectors, model.fingerprint, begun)
        _copy_vectors(vectors, model, begun, left, wanted)
        epochs.mark(vectors, model.fingerprint, left)
    return kept, dropped


def _epoch_in_use(vectors: Path, model: Model, before: Manifest | None, begun: int | None) -> int:
    if before is not None and before.vectors.fingerprint == model.fingerprint:
        return before.vectors.epoch
    return max((number for number in epochs.epochs(vectors, model.fingerprint) if number != begun), default=0)


def _copy_vectors(vectors: Path, model: Model, old: int, new: int, wanted: Keys) -> tuple[int, int]:
    source = epochs.epoch_folder(vectors, model.fingerprint, old)
    target = epochs.epoch_folder(vectors, model.fingerprint, new)
    with (
        VectorStore.open(source, model.dimension, verify=True) as have,
        VectorStore(target, model.dimension) as copy,
    ):
        slots = have.lookup(wanted)
        rows = np.flatnonzero(slots >= 0)
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            copy.append(wanted[batch], have.gather(slots[batch]))
        return len(rows), len(have) - len(rows)


def _remove_older(layout: Layout, model: Model) -> tuple[int, ...]:
    """Remove all that is older than the generation in use; return the generations that are held."""
    in_use = manifest_in_use(layout)
    keep = in_use.number if in_use else 0
    collect(layout, keep)
    left = numbers(layout)
    if not left:
        remove(layout.current)
    used = {folder for number in left if (folder := _vectors_of(layout, number)) is not None}
    if in_use is None:
        newest = _epoch_in_use(layout.vectors, model, None, epochs.pending(layout.vectors, model.fingerprint))
        used.add(epochs.epoch_folder(layout.vectors, model.fingerprint, newest))
    _drop_vectors(layout, model, used)
    for path in layout.tmp.glob("*"):
        if path != layout.writer:
            remove_tree(path) if path.is_dir() else remove(path)
    private_copy.sweep()
    return tuple(number for number in left if number != keep)


def _drop_vectors(layout: Layout, model: Model, used: Collection[Path]) -> None:
    """Remove the vectors that no generation uses, and those of other models: whose texts they are cannot be told."""
    for epoch in epochs.unused(layout.vectors, used):
        remove_tree(epoch.folder)
    ours = epochs.model_folder(layout.vectors, model.fingerprint)
    for folder in layout.vectors.iterdir() if layout.vectors.is_dir() else ():
        if folder.is_dir() and folder != ours and not any(epoch.is_relative_to(folder) for epoch in used):
            remove_tree(folder)


def _vectors_of(layout: Layout, number: int) -> Path | None:
    path = layout.generation(number) / NAME
    try:
        described = from_bytes(path.read_bytes(), path).vectors
    except (ArchiveError, OSError) as error:
        raise_limit(error)
        return None
    return epochs.epoch_folder(layout.vectors, described.fingerprint, described.epoch)
