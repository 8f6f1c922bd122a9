"""Finding the vector of each passage, and embedding what has none yet, durable batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from archive.core.article import Indexable
from archive.core.progress import Progress, Step
from archive.core.system_limits import raise_limit
from index.contracts.arrays import load
from index.contracts.engines import Encoder, Ordinals
from index.embedding.model import Model
from index.generations.generation import manifest_in_use
from index.generations.open import SLOTS
from index.indexing.catalog_pass import EncoderInput, InputKeys, wanted_inputs
from index.indexing.job import Job
from index.vectors.segment import Keys
from index.vectors.store import VectorStore

BATCH: Final = 128  # inputs that are lost when a run is killed; chosen, not measured
_WINDOW: Final = 64 * BATCH  # inputs that are sorted by length together; chosen, not measured: some ten megabytes
_LOOKED_UP: Final = 2_000  # passages at a time; chosen, not measured: their keys fit a cache


class SlotFinder:
    """Finds the slot of each passage's vector while the catalog is read, a few thousand at a time.

    Args:
        model: whose vectors they are.
        store: of the vectors.
        since: see ``ArticleSink``.
    """

    def __init__(self, model: Model, store: VectorStore, since: int = 0) -> None:
        self.since = since
        self._keys, self._store = InputKeys(model, since), store
        self._slots = [np.empty(0, np.int64)]
        self._looked_up = 0

    def add(self, item: Indexable) -> None:
        """Take an article."""
        self._keys.add(item)
        if len(self._keys) - self._looked_up >= _LOOKED_UP:
            self._look_up()

    def result(self) -> tuple[Keys, Ordinals]:
        """Return the key of each passage's encoder input and the slot of its vector, -1 where there is none."""
        self._look_up()
        return self._keys.matrix(), np.concatenate(self._slots)

    def _look_up(self) -> None:
        slots = self._store.lookup(self._keys.matrix(self._looked_up))
        self._looked_up += len(slots)
        self._slots.append(slots)


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vector of each passage.

    Attributes:
        slots: of all passages' vectors, by ordinal.
        made: vectors that were computed.
        absent: passages that had none before.
        notes: sentences worth telling.
    """

    slots: Ordinals
    made: int
    absent: int
    notes: tuple[str, ...] = ()


def embed_missing(job: Job, store: VectorStore, finder: SlotFinder) -> Embedded:
    """Make the vectors that are missing; return the slots of all passages' vectors, taken-over ones first.

    Args:
        job: the build.
        store: of the vectors, to which is appended.
        finder: that has taken its articles.
    """
    keys, slots = finder.result()
    absent, computed = int((slots < 0).sum()), 0
    if absent:
        missing = store.missing(keys)
        inputs = wanted_inputs(job.archive, job.model, missing, finder.since)
        # what a run that was killed has made lies above the newest slot in use
        ahead = len(np.unique(slots[slots > _newest_slot(job)]))
        computed = embed(inputs, len(missing), job.encoder(), store, job.progress, ahead)
        slots = store.lookup(keys)
    base = job.vectors_base
    return Embedded(slots if base is None else np.concatenate([base.slots, slots]), computed, absent)


def embed(
    inputs: Iterable[EncoderInput],
    total: int,
    encoder: Encoder,
    store: VectorStore,
    progress: Progress | None,
    before: int = 0,
) -> int:
    """Encode inputs and append their vectors to the store; each batch is durable before the next begins.

    Inputs are sorted by length within a window, so that a batch holds texts of like length and little is spent on
    padding.

    Args:
        inputs: what to encode.
        total: how many they are.
        encoder: to use.
        store: to append to.
        progress: told of each durable batch.
        before: vectors that a run which was cut short has made already; passed on with the progress.

    Returns:
        How many vectors were made.
    """
    done = 0
    _tell(progress, done, total, before)
    waiting = iter(inputs)
    while window := sorted(islice(waiting, _WINDOW), key=lambda each: len(each.text), reverse=True):
        for batch in _batches(window):
            vectors = encoder.encode([each.text for each in batch])
            store.append(np.array([np.frombuffer(each.key, np.uint8) for each in batch]), vectors)
            done += len(batch)
            _tell(progress, done, total, before)
    return done


def _newest_slot(job: Job) -> int:
    """Return the newest slot that the generation in use has in the epoch that is filled, -1 without one."""
    manifest = manifest_in_use(job.archive.layout)
    if manifest is None or not job.plan.serving:
        return -1
    try:
        slots = load(job.archive.layout.generation(manifest.number) / SLOTS)
    except (OSError, ValueError) as error:
        raise_limit(error)
        return -1
    return int(slots.max(initial=-1))


def _batches(window: list[EncoderInput]) -> Iterator[list[EncoderInput]]:
    for start in range(0, len(window), BATCH):
        yield window[start : start + BATCH]


def _tell(progress: Progress | None, done: int, total: int, before: int) -> None:
    if progress is not None:
        progress(Step("embedding", done, total, before))
