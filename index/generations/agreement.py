"""Whether the catalog is the one that a generation was made of, or a later state of it."""

from __future__ import annotations

from typing import Final

from archive import Archive
from archive.core.errors import Action, Advice, Damaged, Remedy
from archive.text.visible import visible_line
from index.generations.manifest import Manifest

UNTOLD: Final = "Articles or texts were lost; a repair looks for them once more, and names them."
UNPURGED: Final = "A purge is not finished: files of the archive may still hold what was purged."


def disagreement(archive: Archive, manifest: Manifest) -> Advice | None:
    """Return in what a catalog and a generation do not belong together, None where they do.

    Args:
        archive: whose catalog is read.
        manifest: of the generation.

    Raises:
        Damaged: the catalog cannot be read.
    """
    if archive.owner not in (None, archive.id) and archive.owner == manifest.archive:
        what = f"The settings call the archive {archive.id}, its catalog and its index call it {archive.owner}."
        return Advice(what, Remedy(Action.REPAIR))
    if archive.owner not in (None, archive.id):
        what = f"The catalog is that of another archive ({archive.owner})."
        return Advice(what, Remedy(Action.RESTORE))
    if archive.follows(manifest.change, manifest.token):
        return None
    what = (
        "The catalog is older than the index, or not the one that the index was made of: a copy was put back, or its"
        f" newest changes were lost with {archive.layout.catalog.name}-wal. Answers may lack articles; sources that"
        " were added since are to be added again."
    )
    return Advice(what, Remedy(Action.REPAIR))


def half_read(archive: Archive) -> Advice | None:
    """Return which sources an archive holds only a part of, as reading them was stopped or goes on; None without."""
    try:
        roots = [visible_line(source.root) for source in archive.half_read]
    except Damaged:  # verify tells of that, and no answer hangs on it
        return None
    if not roots:
        return None
    read = f"{roots[0]} and {len(roots) - 1} more were" if roots[1:] else f"{roots[0]} was"
    return Advice(f"{read} not read to the end yet; the rest is not in the archive.", Remedy(Action.UPDATE))


def partly_covered(manifest: Manifest) -> Advice | None:
    """Return of how many passages meaning is known, None where of all."""
    covered = manifest.vectors.covered
    if covered is None:
        return None
    what = f"Meaning is known of {covered:,} of {manifest.passages:,} passages so far; the others are found by words"
    return Advice(f"{what} (semantic-partial).", Remedy(Action.UPDATE))


def shortcomings(archive: Archive, manifest: Manifest | None) -> tuple[Advice, ...]:
    """Return what keeps an archive from answering as it should, whatever is asked; no manifest where nothing serves."""
    told = (None if manifest is None else disagreement(archive, manifest), half_read(archive))
    return tuple(one for one in told if one is not None)
