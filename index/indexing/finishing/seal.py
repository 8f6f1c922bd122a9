"""The last steps of a build: set the confidence scales, describe the generation, prove it whole, switch to it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.core.errors import ArchiveError
from archive.folder.files import make_private_dir, replace, sync_tree, write_atomic
from archive.folder.layout import Layout
from index.contracts.arrays import load
from index.contracts.options import Mode
from index.generations import manifest as manifests
from index.generations.checksums import records
from index.generations.columns import open_columns
from index.generations.generation import COLUMNS, LEXICAL, Current, collect, write_current
from index.generations.manifest import Manifest, Scale, Vectors
from index.generations.open import SLOTS, open_vectors
from index.generations.vector_segments import drop_unneeded
from index.indexing.catalog_pass import CatalogState
from index.indexing.finishing.validate import check, disagreements, require_whole
from index.indexing.job import Job
from index.lexical import engine
from index.vectors import epochs


@dataclass(frozen=True, slots=True)
class Written:
    """Columns and words that were written of a state of the catalog; ``languages`` of its articles, sorted."""

    state: CatalogState
    languages: tuple[str, ...]


def set_scales(job: Job, languages: tuple[str, ...]) -> dict[str, Scale]:
    """Return the confidence scale of each mode, taken over or set anew.

    Raises:
        Damaged: the parts do not agree with each other; the new generation is removed.
    """
    columns, slots = open_columns(job.folder / COLUMNS), load(job.folder / SLOTS)
    words = engine(job.plan.engine, job.recipe.tuning).open(job.folder / LEXICAL)
    covered = slots[slots >= 0]
    exact = open_vectors(job.store, job.model.dimension, covered) if len(covered) else None
    try:
        require_whole(job.folder, disagreements(columns, words, len(slots)))
        known = job.base.manifest.scales if job.base is not None and job.plan.reuse.scales else {}
        if len(known) == len(Mode):
            return known
        from index.indexing.finishing.calibrate import Scaling  # with all that it takes to answer questions

        scaling = Scaling(job.model, job.encoder, job.recipe)
        return scaling.scales(columns, words, languages, exact, slots, {})
    finally:
        words.close()
        if exact is not None:
            exact.close()


def describe(job: Job, written: Written, vectors: Vectors, scaled: dict[str, Scale]) -> Manifest:
    """Return the manifest of the new generation; files that are not taken over are read for their hashes."""
    job.tell("verifying", 0, None)
    base, plan, state = job.base, job.plan, written.state
    return Manifest(
        format=manifests.FORMAT,
        archive=job.archive.id,
        number=plan.number,
        built=datetime.now(UTC).isoformat(timespec="seconds"),
        change=state.change,
        token=state.token,
        articles=state.articles,
        passages=state.passages,
        engine=plan.engine,
        analysis=plan.makers.analysis,
        rule=plan.makers.rule,
        recipe=plan.makers.recipe,
        languages=written.languages,
        vectors=vectors,
        scales=scaled,
        files=records(job.folder, base.folder, base.manifest.files) if base else records(job.folder),
    )


def publish(job: Job, manifest: Manifest) -> None:
    """Switch to the new generation, and let its set of vectors serve, without segments that were merged into others.

    Raises:
        Damaged: it is not what the manifest says; it is removed, and the generation in use stays.
    """
    layout = job.archive.layout
    switch_to(layout, job.folder, manifest, job.base.folder if job.base else None)
    with suppress(ArchiveError, OSError):  # the index is in use; the next build drops what is left
        drop_unneeded(layout, job.store, job.model.dimension)
    epochs.finish(layout.vectors, job.model.fingerprint, job.plan.epoch)


def switch_to(layout: Layout, folder: Path, manifest: Manifest, old: Path | None) -> None:
    """Make a new generation durable, check it from the disk, and switch to it.

    Args:
        layout: of the archive.
        folder: where it grew.
        manifest: that describes it.
        old: folder of a checked generation with which it shares files, which are not read again.

    Raises:
        Damaged: it is not what the manifest says; it is removed, and the generation in use stays.
    """
    raw = manifests.to_bytes(manifest)
    write_atomic(folder / manifests.NAME, raw)
    sync_tree(folder)
    require_whole(folder, check(folder, manifest.engine, old))
    make_private_dir(layout.generations)  # it may have been deleted, as it may be at any time
    replace(folder, layout.generation(manifest.number))
    write_current(layout, Current(manifest.number, manifests.digest(raw)))
    collect(layout, keep=manifest.number)
