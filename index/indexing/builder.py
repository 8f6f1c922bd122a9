"""Make a generation from the catalog: write every index, embed what has no vector, verify, switch.

Nothing finished is touched. Vectors are durable batch by batch, so that a run that was killed is gone on with; the
generation grows in a temporary folder and is renamed when it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from archive import Archive
from archive.core.errors import Action, Damaged, Remedy
from archive.core.progress import Progress, Step
from archive.folder.files import make_dir, remove_tree, sync_tree, write_atomic
from archive.folder.files import replace as replace_file
from index import lexical
from index.analysis import analyzer
from index.ann.chroma_build import Making
from index.ann.chroma_check import LEAST_RECALL
from index.ann.measured import Measured
from index.ann.trust import folder_hash, record_trust
from index.contracts.arrays import load, save
from index.contracts.engines import Encoder, Ordinals
from index.contracts.report import BuildReport
from index.embedding.model import Model, locate
from index.embedding.passage_input import rule, rule_name
from index.generations import manifest as manifests
from index.generations.checksums import records
from index.generations.columns import open_columns
from index.generations.generation import CHROMA, COLUMNS, LEXICAL, Current, collect, numbers, write_current
from index.generations.manifest import Manifest, Scale, Vectors
from index.generations.open import SLOTS, open_vectors
from index.indexing import embed_missing
from index.indexing.calibrate import AskedOnce, background_file, background_vectors, scales
from index.indexing.catalog_pass import Taker, Writer, pending, read
from index.indexing.reuse import (
    Base,
    already,
    base_of,
    is_named,
    linked_chroma,
    manifest_in_use,
    newest_slot,
    was_left_out,
)
from index.indexing.validate import check_apart, disagreements
from index.indexing.vector_slots import Slots
from index.ranking.retrieve import Retriever
from index.runtime.low_priority import giving_way
from index.vectors import epochs
from index.vectors.store import VectorStore


@dataclass(frozen=True, slots=True)
class Written:
    """Columns and words that were written, of a state of the catalog.

    Attributes:
        change: the catalog's change number.
        languages: of the articles, sorted.
    """

    change: int
    articles: int
    passages: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Vectors that were made, and for how many passages they were absent."""

    made: int
    absent: int


