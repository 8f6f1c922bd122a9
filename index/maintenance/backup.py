"""Copies of an archive: of its catalog, kept beside it, or of the whole of it, elsewhere.

A copy is consistent, made while others read and write, and counts only once it was proved whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive import Archive
from archive.catalog.backups import copies, holds_all_of, new_copy, number_of
from archive.catalog.database import Catalog
from archive.core.errors import Action, Busy, Damaged, NoIndex, Remedy, UsageError
from archive.core.progress import Progress
from archive.folder.files import copy_file, make_dir, make_private_dir, remove, remove_tree, replace, sync_tree
from archive.folder.layout import Layout
from archive.folder.outside import check_outside, new_part
from index.generations.generation import Current, Generation, open_current, write_current
from index.generations.manifest import NAME, digest
from index.maintenance.verify import verify
from index.vectors.epochs import epoch_folder

KEPT: Final = 3  # copies of the catalog; chosen, not measured
_MADE_HERE: Final = "catalog-[0-9]*Z.sqlite"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What was copied: where it lies, its bytes, the older copies that went, and whether a purge will name it."""

    path: Path
    size: int
    dropped: tuple[Path, ...] = ()
    noted: bool = True


def backup_catalog(archive: Archive) -> BackupReport:
    """Copy the catalog into the archive's ``backups/`` and drop all but the newest three such copies.

    One that alone holds a text stays, or a later notebook: the catalog is an older one that was put back by hand.

    Articles, versions, passages and what a person keeps are all in the catalog: the index can be made of it again, only
    embedding takes time. Judgements in folders that their author chose are not.

    Raises:
        Damaged: the copy is not whole, so the catalog is not; older copies stay.
    """
    is_known = False  # all that other copies know; whoever writes meanwhile may have begun before they were there
    with suppress(Busy):
        archive.learn()
        is_known = True
    target = new_copy(archive.layout)
    archive.copy_catalog(target)
    with Catalog(target) as copy:
        problem = next(copy.check(), None)
    if problem is not None:
        remove(target)
        raise Damaged(f"The copy of the catalog is not whole: {problem}", remedy=Remedy(Action.VERIFY))
    made = sorted((number_of(path), path) for path in copies(archive.layout) if path.match(_MADE_HERE))
    dropped = [path for _, path in made[:-KEPT] if is_known and holds_all_of(target, path)]
    for old in dropped:
        remove(old)
    return BackupReport(target, target.stat().st_size, tuple(dropped))


def backup(archive: Archive, target: Path, progress: Progress | None = None) -> BackupReport:
    """Copy the whole archive to a new folder, which appears when it was proved whole.

    The copy is an archive of its own, with the same identifier. A later purge names it, unless the archive cannot be
    written to.

    Args:
        archive: to copy; others may read and write it.
        target: a folder that does not exist, outside of the archive.
        progress: told of each step.

    Raises:
        UsageError: something is there already, or it lies in the archive.
        Busy: another process is writing; the copy is written down in the catalog.
        Damaged: the copy is not whole.
    """
    target = target.absolute()
    _check(archive, target)
    part = new_part(target)
    is_noted = archive.note_backup(target)
    layout = Layout(make_dir(part))
    try:
        for folder in _fill(archive, layout):
            make_private_dir(folder)
        sync_tree(part)
        _prove(part, progress)
        replace(part, target)
    except BaseException:
        remove_tree(part)
        raise
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return BackupReport(target, size, noted=is_noted)


def _check(archive: Archive, target: Path) -> None:
    check_outside(archive.root, target, "backup")
    if target.exists():
        raise UsageError(f"{target} exists; a backup is written to a new folder.")


def _fill(archive: Archive, copy: Layout) -> Iterator[Path]:
    """Copy one part after the other; yield the folders that must be there."""
    yield from (copy.vectors, copy.generations, copy.tmp)
    copy_file(archive.layout.settings, copy.settings)
    try:
        generation = open_current(archive.layout)
    except NoIndex:
        archive.copy_catalog(copy.catalog)
        return
    with generation:
        yield from _vectors(archive.layout, copy, generation)
        yield from _copied(generation.folder, copy.generation(generation.number))
        raw = (generation.folder / NAME).read_bytes()
        write_current(copy, Current(generation.number, digest(raw)))
        archive.copy_catalog(copy.catalog)  # last: what it knows beyond the generation is only behind


def _vectors(layout: Layout, copy: Layout, generation: Generation) -> Iterator[Path]:
    of = generation.manifest.vectors
    source = epoch_folder(layout.vectors, of.fingerprint, of.epoch)
    target = epoch_folder(copy.vectors, of.fingerprint, of.epoch)
    yield target
    logs = sorted(source.glob("*.log"))  # first: what a log names is there before it names it
    for path in [*logs, *sorted(path for path in source.iterdir() if path not in logs)]:
        with suppress(FileNotFoundError):  # merged into another segment meanwhile: not one that the generation names
            copy_file(path, target / path.name)


def _copied(source: Path, target: Path) -> Iterator[Path]:
    yield target
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            yield place
        else:
            copy_file(path, place)


def _prove(folder: Path, progress: Progress | None) -> None:
    with Archive.open(folder) as copy:
        report = verify(copy, progress)
    if not report.whole:
        raise Damaged(f"The copy is not whole: {report.problems[0].what}", remedy=Remedy(Action.VERIFY))
