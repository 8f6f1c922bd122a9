"""Make a generation from the catalog by a plan: write every index, embed what has no vector, verify, switch.

Nothing finished is touched. Vectors are durable batch by batch, so that the next run continues one that was killed; the
generation grows in a temporary folder and is renamed when it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from archive import Archive
from archive.core.errors import Action, ArchiveError, Damaged, Remedy
from archive.core.progress import Progress
from archive.core.system_limits import in_words
from archive.folder.files import make_dir, remove_tree
from index.contracts.arrays import save
from index.contracts.engines import Encoder, Ordinals
from index.contracts.recipe import RECIPE
from index.contracts.report import BuildReport
from index.embedding.model import Model, locate
from index.embedding.passage_input import rule
from index.generations.columns import open_columns
from index.generations.generation import COLUMNS, SET_ASIDE, manifest_in_use
from index.generations.manifest import Manifest, Vectors
from index.generations.open import SLOTS
from index.indexing.catalog_pass import ArticleSink, read_articles
from index.indexing.facts import Gathered, count_indexed, gather
from index.indexing.finishing.seal import Written, describe, publish, set_scales
from index.indexing.job import Job
from index.indexing.lexical_documents import TextIndexWriter
from index.indexing.plan import BuildPlan, Request, Reuse, make_plan
from index.indexing.vectors import chroma_step
from index.indexing.vectors.embed_missing import FEW, Embedded, SlotFinder, embed_missing
from index.vectors import epochs
from index.vectors.compaction import carry_out, fewest, small_step
from index.vectors.store import VectorStore, segments_named

if TYPE_CHECKING:
    from index.indexing.vectors.covering import Made


class Build:
    """Builds generations of one archive.

    Args:
        archive: whose writer's lock is held.
        progress: told of each step.
        encoder: makes the encoder of passages; None for the quickest on this machine.
        title_weight: see ``index.build``.
    """

    def __init__(
        self,
        archive: Archive,
        progress: Progress | None,
        encoder: Callable[[Model], Encoder] | None,
        title_weight: int = RECIPE.words.title_weight,
    ) -> None:
        self._archive, self._progress = archive, progress
        self._recipe = replace(RECIPE, words=replace(RECIPE.words, title_weight=title_weight))
        self._model = locate(archive.settings)
        self._encoder: Callable[[], Encoder] = cache(lambda: (encoder or _quickest)(self._model))
        self._ahead = 0

    @property
    def model(self) -> Model:
        """Return the model that the settings name."""
        return self._model

    def run(self, rebuild: bool, reembed: bool) -> BuildReport:
        """Build what is missing: words, vectors, and Chroma's index last, for which nobody has to wait."""
        report = self.index(rebuild, reembed)
        if not report.generation:
            return report
        made = self._cover()
        step = self.make_lacking_chroma()
        notes = report.notes if step.note is None else (*report.notes, step.note)
        built = report.built or step.generation != report.generation
        if made is not None:
            report = replace(report, embedded=report.embedded + made.vectors, reused=report.reused - made.passages)
        return replace(report, generation=step.generation, notes=notes, built=built)

    def index(self, rebuild: bool, reembed: bool, epoch: int | None = None) -> BuildReport:
        """Build what is missing but Chroma's index, and but vectors that take long.

        ``epoch`` is the set of vectors to use, None to choose one.
        """
        archive, settings = self._archive, self._archive.settings
        archive.recut(rule(self._model), self._progress)
        request = Request(rebuild or reembed, reembed, settings.engine, settings.vectors, epoch)
        plan, gathered = self._planned(request)
        return self._carry_out(plan, gathered, FEW) if plan.why else _up_to_date(gathered)

    def by_words(self) -> BuildReport:
        """Index what is new by words alone, if vectors may follow; nothing else is made, and nothing embedded."""
        settings = self._archive.settings
        plan, gathered = self._planned(Request(engine=settings.engine, vectors=settings.vectors))
        return self._carry_out(plan, gathered, most=0) if plan.why and not plan.waits else _up_to_date(gathered)

    def _planned(self, request: Request) -> tuple[BuildPlan, Gathered]:
        gathered = gather(self._archive, self._archive.layout, self._model, self._recipe, request)
        return make_plan(gathered.facts), gathered

    def _cover(self) -> Made | None:
        """Make the vectors that the generation in use lacks; None where it lacks none."""
        in_use = manifest_in_use(self._archive.layout)
        if in_use is None or in_use.vectors.covered is None:
            return None
        from index.indexing.finishing.calibrate import Scaling  # with all that it takes to answer questions
        from index.indexing.vectors.covering import cover

        scaling = Scaling(self._model, self._encoder, self._recipe)
        return cover(self._archive, in_use, self._model, scaling, self._encoder, self._progress, self._ahead)

    def make_lacking_chroma(self) -> chroma_step.ChromaStep:
        """Make the Chroma index that the generation in use lacks, if it does."""
        return chroma_step.make_lacking_index(self._archive, self._model, self._encoder, self._progress)

    def _carry_out(self, plan: BuildPlan, gathered: Gathered, most: int) -> BuildReport:
        if not plan.reuse.words:
            require_whole_catalog(self._archive)
        before = gathered.facts.in_use
        self._archive.name_state(*((before.change, before.token) if before else ()))
        job = self._job(plan, gathered, most)
        written, embedded = write(job)
        self._ahead = embedded.ahead
        scaled = set_scales(job, written.languages)
        manifest = describe(job, written, _vectors(job, written, embedded.slots), scaled)
        new = manifest.passages - _indexed_already(job)
        publish(job, manifest)
        return _report(manifest, new, embedded, (*plan.notes, *embedded.notes))

    def _job(self, plan: BuildPlan, gathered: Gathered, most: int) -> Job:
        """Make the folder of the new generation, and begin the set of vectors if the plan says so."""
        layout = self._archive.layout
        if plan.begins:
            epochs.begin(layout.vectors, self._model.fingerprint, plan.epoch - 1)
        clear(layout.tmp)
        folder = make_dir(layout.tmp / f"generation-{plan.number:06d}")
        base = None if plan.reuse == Reuse() else gathered.base
        return Job(self._archive, self._model, self._recipe, plan, base, folder, most, self._progress, self._encoder)


