"""Bringing the vectors in use into as few segments as they need, without those that no passage has.

A generation is made that shares everything but the slots with the one in use; then it takes over.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from archive import Archive
from archive.core.errors import ArchiveError
from index.contracts.arrays import load, save
from index.contracts.engines import Ordinals
from index.generations.checksums import memory_of
from index.generations.generation import Generation, collect, open_current
from index.generations.open import SLOTS
from index.generations.vector_segments import drop_merged
from index.indexing.finishing.successor import Told, succeed
from index.vectors.compaction import Merge, carry_out, fewest
from index.vectors.epochs import epoch_folder
from index.vectors.store import VectorStore, segments_named


@dataclass(frozen=True, slots=True)
class Compaction:
    """What can be gained: the folder of the vectors in use, the bytes that come free."""

    folder: Path
    size: int


@dataclass(frozen=True, slots=True)
class _InUse:
    """The generation in use and its vectors, opened.

    Attributes:
        folder: of the vectors.
        slots: of its passages' vectors.
        merge: what is gained by merging.
    """

    archive: Archive
    generation: Generation
    folder: Path
    store: VectorStore
    slots: Ordinals
    merge: Merge

    @classmethod
    def read(cls, archive: Archive, generation: Generation, gone: Collection[int]) -> Self | None:
        """Find out what is gained; None where that is nothing, or something in the way is damaged.

        ``gone``: numbers of the segments that count no more.

        Raises:
            ArchiveError: the vectors or the generation cannot be used.
            OSError: a file cannot be read.
            ValueError: the slots are damaged.
        """
        generation.check(memory_of(archive.id, generation.number))
        if generation.notes or generation.bad:
            return None
        vectors = generation.manifest.vectors
        slots: Ordinals = load(generation.folder / SLOTS, mapped=False)
        folder = epoch_folder(archive.layout.vectors, vectors.fingerprint, vectors.epoch)
        segments = VectorStore.open(folder, vectors.dimension).segments()
        store = VectorStore(folder, vectors.dimension, [each for each in segments if each.number not in gone])
        with archive.snapshot() as snapshot:
            is_behind = snapshot.change != generation.manifest.change
        wanted = is_behind or vectors.covered is not None  # what was embedded may be wanted by the next build
        merge = fewest(store, slots, segments_named(slots[: vectors.base]), drop_unnamed=not wanted)
        return None if merge is None else cls(archive, generation, folder, store, slots, merge)

    def publish(self) -> int:
        """Merge, and switch to a generation of the new slots; return its number."""
        manifest = self.generation.manifest

        def fill(folder: Path) -> Told:
            save(folder / SLOTS, carry_out(self.store, self.merge, self.slots))
            return Told(manifest.vectors, manifest.scales)

        return succeed(self.archive.layout, self.generation, (SLOTS,), fill)


def compact(archive: Archive, *, gone: Collection[int] = (), dry_run: bool = False) -> Compaction | None:
    """Merge the segments of the vectors in use where something is gained; return what, or None.

    The segments that a Chroma index names stay, since their slots may not change.

    Args:
        archive: whose writer's lock is held, but in a dry run.
        gone: numbers of segments that are removed, or would be, and so are none of what is gained here.
        dry_run: change nothing, only tell.

    Raises:
        Damaged: the new generation did not verify; the one in use stays.
        OSError: the system refused.
    """
    try:
        generation = open_current(archive.layout)
    except ArchiveError:
        return None
    with generation:
        try:
            found = _InUse.read(archive, generation, gone)
        except (ArchiveError, ValueError):
            return None
        if found is None:
            return None
        number = None if dry_run else found.publish()
    if number is not None:
        collect(archive.layout, keep=number)  # not before: the generation was held until here
        drop_merged(archive.layout, found.folder, found.merge)
    return Compaction(found.folder, found.merge.spared)