class Build:
    """One build: what stays the same through its steps."""

    def __init__(self, archive: Archive, progress: Progress | None, encoder: Callable[[Model], Encoder] | None) -> None:
        self._archive = archive
        self._layout = archive.layout
        self._progress = progress
        self._model = locate(archive.settings)
        self._make_encoder = encoder or _quickest
        self._encoder: Encoder | None = None
        self._notes: list[str] = []
        self._chroma: Making | None = None

    @property
    def model(self) -> Model:
        """Return the model that the settings name."""
        return self._model

    def run(self, rebuild: bool, reembed: bool, epoch: int | None = None) -> BuildReport:
        """Build what is missing; see ``index.build``. ``epoch`` replaces the one in use."""
        before = manifest_in_use(self._layout)
        self._archive.recut(rule(self._model), self._progress)
        with self._archive.snapshot() as snapshot:
            change, passages = snapshot.change, snapshot.passages
        if before is None and not passages:
            return BuildReport(0, 0, 0, 0, 0, "", ("There is nothing to index yet.",), built=False)
        if before is not None and not rebuild and self._is_fresh(before, change):
            return BuildReport(before.number, before.passages, 0, 0, before.passages, before.engine, (), built=False)
        engine, notes = self._engine(before, passages)
        epoch = epoch or self._epoch(before, rebuild, reembed)
        base = None if rebuild else base_of(self._archive, self._model, engine, epoch)
        try:
            return self._make(before, engine, notes, epoch, base)
        finally:
            if self._chroma is not None:
                self._chroma.stop()

    def _is_fresh(self, manifest: Manifest, change: int) -> bool:
        settings, vectors = self._archive.settings, manifest.vectors
        return (
            (manifest.change, manifest.analysis, vectors.fingerprint)
            == (change, analyzer.fingerprint(), self._model.fingerprint)
            and settings.engine in ("auto", manifest.engine)
            and vectors.chroma == (settings.vectors == "chroma")
            and is_named(self._layout)
        )

    def _engine(self, before: Manifest | None, passages: int) -> tuple[str, tuple[str, ...]]:
        previous = before.engine if before else None
        chosen = lexical.choose(self._archive.settings.engine, passages, previous)
        if previous in (None, chosen):
            return chosen, ()
        return chosen, (f"The word index moved from {previous} to {chosen} ({passages:,} passages).",)

    def _epoch(self, before: Manifest | None, rebuild: bool, reembed: bool) -> int:
        fingerprint = self._model.fingerprint
        same = before is not None and before.vectors.fingerprint == fingerprint
        in_use = before.vectors.epoch if before is not None and same else None
        return epochs.choose(self._layout.vectors, fingerprint, in_use, rebuild=rebuild, reembed=reembed)

    def _make(
        self, before: Manifest | None, engine: str, notes: tuple[str, ...], epoch: int, base: Base | None
    ) -> BuildReport:
        number = max((*numbers(self._layout), before.number if before else 0), default=0) + 1
        folder = self._layout.tmp / f"generation-{number:06d}"
        clear(self._layout.tmp)
        make_dir(folder)
        if self._archive.settings.vectors == "chroma" and not (base and base.vectors):
            self._chroma = self._making(folder, epoch)
        written, named = self._write(folder, engine, epoch, base, before)
        scaled = self._scales(folder, engine, self._store(epoch), written, base)
        vectors = self._vectors(folder, epoch, base)
        manifest = self._describe(folder, number, engine, written, vectors, scaled, base)
        made = open_columns(folder / COLUMNS)
        new = written.passages - already(self._layout, before, made.passage_ids[made.live_passages])
        self._seal(folder, manifest, base)
        epochs.finish(self._layout.vectors, self._model.fingerprint, epoch)
        return BuildReport(
            number,
            written.passages,
            new,
            named.made,
            written.passages - named.absent,
            engine,
            (*notes, *self._notes),
            built=True,
        )

    def _write(
        self, folder: Path, engine: str, epoch: int, base: Base | None, before: Manifest | None
    ) -> tuple[Written, Named]:
        """Write columns and words, and make the missing vectors, which outlive a run that is killed.

        Few are missing from the vectors in use: they are looked up in the pass that writes, as Chroma's index is made.
        Where all may be missing, they come first.
        """
        same = base if base and base.vectors else None
        with VectorStore.open(self._store(epoch), self._model.dimension, verify=same is None) as store:
            ready = self._chroma.take if self._chroma is not None else None
            slots = Slots(self._model, store, same.manifest.change if same else 0, ready)
            newest = newest_slot(self._layout, before, self._model, epoch)
            if before is not None and self._uses(before, epoch):
                written = self._words(folder, engine, base, [slots])
                return written, self._name(folder, store, slots, same, newest)
            read(self._archive, [slots])
            named = self._name(folder, store, slots, same, newest)
            return self._words(folder, engine, base, []), named

    def _uses(self, manifest: Manifest, epoch: int) -> bool:
        return (manifest.vectors.fingerprint, manifest.vectors.epoch) == (self._model.fingerprint, epoch)

    def _words(self, folder: Path, engine: str, base: Base | None, beside: Sequence[Taker]) -> Written:
        """Write columns and words in one pass with what else takes articles."""

        def work(progress: Progress | None) -> Written:
            words = Writer(folder, engine, base if base and base.words else None)
            state = read(self._archive, [words, *beside], progress)
            return Written(state.change, state.articles, state.passages, words.finish())

        # the making of Chroma's index takes longer; where that goes on beside it, it comes first
        return giving_way(work, self._progress) if self._chroma is not None else work(self._progress)

    def _name(self, folder: Path, store: VectorStore, slots: Slots, base: Base | None, newest: int) -> Named:
        """Make the vectors that are missing and name those of all passages.

        What a run that was killed has made lies above the newest slot in use.
        """
        keys, found = slots.found()
        absent, ahead = int((found < 0).sum()), len(np.unique(found[found > newest]))
        made = 0
        if absent:
            missing = store.missing(keys)
            inputs = pending(self._archive, self._model, missing, slots.since)
            made = embed_missing.embed(inputs, len(missing), self._passage_encoder(), store, self._progress, ahead)
            found = store.lookup(keys)
        named = np.concatenate([base.slots, found]) if base else found
        save(folder / SLOTS, named)
        if self._chroma is not None and len(named):
            self._complete(self._chroma, named)
        return Named(made, absent)

    def _passage_encoder(self) -> Encoder:
        self._encoder = self._encoder or self._make_encoder(self._model)
        return self._encoder

    def _vectors(self, folder: Path, epoch: int, base: Base | None) -> Vectors:
        """Take Chroma's index over, or wait until it is made beside what else there was to do."""
        model, slots = self._model, load(folder / SLOTS)
        wanted = self._archive.settings.vectors == "chroma" and len(slots) > 0 and not was_left_out(base)
        indexed = linked_chroma(base, folder, len(slots)) if wanted else 0
        measured = base.manifest.vectors.measured if base and indexed else None
        if wanted and not indexed:
            self._tell("vectors", 0, len(slots))
            if self._chroma is None:
                self._chroma = self._making(folder, epoch)
                self._complete(self._chroma, slots)
            found = self._chroma.answer(lambda done: self._tell("vectors", done, len(slots)))
            self._verify(folder, found.problems)
            measured = _measured(found.figures)
            indexed = self._judged(folder / CHROMA, len(slots), measured.recall)
        return Vectors(
            model.fingerprint,
            epoch,
            model.dimension,
            self._archive.settings.vectors == "chroma",
            indexed,
            measured if indexed else None,
        )

    def _making(self, folder: Path, epoch: int) -> Making:
        questions = background_file(self._model)
        return Making(folder / CHROMA, self._store(epoch), self._model.dimension, folder / SLOTS, questions)

    def _complete(self, making: Making, slots: Ordinals) -> None:
        """Send what is left; the questions by which the index is measured are in their file by then."""
        background_vectors(self._model, self._passage_encoder)
        making.complete(slots)

    def _store(self, epoch: int) -> Path:
        return epochs.epoch_folder(self._layout.vectors, self._model.fingerprint, epoch)

    def _judged(self, folder: Path, rows: int, recall: float) -> int:
        """Keep a Chroma index whose candidates can be relied on; return how many rows it holds."""
        if recall < LEAST_RECALL:
            remove_tree(folder)
            self._notes.append(
                f"Chroma's candidates held only {recall:.0%} of the nearest passages; meaning is scored without it."
            )
            return 0
        record_trust(folder_hash(folder))
        return rows

    def _describe(
        self,
        folder: Path,
        number: int,
        engine: str,
        written: Written,
        vectors: Vectors,
        scaled: dict[str, Scale],
        base: Base | None,
    ) -> Manifest:
        self._tell("verifying", 0, None)
        return Manifest(
            format=manifests.FORMAT,
            archive=self._archive.id,
            number=number,
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            change=written.change,
            articles=written.articles,
            passages=written.passages,
            engine=engine,
            analysis=analyzer.fingerprint(),
            rule=rule_name(self._model),
            languages=written.languages,
            vectors=vectors,
            scales=scaled,
            files=records(folder, base.folder, base.manifest.files) if base else records(folder),
        )

    def _scales(self, folder: Path, engine: str, store: Path, written: Written, base: Base | None) -> dict[str, Scale]:
        columns = open_columns(folder / COLUMNS)
        words = lexical.engine(engine).open(folder / LEXICAL)
        exact = open_vectors(store, self._model.dimension, folder / SLOTS)
        self._verify(folder, disagreements(columns, words, len(exact)))
        try:
            if base is not None and base.words and base.vectors:
                return base.manifest.scales
            asked = background_vectors(self._model, self._passage_encoder)
            return scales(Retriever(columns, words, AskedOnce(exact)), written.languages, asked)
        finally:
            words.close()
            exact.close()

    def _verify(self, folder: Path, problems: Sequence[str]) -> None:
        if problems:
            remove_tree(folder)
            raise Damaged(
                f"The new index did not verify and was thrown away: {problems[0]} The one in use stays.",
                remedy=Remedy(Action.REBUILD),
            )

    def _seal(self, folder: Path, manifest: Manifest, base: Base | None) -> None:
        """Make everything durable, check it from the disk in a process of its own, and switch to it."""
        raw = manifests.to_bytes(manifest)
        write_atomic(folder / manifests.NAME, raw)
        sync_tree(folder)
        self._verify(folder, check_apart(folder, base.folder if base else None))
        replace_file(folder, self._layout.generation(manifest.number))
        write_current(self._layout, Current(manifest.number, manifests.digest(raw)))
        collect(self._layout, keep=manifest.number)

    def _tell(self, phase: str, done: int, total: int | None) -> None:
        if self._progress is not None:
            self._progress(Step(phase, done, total))


def clear(folder: Path) -> None:
    """Remove what killed runs left in the folder of work in progress."""
    for leftover in folder.glob("generation-*"):
        remove_tree(leftover)
    for leftover in folder.glob("collected-*"):
        remove_tree(leftover)


def _measured(figures: Mapping[str, float]) -> Measured:
    return Measured(figures["recall"], int(figures["ef_search"]), figures["chroma_ms"], figures["coded_ms"])


def _quickest(model: Model) -> Encoder:
    from index.embedding.fastest import Quickest

    return Quickest(model)
