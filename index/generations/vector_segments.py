"""Letting go of segments of vectors that were merged into others, once no generation on disk names them.

A reader holds its generation, and a generation that is held stays on disk: so what somebody reads is never removed.
"""

from __future__ import annotations

from pathlib import Path

from archive.core.errors import ArchiveError
from archive.folder.files import remove, sync_folder
from archive.folder.layout import Layout
from index.contracts.arrays import load
from index.generations.generation import numbers
from index.generations.manifest import NAME, from_bytes
from index.generations.open import SLOTS
from index.vectors.compaction import Merge
from index.vectors.epochs import epoch_folder
from index.vectors.segment import Segment
from index.vectors.store import VectorStore, segments_named, segments_of


def unneeded(layout: Layout, folder: Path, dimension: int) -> tuple[Segment, ...]:
    """Return the segments that no generation on disk names and whose every vector is in a newer one too.

    What a run that was cut short has embedded is named by no generation yet, but is nowhere else.

    Args:
        layout: of the archive, whose writer's lock is held, or of which nothing is to be removed.
        folder: of an epoch.
        dimension: length of its vectors.

    Raises:
        Damaged: the vectors are of another length.
        OSError: a file cannot be read.
    """
    named = _named(layout, folder)
    if named is None:
        return ()
    segments = VectorStore.open(folder, dimension).segments()
    unnamed = [segment for segment in segments if segment.number not in named]
    oldest = unnamed[0].number if unnamed else 0
    newer = VectorStore(folder, dimension, [segment for segment in segments if segment.number >= oldest])
    return tuple(segment for segment in unnamed if _is_repeated(newer, segment))


def drop_unneeded(layout: Layout, folder: Path, dimension: int) -> None:
    """Remove the segments that ``unneeded`` tells; raises what it raises, and OSError where one cannot be removed."""
    for segment in unneeded(layout, folder, dimension):
        drop(segment)


def drop_merged(layout: Layout, folder: Path, merge: Merge) -> None:
    """Remove the segments of an epoch that were merged, but those that a generation on disk still names.

    Raises:
        OSError: the system refused.
    """
    named = _named(layout, folder)
    if named is not None:
        for segment in merge.segments:
            if segment.number not in named:
                drop(segment)


def drop(segment: Segment) -> None:
    """Remove a segment, its log first: without it nothing of the segment counts.

    Raises:
        OSError: the system refused.
    """
    for path in segment.names.files:
        remove(path)
    sync_folder(segment.names.folder)


def _named(layout: Layout, folder: Path) -> frozenset[int] | None:
    """Return the numbers of the segments that generations name, None while one cannot tell what it names."""
    named = set[int]()
    for number in numbers(layout):
        generation = layout.generation(number)
        try:
            of = from_bytes((generation / NAME).read_bytes(), generation / NAME).vectors
            if epoch_folder(layout.vectors, of.fingerprint, of.epoch) == folder:
                named.update(segments_named(load(generation / SLOTS)))
        except (ArchiveError, OSError, ValueError):
            return None
    return frozenset(named)


def _is_repeated(store: VectorStore, segment: Segment) -> bool:
    keys = segment.keys[segment.usable()]
    return bool((segments_of(store.lookup(keys)) != segment.number).all())
