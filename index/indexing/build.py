"""Bringing the index up to the catalog: the entry that loads nothing. The work is in ``index.indexing.builder``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archive import Archive
from archive.core.progress import Progress
from archive.folder.settings import renew
from index.contracts.recipe import RECIPE
from index.contracts.report import BuildReport

if TYPE_CHECKING:
    from index.contracts.engines import Encoder
    from index.embedding.model import Model


def build(
    archive: Archive,
    *,
    progress: Progress | None = None,
    rebuild: bool = False,
    reembed: bool = False,
    encoder: Callable[[Model], Encoder] | None = None,
    title_weight: int = RECIPE.words.title_weight,
) -> BuildReport:
    """Bring the index up to the catalog and switch to it; a purge that was cut short is completed first.

    Settings that an earlier version wrote are written as they are spelled now; the report says so where it matters. It
    names what the index held until now and the catalog does not, where that is older, as a copy was put back.

    Args:
        archive: the archive; its writer's lock is taken for the whole build.
        progress: told of each step.
        rebuild: make a new generation even when nothing changed, and continue the vectors that ``reembed`` began.
        reembed: begin a new set of vectors; the old one serves until the new one is complete.
        encoder: makes the encoder of passages; by default the quickest on this machine.
        title_weight: how often an article's document holds the words of its title; others than this program's are for
            experiments. Every other number of the recipe is this program's.

    Raises:
        Busy: another process is writing.
        Damaged: the catalog holds what was not written, or what was made of it did not verify; the index in use stays.
    """
    with archive.writing():
        from index.generations.unfollowed import in_one, lacking, told
        from index.indexing.builder import Build

        builder, removed = Build(archive, progress, encoder, title_weight), tuple[Path, ...]()
        if archive.purging is not None:
            from index.indexing.purge import finish_purge

            removed = finish_purge(archive, builder).removed
        missing = lacking(archive)
        lost = told(archive, missing)
        if lost:  # told by the report, and by status until a repair has told of it too
            archive.await_lost(missing, under_way=False)
        report = builder.run(rebuild or reembed, reembed)
        note = renew(archive.layout.settings)
    erased = [f"{path.name} was removed, as it cannot be read and may hold what was purged." for path in removed]
    notes = (*([in_one(lost)] if lost else []), *erased, *([] if note is None else [note]))
    return replace(report, notes=(*notes, *report.notes)) if notes else report
