"""Making an archive whole again: from what is sound in it, from its copies, from its sources.

Nothing that still works is lost first: a damaged catalog is kept beside the new one, a damaged index serves until the
one made anew was proved whole. A repair that was cut short is continued by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from archive import Archive
from archive.catalog.backups import copies, damaged_copies, drop_cut_short, is_catalog
from archive.catalog.connection import unread_is_damage
from archive.catalog.database import Catalog
from archive.catalog.recovery.salvage import salvage
from archive.catalog.tables import awaited
from archive.core.errors import Action, ArchiveError, Damaged, NewerArchive, NotAnArchive, Remedy, UsageError
from archive.core.progress import Progress
from archive.core.system_limits import raise_limit
from archive.folder.files import remove, write_atomic
from archive.folder.files import replace as replace_file
from archive.folder.layout import Layout
from archive.folder.locking import writer_lock
from archive.folder.settings import Settings, create, load, salvaged, save
from archive.purge.purge import Bans
from archive.text.visible import visible_line
from index.embedding.model import locate
from index.embedding.passage_input import rule
from index.generations import manifest as manifests
from index.generations.generation import numbers
from index.generations.unfollowed import brought_back, indexed, is_older, lacking, told
from index.indexing.build import build
from index.maintenance.verify import UNFINISHED, Problem, verify

if TYPE_CHECKING:
    from index.contracts.engines import Encoder
    from index.embedding.model import Model


_BY_HAND: Final = (Action.DELETE_FILE, Action.PURGE, Action.RESTORE)
"""What a person has to do: no rebuild mends it."""


@dataclass(frozen=True, slots=True)
class RepairReport:
    """Outcome of a repair.

    Attributes:
        repaired: what was made anew, in sentences; empty when everything was whole.
        lost: what could not be brought back, in sentences.
        problems: what is still wrong.
    """

    repaired: tuple[str, ...]
    lost: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        """Tell whether everything is as it was."""
        return not (self.lost or self.problems)


def repair(
    root: Path, progress: Progress | None = None, encoder: Callable[[Model], Encoder] | None = None
) -> RepairReport:
    """Make an archive whole.

    Args:
        root: the archive folder, whatever is left of it.
        progress: told of each step.
        encoder: makes the encoder of passages, for vectors that are lost.

    Raises:
        NotAnArchive: nothing there tells of an archive.
        NewerArchive: a newer Morgue wrote it.
        Busy: another process is writing.
        Damaged: the catalog is lost and there is no copy of it.
    """
    layout = Layout(root.absolute())
    _require_traces(layout)
    with writer_lock(layout):
        for part in chain(*(layout.root.glob(f".{path.name}.*") for path in (layout.settings, layout.lost_settings))):
            remove(part)  # of a repair that was killed
        repaired = _settings(layout)
        drop_cut_short(layout)
        made_anew, damaged = _catalog(layout)
        repaired += made_anew
    with Archive.open(layout.root) as archive:
        archive.learn()
        cut_short, older = archive.is_repaired, is_older(archive)
        back = brought_back(archive) if older and not cut_short else ()
        if older:
            archive.await_lost(lacking(archive), under_way=True)
        lost = archive.awaited
        if lost is not None:
            archive.update(rule(locate(archive.settings)), progress)
        missing = told(archive, lost)
        away = tuple(_not_there(archive)) if missing else ()
        found = problems = _problems(archive, progress)
        if lost is not None or any(problem.remedy.action not in _BY_HAND for problem in found):
            build(archive, progress=progress, rebuild=True, encoder=encoder)
            problems = _problems(archive, progress)
            repaired += sorted({_mended(problem) for problem in found if problem not in problems})
        archive.end_repair()  # last: a repair that is cut short before has not told yet what is lost
        _told(layout)
    repaired += _fate(damaged)
    repaired += [f"There again, as the older catalog holds it and the index did not: {one}" for one in back]
    return RepairReport(tuple(repaired), missing, (*problems, *away))


def _mended(problem: Problem) -> str:
    if problem.code == "purged":
        return f"What was purged is erased: {problem.what}"
    return f"The {problem.code} was made anew: {problem.what}"


def _problems(archive: Archive, progress: Progress | None) -> tuple[Problem, ...]:
    """Return what is wrong, but for the repair under way."""
    return tuple(problem for problem in verify(archive, progress).problems if problem.what != UNFINISHED)


def _titles(layout: Layout) -> dict[str, str]:
    """Return the title of each article of the index, by identifier: what the catalog should hold."""
    return {article: known.title for article, known in (indexed(layout) or {}).items()}


def _not_there(archive: Archive) -> Iterator[Problem]:
    """Yield a problem for each source that is not there, from which nothing could be read again."""
    for source in archive.sources():
        if not Path(source.root).exists():
            what = f"{visible_line(source.root)} is not there, so that nothing could be read from it again."
            yield Problem("catalog", "", what, Remedy(Action.UPDATE))


def _require_traces(layout: Layout) -> None:
    """Refuse a folder in which nothing tells of an archive.

    Raises:
        NotAnArchive, UsageError: there are no settings, or none that can be read, and nothing else of an archive.
    """
    try:
        load(layout.settings)
    except (NotAnArchive, UsageError):
        if _indexed_name(layout) is None and not _has_catalog(layout):
            raise


def _has_catalog(layout: Layout) -> bool:
    """Tell whether there is a catalog of Morgue's, or a copy of one, whatever became of it."""
    return any(is_catalog(path) for path in (layout.catalog, *copies(layout), *damaged_copies(layout)))


