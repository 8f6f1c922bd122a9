"""Make a generation from the catalog: write every index, embed what has no vector, verify, switch.

Nothing finished is touched. Vectors are durable batch by batch, so that a run that was killed is gone on with; the
generation grows in a temporary folder and is renamed when it is whole.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from archive import Archive
from archive.errors import ArchiveError, Damaged
from archive.files import remove_tree, replace, sync_tree, write_atomic
from archive.layout import Layout
from archive.progress import Progress, Step
from index import analysis, embed, lexical
from index import manifest as manifests
from index.calibrate import scales
from index.columns import open_columns
from index.embedding.model import Model, locate
from index.generation import CHROMA, COLUMNS, LEXICAL, Current, collect, numbers, open_current, read_current, write_current
from index.integrity import records
from index.manifest import Manifest, Vectors
from index.parts import SLOTS, open_vectors
from index.ranking import Encoder
from index.vectors import chroma, epochs
from index.vectors.store import VectorStore
from index.write import Written, pending, write


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        generation: number of the generation now in use, 0 when there is none.
        passages: in it; ``new`` of them were in no earlier generation.
        embedded: vectors computed; ``reused`` passages had one already.
        engine: name of the lexical engine.
        notes: sentences worth telling.
        built: False when the index was already up to date.
    """

    generation: int
    passages: int
    new: int
    embedded: int
    reused: int
    engine: str
    notes: tuple[str, ...]
    built: bool


def build(
    archive: Archive,
    *,
    progress: Progress | None = None,
    rebuild: bool = False,
    reembed: bool = False,
    encoder: Callable[[Model], Encoder] | None = None,
) -> BuildReport:
    """Bring the index up to the catalog and switch to it.

    Args:
        archive: the archive; its writer's lock is taken for the whole build.
        progress: told of each step.
        rebuild: make a new generation even when nothing changed, and go on with vectors that ``reembed`` began.
        reembed: begin a new set of vectors; the old one serves until the new one is complete.
        encoder: makes the encoder of passages; by default the model through sentence-transformers.

    Raises:
        Busy: another process is writing.
        Damaged: what was written did not verify; the index in use stays.
    """
    with archive.writing():
        return _Build(archive, progress, encoder or _torch_encoder).run(rebuild or reembed, reembed)


class _Build:
    """One build: what stays the same through its steps."""

    def __init__(self, archive: Archive, progress: Progress | None, encoder: Callable[[Model], Encoder]) -> None:
        self._archive = archive
        self._layout: Layout = archive.layout
        self._progress = progress
        self._make_encoder = encoder
        self._model = locate(archive.settings)

    def run(self, rebuild: bool, reembed: bool) -> BuildReport:
        before = _manifest_in_use(self._layout)
        with self._archive.snapshot() as snapshot:
            change, passages = snapshot.change, snapshot.passages
        if before is None and not passages:
            return BuildReport(0, 0, 0, 0, 0, "", ("There is nothing to index yet.",), built=False)
        if before is not None and not rebuild and self._fresh(before, change):
            return BuildReport(before.number, before.passages, 0, 0, before.passages, before.engine, (), built=False)
        return self._make(before, rebuild, reembed)

    def _fresh(self, manifest: Manifest, change: int) -> bool:
        return (
            manifest.change == change
            and manifest.analysis == analysis.fingerprint()
            and manifest.vectors.fingerprint == self._model.fingerprint
        )

    def _make(self, before: Manifest | None, rebuild: bool, reembed: bool) -> BuildReport:
        number = max((*numbers(self._layout), before.number if before else 0, 0)) + 1
        folder = self._layout.tmp / f"generation-{number:06d}"
        remove_tree(folder)
        folder.mkdir(parents=True)
        known = _passage_ids(self._layout, before)
        engine, notes = self._engine(before)
        written = write(self._archive, folder, engine, self._model, self._progress)
        store, epoch = self._store(before, rebuild, reembed)
        with store:
            missing = store.missing(written.keys)
            embedded = self._embed(store, written, missing)
            np.save(folder / SLOTS, store.lookup(written.keys))
        vectors = self._vectors(folder, epoch)
        manifest = self._manifest(number, folder, written, engine, vectors)
        self._seal(folder, manifest)
        new = written.passages - int(np.isin(open_columns(folder / COLUMNS).passage_ids, known).sum())
        self._switch(folder, manifest)
        return BuildReport(
            number, written.passages, new, embedded, written.passages - int(len(missing)), engine, notes, built=True
        )

    def _engine(self, before: Manifest | None) -> tuple[str, tuple[str, ...]]:
        with self._archive.snapshot() as snapshot:
            passages = snapshot.passages
        previous = before.engine if before else None
        chosen = lexical.choose(self._archive.settings.engine, passages, previous)
        moved = previous is not None and previous != chosen
        return chosen, (f"The word index moved from {previous} to {chosen} ({passages:,} passages).",) if moved else ()

    def _store(self, before: Manifest | None, rebuild: bool, reembed: bool) -> tuple[VectorStore, int]:
        ...
