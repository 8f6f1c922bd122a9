"""Finding the vector of each passage, and embedding what has none yet, durable batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from archive.core.article import Indexable
from archive.core.progress import Step
from archive.core.system_limits import raise_limit
from index.contracts.arrays import distinct, load
from index.contracts.engines import Encoder, Ordinals
from index.embedding.model import Model
from index.generations.generation import manifest_in_use
from index.generations.open import SLOTS
from index.indexing.catalog_pass import EncoderInput, InputKeys, wanted_inputs
from index.indexing.job import Job
from index.vectors.segment import Keys
from index.vectors.store import VectorStore

FEW: Final = 256  # vectors for which nobody waits long, so that they are made before the index is written; chosen
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
        made_for: passages that have one of these.
        ahead: vectors that a run which was cut short had made already.
        notes: sentences worth telling.
    """

    slots: Ordinals
    made: int
    made_for: int
    ahead: int
    notes: tuple[str, ...] = ()


def embed_missing(job: Job, store: VectorStore, finder: SlotFinder) -> Embedded:
    """Make the vectors that are missing, if they are few or nobody waits; return the slots of all passages' vectors.

    Those that are taken over come first. Where vectors are left for later, their slots are -1.

    Args:
        job: the build.
        store: of the vectors, to which is appended.
        finder: that has taken its articles.
    """
    keys, slots = finder.result()
    absent, computed, made_for, base = int((slots < 0).sum()), 0, 0, job.vectors_base
    # what a run that was killed has made lies above the newest slot in use
    ahead = len(distinct(slots[slots > _newest_slot(job)])) if absent else 0
    if absent and (absent <= job.most or job.plan.waits):
        missing = store.missing(keys)
        inputs = wanted_inputs(job.archive, job.model, missing, finder.since)

        def tell(done: int) -> None:
            if job.progress is not None:
                job.progress(Step("embedding", done, len(missing), ahead))

        tell(0)
        computed, made_for = embed(inputs, job.encoder(), store, tell), absent
        slots = store.lookup(keys)
    return Embedded(slots if base is None else np.concatenate([base.slots, slots]), computed, made_for, ahead)


def embed(
    inputs: Iterable[EncoderInput],
    encoder: Encoder,
    store: VectorStore,
    tell: Callable[[int], None],
) -> int:
    """Encode inputs and append their vectors to the store; each batch is durable before the next begins.

    Inputs are sorted by length within a window, so that a batch holds texts of like length and little is spent on
    padding.

    Args:
        inputs: what to encode.
        encoder: to use.
        store: to append to.
        tell: told after each durable batch how many vectors were made.

    Returns:
        How many vectors were made.
    """
    done = 0
    waiting = iter(inputs)
    while window := sorted(islice(waiting, _WINDOW), key=lambda each: len(each.text), reverse=True):
        for batch in _batches(window):
            vectors = encoder.encode([each.text for each in batch])
            store.append(np.array([np.frombuffer(each.key, np.uint8) for each in batch]), vectors)
            done += len(batch)
            tell(done)
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
