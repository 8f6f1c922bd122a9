"""Putting a copy of the catalog back, and making the index of it: what was in place is kept, the result is proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive import Archive
from archive.core.errors import Action, ArchiveError, Remedy, UsageError
from archive.core.progress import Progress
from archive.core.system_limits import in_words, limit_of
from archive.folder.discovery import is_archive
from archive.folder.layout import Layout
from archive.folder.locking import writer_lock
from archive.folder.settings import load
from archive.purge.put_back import put_back
from index.generations.generation import manifest_in_use
from index.indexing.build import build
from index.maintenance.verify import Problem, verify

if TYPE_CHECKING:
    from index.contracts.engines import Encoder
    from index.embedding.model import Model


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """Outcome of putting a copy back.

    Attributes:
        copy: the file that was put back.
        kept: where the catalog that was in place lies now, None where there was none.
        articles: how many there are now, removed ones not counted.
        generation: of the index in use now, 0 when nothing is indexed.
        problems: what is not as it should be.
    """

    copy: Path
    kept: Path | None
    articles: int
    generation: int
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        """Tell whether nothing was found."""
        return not self.problems


def restore(
    root: Path, copy: Path, progress: Progress | None = None, encoder: Callable[[Model], Encoder] | None = None
) -> RestoreReport:
    """Put a copy of an archive's catalog back, make the index of it, and prove both.

    A run that was killed has put the copy back or not; the next build makes the index then.

    Args:
        root: the archive folder.
        copy: of its catalog: a file, the name of one in the archive's ``backups/``, or the folder of a whole copy.
        progress: told of each step.
        encoder: makes the encoder of passages, for vectors that are lost.

    Raises:
        NotAnArchive: the folder is none.
        UsageError: there is no such copy, or it is one of another archive.
        Damaged: the copy is not whole; nothing was changed.
        NewerArchive: a newer Morgue wrote one of them.
        Busy: another process is writing.
    """
    layout = Layout(root.absolute())
    identifier = load(layout.settings).id
    file = _file(layout, identifier, copy)
    known = copy.is_dir() or file.parent.resolve() == layout.backups.resolve()
    with writer_lock(layout):
        manifest = manifest_in_use(layout)
        kept = put_back(layout, identifier, file, manifest.change if manifest else 0, known=known)
    with Archive.open(layout.root) as archive:
        problems = _indexed(archive, progress, encoder) or verify(archive, progress).problems
        with archive.snapshot() as snapshot:
            articles = snapshot.articles
    in_use = manifest_in_use(layout)
    return RestoreReport(file, kept, articles, in_use.number if in_use else 0, problems)


def _file(layout: Layout, identifier: str, copy: Path) -> Path:
    """Return the file of a catalog that is meant."""
    if copy.is_dir():
        if not is_archive(copy):
            raise UsageError(f"{copy} is no copy of an archive.")
        if (other := load(Layout(copy).settings).id) != identifier:
            raise UsageError(f"{copy} is another archive ({other}), no copy of {layout.root} ({identifier}).")
        return Layout(copy).catalog
    for file in (copy, *([layout.backups / copy.name] if copy == Path(copy.name) else [])):
        if file.is_file():
            return file
    there = ", ".join(path.name for path in sorted(layout.backups.glob("*.sqlite"))) or "none"
    raise UsageError(f"There is no copy {copy}. Copies in {layout.backups}: {there}.")


def _indexed(
    archive: Archive, progress: Progress | None, encoder: Callable[[Model], Encoder] | None
) -> tuple[Problem, ...]:
    """Make the index of the catalog; return what was in the way.

    Raises:
        ArchiveError: because of a limit of the system, which says nothing about what is stored.
    """
    awaited, under_way = archive.awaited, archive.is_repaired  # as the copy had it
    try:
        build(archive, progress=progress, encoder=encoder)
        # whoever puts a copy back means what it lacks to go, which is in what is kept; not what the copy awaits itself
        archive.end_repair(awaited, under_way=under_way)
    except (ArchiveError, OSError, MemoryError) as error:
        limit = limit_of(error)
        why = f"{in_words(limit)}." if limit is not None else str(error)
        what = f"The catalog is put back, and its index could not be made: {why}"
        if limit is not None:
            raise ArchiveError(f"{what} The next update makes it.") from limit
        remedy = error.remedy if isinstance(error, ArchiveError) else None
        return (Problem("generation", "", what, remedy or Remedy(Action.UPDATE)),)
    return ()