def write(job: Job) -> tuple[Written, Embedded]:
    """Write columns, words and slots, and make the missing vectors, which outlive a run that is killed.

    Those that are there are looked up in the pass that writes the words. Where the generation in use has other ones,
    which serve until all are made, vectors come first.
    """
    base = job.vectors_base
    with VectorStore.open(job.store, job.model.dimension, verify=base is None) as store:
        finder = SlotFinder(job.model, store, base.manifest.change if base else 0)
        if not job.plan.waits:
            written = _write_words(job, [finder])
            return written, _write_slots(job, store, finder)
        read_articles(job.archive, [finder])
        embedded = _write_slots(job, store, finder)
        return _write_words(job, []), embedded


def _write_words(job: Job, beside: Sequence[ArticleSink]) -> Written:
    """Write columns and words in one pass with other sinks."""
    writer = TextIndexWriter(job.folder, job.plan.engine, job.recipe.words.title_weight, job.words_base)
    state = read_articles(job.archive, [writer, *beside], job.progress)
    return Written(state, writer.finish())


def _write_slots(job: Job, store: VectorStore, finder: SlotFinder) -> Embedded:
    embedded = embed_missing(job, store, finder)
    merged = _merged(job, store, embedded)
    save(job.folder / SLOTS, merged.slots)
    return merged


def _merged(job: Job, store: VectorStore, embedded: Embedded) -> Embedded:
    """Merge segments of vectors, but those whose slots a shared Chroma index names.

    That is housekeeping, which the next build makes up for: what goes wrong is told, and the build goes on without.
    """
    slots = embedded.slots
    if (slots < 0).any():
        return embedded
    fixed = segments_named(slots[: chroma_step.shared_rows(job, len(slots))])
    choose = fewest if job.vectors_base is None else small_step
    try:
        merge = choose(store, slots, fixed)
        return embedded if merge is None else replace(embedded, slots=carry_out(store, merge, slots))
    except (ArchiveError, OSError, MemoryError) as error:
        why = error.message if isinstance(error, ArchiveError) else in_words(error)
        what = f"Files of vectors could not be merged ({why.rstrip('.')}); they are used as they are."
        return replace(embedded, notes=(what,))


def _vectors(job: Job, written: Written, slots: Ordinals) -> Vectors:
    """Return what the manifest of a new generation says of its vectors."""
    lacking = int(np.count_nonzero(slots < 0))
    shared = chroma_step.share_index(job, len(slots))
    return replace(shared, covered=written.state.passages - lacking) if lacking else shared


def require_whole_catalog(archive: Archive) -> None:
    """Refuse to index a damaged catalog; rows that are read are proved anyway, these are those that damage hides.

    Raises:
        Damaged: something in it is not as it was written; the index in use stays.
    """
    problem = next(archive.check(), None)
    if problem is not None:
        what = f"The catalog is damaged, and no index is made of it: {problem}"
        raise Damaged(what, remedy=Remedy(Action.REPAIR))


def clear(folder: Path) -> None:
    """Remove what killed runs left in the folder of work in progress."""
    for leftover in (*folder.glob("generation-*"), *folder.glob(f"{SET_ASIDE}*")):
        remove_tree(leftover)


def _indexed_already(job: Job) -> int:
    columns = open_columns(job.folder / COLUMNS)
    return count_indexed(job.archive.layout, columns.passage_ids[columns.live_passages])


def _up_to_date(gathered: Gathered) -> BuildReport:
    before = gathered.facts.in_use
    if before is None:
        return BuildReport(0, 0, 0, 0, 0, "", ("There is nothing to index yet.",), built=False)
    return BuildReport(before.number, before.passages, 0, 0, before.passages, before.engine, (), built=False)


def _report(manifest: Manifest, new: int, embedded: Embedded, notes: tuple[str, ...]) -> BuildReport:
    return BuildReport(
        generation=manifest.number,
        passages=manifest.passages,
        new=new,
        embedded=embedded.made,
        reused=manifest.passages - embedded.made_for,
        engine=manifest.engine,
        notes=notes,
        built=True,
    )


def _quickest(model: Model) -> Encoder:
    from index.embedding.fastest import Quickest

    return Quickest(model)
