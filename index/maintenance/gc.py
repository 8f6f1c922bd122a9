"""Freeing space: what nobody needs and nobody reads goes.

The catalog is not touched: every version of every article stays, and with them whatever is judged, starred or cited.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive import Archive
from archive.catalog.backups import cut_short
from archive.core.errors import ArchiveError, UsageError
from archive.folder.files import remove, remove_tree
from archive.folder.layout import Layout
from index.generations.generation import (
    held_by_readers,
    manifest_in_use,
    numbers,
    open_generation,
    read_current,
    set_aside,
)
from index.generations.vector_segments import drop, unneeded
from index.maintenance.compact import compact
from index.vectors import epochs
from index.vectors.segment import Segment

_CUT_SHORT: Final = "left by a run that was cut short"


@dataclass(frozen=True, slots=True)
class Freed:
    """Something that goes: what it is, where it lies in the archive, the bytes that come free."""

    what: str
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class GcReport:
    """What went, or would go; ``held`` generations are still read and go another time."""

    freed: tuple[Freed, ...]
    held: tuple[int, ...]

    @property
    def size(self) -> int:
        """Return how many bytes came free."""
        return sum(freed.size for freed in self.freed)


def gc(archive: Archive, *, dry_run: bool = False) -> GcReport:
    """Remove generations that no reader holds, vectors that nothing uses, and leftovers of killed runs.

    The vectors in use are brought into as few files as they need, unless somebody reads their generation or a purge is
    to be completed first.

    Args:
        archive: to clean.
        dry_run: change nothing, only tell; no right to write is needed.

    Raises:
        Busy: another process is writing.
        UsageError: the archive cannot be written to, and this is no dry run.
        Damaged: the index with the merged vectors did not verify; the one in use stays.
    """
    with _undisturbed(archive, dry_run):
        layout = archive.layout
        read = held_by_readers(layout)
        garbage = [*_leftovers(layout), *_generations(layout, read), *_epochs(layout, read)]
        segments = _segments(layout)
        repeated = [_of_segment(layout, segment) for segment in segments]
        if not dry_run:
            for freed in garbage:
                _remove(layout, freed)
            for segment in segments:
                drop(segment)
        garbage += repeated
        if not read & _kept(layout) and archive.purging is None:
            garbage += _compacted(archive, [segment.number for segment in segments], dry_run)
    return GcReport(tuple(garbage), tuple(sorted(read - _kept(layout))))


@contextmanager
def _undisturbed(archive: Archive, dry_run: bool) -> Iterator[None]:
    """Hold the archive for writing; a dry run goes without where it may not be written to."""
    with ExitStack() as held:
        try:
            held.enter_context(archive.writing())
        except UsageError:
            if not dry_run:
                raise
        yield


def _segments(layout: Layout) -> tuple[Segment, ...]:
    """Return the segments of the vectors in use that were merged into others, and that nobody needs any more."""
    manifest = manifest_in_use(layout)
    if manifest is None:
        return ()
    of = manifest.vectors
    return unneeded(layout, epochs.epoch_folder(layout.vectors, of.fingerprint, of.epoch), of.dimension)


def _of_segment(layout: Layout, segment: Segment) -> Freed:
    return Freed("vectors", segment.path.relative_to(layout.root).as_posix(), segment.bytes_on_disk)


def _compacted(archive: Archive, gone: Collection[int], dry_run: bool) -> Iterator[Freed]:
    if (gained := compact(archive, gone=gone, dry_run=dry_run)) is not None:
        yield Freed("vectors", gained.folder.relative_to(archive.root).as_posix(), gained.size)


def _remove(layout: Layout, freed: Freed) -> None:
    folder = layout.root / freed.path
    if not folder.is_dir():
        remove(folder)
        return
    remove_tree(folder if folder.parent == layout.tmp else set_aside(layout, folder))


def _generations(layout: Layout, read: frozenset[int]) -> Iterator[Freed]:
    for number in numbers(layout):
        if number not in read | _kept(layout):
            yield _folder(layout, layout.generation(number), "generation")


def _epochs(layout: Layout, read: frozenset[int]) -> Iterator[Freed]:
    """Yield epochs without use; none while a generation cannot tell what it uses, or while there is no generation."""
    used = {_epoch_of(layout, number) for number in read | _kept(layout)}
    folders = {folder for folder in used if folder is not None}
    if folders and folders == used:
        for epoch in epochs.unused(layout.vectors, folders):
            yield _folder(layout, epoch.folder, "vectors")


def _leftovers(layout: Layout) -> Iterator[Freed]:
    for path in sorted(layout.tmp.iterdir()) if layout.tmp.is_dir() else ():
        if path.is_dir():
            yield _folder(layout, path, _CUT_SHORT)
    for path in cut_short(layout):
        yield Freed(_CUT_SHORT, path.relative_to(layout.root).as_posix(), path.stat().st_size)


def _kept(layout: Layout) -> frozenset[int]:
    """Return the generation in use; without one that can be told, all of them."""
    current = read_current(layout)
    return frozenset(numbers(layout)) if current is None else frozenset({current.number})


def _epoch_of(layout: Layout, number: int) -> Path | None:
    try:
        with open_generation(layout, number) as generation:
            of = generation.manifest.vectors
            return epochs.epoch_folder(layout.vectors, of.fingerprint, of.epoch)
    except ArchiveError:
        return None


def _folder(layout: Layout, folder: Path, what: str) -> Freed:
    files = (path.stat() for path in folder.rglob("*") if path.is_file())
    size = sum(status.st_size for status in files if status.st_nlink == 1)
    return Freed(what, folder.relative_to(layout.root).as_posix(), size)
