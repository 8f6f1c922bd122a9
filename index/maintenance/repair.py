"""Making an archive whole again: from what is sound in it, from its copies, from its sources.

Nothing that still works is lost first: a damaged catalog is kept beside the new one, a damaged index serves until the
one made anew was proved whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from archive import Archive
from archive.catalog.database import Catalog
from archive.catalog.recovery import salvage
from archive.core.errors import Action, ArchiveError, Damaged, NewerArchive, NotAnArchive, Remedy, UsageError
from archive.core.progress import Progress
from archive.core.system_limits import raise_limit
from archive.folder.files import replace as replace_file
from archive.folder.layout import Layout
from archive.folder.locking import writer_lock
from archive.folder.settings import create, load, save
from index.embedding.model import locate
from index.embedding.passage_input import rule
from index.generations import manifest as manifests
from index.generations.columns import open_columns
from index.generations.generation import COLUMNS, numbers, open_current
from index.indexing.build import build
from index.maintenance.verify import Problem, verify

if TYPE_CHECKING:
    from index.contracts.engines import Encoder
    from index.embedding.model import Model


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
    repaired, titles = _settings(layout), _indexed(layout)
    with writer_lock(layout):
        mended, lost = _catalog(layout)
    with Archive.open(layout.root) as archive:
        if mended:
            repaired += mended
            archive.update(rule(locate(archive.settings)), progress)
        report = verify(archive, progress)
        if mended or not report.whole:
            repaired += sorted({f"The {problem.code} was made anew: {problem.what}" for problem in report.problems})
            build(archive, progress=progress, rebuild=True, encoder=encoder)
            report = verify(archive, progress)
        missing = _missing(archive, {**titles, **lost}) if mended else ()
    return RepairReport(tuple(repaired), missing, report.problems)


def _indexed(layout: Layout) -> dict[str, str]:
    """Return the title of each article of the index, by identifier: what the catalog should hold."""
    try:
        with open_current(layout) as generation:
            columns = open_columns(generation.folder / COLUMNS)
            ordinals = np.flatnonzero(columns.live_articles).tolist()
            return {article.id: article.title for article in map(columns.article, ordinals)}
    except (ArchiveError, OSError, ValueError) as error:
        raise_limit(error)
        return {}


def _missing(archive: Archive, titles: dict[str, str]) -> tuple[str, ...]:
    """Return the articles that were there and are not any more, removed ones left out."""
    with archive.snapshot() as snapshot:
        present = set(snapshot.changed(0))
    return tuple(f"{title} ({article})" for article, title in sorted(titles.items()) if article not in present)


def _settings(layout: Layout) -> list[str]:
    """Make settings where they are lost; their keys get their usual values."""
    try:
        load(layout.settings)
    except (NotAnArchive, UsageError) as error:
        named = next(
            (identifier for number in numbers(layout) if (identifier := _named(layout.generation(number)))), None
        )
        if named is None and not layout.catalog.is_file():
            raise
        if layout.settings.exists():
            replace_file(layout.settings, layout.settings.with_suffix(".damaged"))
        settings = create(layout.settings)
        if named is not None:
            save(layout.settings, replace(settings, id=named))
        repaired = [f"The settings were made anew with the usual values: {error.message}"]
        return repaired if named else [*repaired, f"The archive's identifier is lost; it is {settings.id} from now on."]
    return []


def _named(folder: Path) -> str | None:
    """Return the archive's identifier as a generation tells it."""
    path = folder / manifests.NAME
    try:
        return manifests.from_bytes(path.read_bytes(), path).archive
    except (ArchiveError, OSError) as error:
        raise_limit(error)
        return None


def _catalog(layout: Layout) -> tuple[list[str], dict[str, str]]:
    """Make a new catalog where the old one is damaged; return what was done, and the names of what was not saved."""
    problem = _first_problem(layout.catalog)
    if problem is None:
        return [], {}
    saved = salvage(layout)
    if saved is None:
        raise Damaged(
            f"Nothing of the catalog could be saved, and there is no copy of it: {problem}",
            remedy=Remedy(Action.START_AFRESH),
        )
    kept = f"; the damaged one is kept as {saved.kept.name}" if saved.kept else ""
    done = f"The catalog was made anew of {saved.rows:,} sound articles and sources{kept}: {problem}"
    return [done], {lost.article: lost.name for lost in saved.lost}


def _first_problem(path: Path) -> str | None:
    try:
        with Catalog(path) as catalog:
            return next(catalog.check(), None)
    except NewerArchive:
        raise
    except ArchiveError as error:
        return error.message
