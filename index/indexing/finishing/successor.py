"""A generation that is as the one in use but for a few of its files, which it shares the others with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from archive import Archive
from archive.core.errors import Action, Damaged, Remedy
from archive.folder.files import make_dir, remove_tree
from archive.folder.layout import Layout
from index.generations.checksums import memory_of, records
from index.generations.generation import Generation, numbers, share
from index.generations.manifest import Scale, Vectors
from index.indexing.finishing.seal import switch_to


@dataclass(frozen=True, slots=True)
class Told:
    """What the manifest of the new one says otherwise than that of the one before."""

    vectors: Vectors
    scales: Mapping[str, Scale]


def require_sound(archive: Archive, generation: Generation, but: Collection[str] = ()) -> None:
    """Compare what is to be shared with the manifest; ``but`` are parts that are made anew anyway.

    Raises:
        Damaged: something is not what was written.
    """
    generation.check(memory_of(archive.id, generation.number))
    for part, problem in generation.bad.items():
        if part not in but:
            what = f"Generation {generation.number:06d} is damaged: {problem}."
            raise Damaged(what, remedy=Remedy(Action.REBUILD))


def succeed(layout: Layout, before: Generation, but: Collection[str], fill: Callable[[Path], Told]) -> int:
    """Switch to a generation that is as one that is held, but for some of its files; return its number.

    Args:
        layout: of the archive, whose writer's lock is held.
        before: the one in use, whose files were checked.
        but: names of the files and folders that the new one has of its own.
        fill: writes them into its folder, and says what the manifest tells of it.

    Raises:
        Damaged: what was written did not verify; the one in use stays.
        OSError: the system refused.
    """
    number = max(numbers(layout)) + 1
    folder = layout.tmp / f"generation-{number:06d}"
    remove_tree(folder)  # of a run that was killed
    try:
        make_dir(folder)
        share(before.folder, folder, but=but)
        told = fill(folder)
        manifest = replace(
            before.manifest,
            number=number,
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            vectors=told.vectors,
            scales=dict(told.scales),
            files=records(folder, before.folder, before.manifest.files),
        )
        switch_to(layout, folder, manifest, before.folder)
    finally:
        remove_tree(folder)
    return number
