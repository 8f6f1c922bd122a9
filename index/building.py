"""Make a generation from the catalog: write every index, embed what has no vector, verify, switch.

Nothing finished is touched. Vectors are durable batch by batch, so that a run that was killed is gone on with; the
generation grows in a temporary folder and is renamed when it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from archive import Archive
from archive.errors import Damaged
from archive.files import make_dir, remove_tree, sync_tree, write_atomic
from archive.files import replace as replace_file
from archive.progress import Progress, Step
from index import analysis, embed, lexical
from index import manifest as manifests
from index.apart import Apart
from index.arrays import load, save
from index.calibrate import AskedOnce, background_vectors, scales
from index.check import check_apart, disagreements
from index.columns import open_columns
from index.embedding.inputs import rule, rule_name
from index.embedding.model import Model, locate
from index.generation import CHROMA, COLUMNS, LEXICAL, Current, collect, numbers, write_current
from index.growth import Base, already, base_of, is_named, linked_chroma, manifest_in_use, newest_slot
from index.integrity import records
from index.manifest import Manifest, Measured, Scale, Vectors
from index.parts import SLOTS, open_vectors
from index.ranking import Encoder
from index.report import BuildReport
from index.retrieval import Retriever
from index.vectors import epochs
from index.vectors.making import making
from index.vectors.probe import LEAST_RECALL
from index.vectors.store import VectorStore
from index.vectors.trust import folder_hash, record_trust
from index.write import Written, input_keys, pending, write


class Build:
    """One build: what stays the same through its steps."""

    def __init__(self, archive: Archive, progress: Progress | None, encoder: Callable[[Model], Encoder] | None) -> None:
        self._archive = archive
        self._layout = archive.layout
        self._progress = progress
        self._model = locate(archive.settings)
        self._make_encoder = encoder or _torch_encoder
        self._encoder: Encoder | None = None
        self._notes: list[str] = []
        self._chroma: Apart | None = None

    @property
    def model(self) -> Model:
        """Return the model that the settings name."""
        return self._model

    def run(self, rebuild: bool, reembed: bool, epoch: int | None = None) -> BuildReport:
        """Build what is missing; see ``index.build.build``. ``epoch`` is to be used instead of the one in use."""
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
            == (change, analysis.fingerprint(), self._model.fingerprint)
            and settings.engine in ("auto", manifest.engine)
            and vectors.chroma == settings.chroma
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
        if base is None and self._archive.settings.chroma:
            self._ready_chroma(folder, epoch)
        newest = newest_slot(self._layout, before, self._model, epoch)
        embedded, absent = self._embed(epoch, folder, base if base and base.vectors else None, newest)
        written, vectors, scaled = self._write(folder, engine, epoch, base)
        manifest = self._describe(folder, number, engine, written, vectors, scaled, base)
        made = open_columns(folder / COLUMNS)
        new = written.passages - already(self._layout, before, made.passage_ids[made.alive])
        self._seal(folder, manifest, base)
        self._ready_queries()
        epochs.finish(self._layout.vectors, self._model.fingerprint, epoch)
        return BuildReport(
            number,
            written.passages,
            new,
            embedded,
            written.passages - absent,
            engine,
            (*notes, *self._notes),
            built=True,
        )

    def _embed(self, epoch: int, folder: Path, base: Base | None, newest: int) -> tuple[int, int]:
        """Make the missing vectors; return how many were made and for how many passages.

        This comes first: it takes longest, and what it makes outlives a run that is killed. What such a run has made
        lies above the newest slot in use.
        """
        since = base.manifest.change if base else 0
        keys = input_keys(self._archive, self._model, since)
        with VectorStore.open(self._store(epoch), self._model.dimension, verify=base is None) as store:
            found = store.lookup(keys)
            absent, ahead = int((found < 0).sum()), len(np.unique(found[found > newest]))
            missing = frozenset(key.tobytes() for key in store.missing(keys))
            made = 0
            if missing:
                inputs = pending(self._archive, self._model, missing, since)
                made = embed.embed(inputs, len(missing), self._passage_encoder(), store, self._progress, ahead)
            slots = store.lookup(keys)
            save(folder / SLOTS, np.concatenate([base.slots, slots]) if base else slots)
        return made, absent

    def _passage_encoder(self) -> Encoder:
        self._encoder = self._encoder or self._make_encoder(self._model)
        return self._encoder

    def _write(
        self, folder: Path, engine: str, epoch: int, base: Base | None
    ) -> tuple[Written, Vectors, dict[str, Scale]]:
        """Write columns and words and set the scales; where Chroma is to be made anew, that goes on beside it."""
        model, rows = self._model, len(load(folder / SLOTS))
        wanted = self._archive.settings.chroma and rows > 0
        indexed = linked_chroma(base, folder, rows) if wanted else 0
        measured = base.manifest.vectors.measured if base and indexed else None
        apart = self._ready_chroma(folder, epoch) if wanted and not indexed else None
        if apart is not None:
            apart.go()
        written = write(self._archive, folder, engine, base if base and base.words else None, self._progress)
        scaled = self._scales(folder, engine, self._store(epoch), written, base)
        if apart is not None:
            self._tell("vectors", 0, rows)
            found = apart.answer(lambda done: self._tell("vectors", done, rows))
            self._verify(folder, found.problems)
            measured = _measured(found.figures)
            indexed = self._judged(folder / CHROMA, rows, measured.recall)
        vectors = Vectors(
            model.fingerprint,
            epoch,
            model.dimension,
            self._archive.settings.chroma,
            indexed,
            measured if indexed else None,
        )
        return written, vectors, scaled

    def _ready_chroma(self, folder: Path, epoch: int) -> Apart:
        """Begin the process that makes Chroma's index: it loads its packages while vectors are looked up."""
        if self._chroma is None:
            self._chroma = making(folder / CHROMA, self._store(epoch), self._model.dimension, folder / SLOTS)
        return self._chroma

    def _store(self, epoch: int) -> Path:
        return epochs.epoch_folder(self._layout.vectors, self._model.fingerprint, epoch)

    def _judged(self, folder: Path, rows: int, recall: float) -> int:
        """Keep a Chroma index whose candidates can be relied on; return how many rows it holds."""
        if recall < LEAST_RECALL:
            remove_tree(folder)
            self._notes.append(
                f"Chroma's candidates held only {recall:.0%} of the nearest passages; meaning is scored exactly."
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
            analysis=analysis.fingerprint(),
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
                run="morgue rebuild",
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

    def _ready_queries(self) -> None:
        """Export the encoder of queries while the model is in memory, so that the first search need not."""
        from index.embedding import prepare

        if self._encoder is not None:
            prepare(self._model, self._encoder)

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


def _torch_encoder(model: Model) -> Encoder:
    from index.embedding.torch import TorchEncoder

    return TorchEncoder(model)