def _settings(layout: Layout) -> list[str]:
    """Make settings where they are lost, with the usual values; give the archive its identifier back."""
    indexed, owner = _indexed_name(layout), _owner(layout.catalog)
    named = indexed or owner
    try:
        held = load(layout.settings)
    except (NotAnArchive, UsageError) as error:
        if not layout.settings.exists():
            if not layout.lost_settings.exists():
                write_atomic(layout.lost_settings, b"")
        else:
            _told(layout)
            replace_file(layout.settings, layout.lost_settings)
        settings = create(layout.settings, named, _salvaged(layout))
        repaired = [f"The settings were made anew{_kept(layout)}: {error.message}"]
        return repaired if named else [*repaired, f"The archive's identifier is lost; it is {settings.id} from now on."]
    untold = f"The settings were made anew or mended by a repair that was cut short{_kept(layout)}."
    repaired = [untold] if layout.lost_settings.exists() else []
    if indexed in (None, held.id) or owner not in (None, indexed):  # what only one of three says is wrong
        return repaired
    if not repaired:
        write_atomic(layout.lost_settings, b"")
    save(layout.settings, replace(held, id=indexed))
    return [*repaired, f"The archive is called {indexed} again, as its index has it; the settings said {held.id}."]


def _salvaged(layout: Layout) -> Settings | None:
    """Return what can be read of settings that were refused, None where nothing can."""
    try:
        return salvaged(layout.lost_settings)
    except (NotAnArchive, UsageError):
        return None


def _kept(layout: Layout) -> str:
    """Tell where settings that could not be read are kept from the end of this repair on."""
    lost = layout.lost_settings
    return f"; as they were, they are kept as {_numbered(lost).name}" if lost.exists() and lost.stat().st_size else ""


def _told(layout: Layout) -> None:
    """Give kept settings a name of their own once it was told that others are in their place."""
    lost = layout.lost_settings
    if lost.exists() and lost.stat().st_size:
        replace_file(lost, _numbered(lost))
    else:
        remove(lost)


def _numbered(path: Path) -> Path:
    """Return a name that is still free: that of a file, with the first number there is."""
    names = (path.with_name(f"{path.name}-{number}") for number in count(1))
    return next(name for name in names if not name.exists())


def _indexed_name(layout: Layout) -> str | None:
    """Return the archive's identifier as its newest generation tells it that can be read."""
    told = (identifier for number in numbers(layout) if (identifier := _named(layout.generation(number))))
    return next(told, None)


def _named(folder: Path) -> str | None:
    """Return the archive's identifier as a generation tells it."""
    path = folder / manifests.NAME
    try:
        return manifests.from_bytes(path.read_bytes(), path).archive
    except (ArchiveError, OSError) as error:
        raise_limit(error)
        return None


def _owner(path: Path) -> str | None:
    """Return the archive's identifier as the catalog tells it."""
    try:
        with unread_is_damage(path), Catalog(path) as catalog:
            return catalog.owner
    except ArchiveError:
        return None


def _catalog(layout: Layout) -> tuple[list[str], Path | None]:
    """Make a new catalog where the old one is damaged; return what was done, and where the damaged one is kept."""
    problem = _first_problem(layout.catalog)
    if problem is None:
        return _begun(layout.catalog), None
    saved = salvage(layout, _titles(layout), Bans(), load(layout.settings).id)
    if saved is None:
        raise Damaged(
            f"Nothing of the catalog could be saved, and there is no copy of it: {problem}",
            remedy=Remedy(Action.START_AFRESH),
        )
    return [f"The catalog was made anew of {saved.rows:,} sound articles and sources: {problem}"], saved.kept


def _fate(damaged: Path | None) -> list[str]:
    """Tell what became of a damaged catalog."""
    if damaged is None:
        return []
    if damaged.exists():
        return [f"The damaged catalog is kept as {damaged.name}."]
    return ["The damaged catalog may have held what was purged since, and was erased with it."]


def _begun(path: Path) -> list[str]:
    """Tell of a repair that was cut short when its catalog was in place."""
    with Catalog(path) as catalog:
        is_under_way = awaited.is_under_way(catalog)
    return ["A repair of the catalog that was cut short is finished now."] if is_under_way else []


def _first_problem(path: Path) -> str | None:
    try:
        with unread_is_damage(path), Catalog(path) as catalog:
            return next(catalog.check(), None)
    except NewerArchive:
        raise
    except ArchiveError as error:
        return error.message
