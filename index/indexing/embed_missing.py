"""Embedding what has no vector yet, durable batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from archive.core.progress import Progress, Step
from index.contracts.engines import Encoder
from index.vectors.store import VectorStore

BATCH: Final = 128
_WINDOW: Final = 64 * BATCH


@dataclass(frozen=True, slots=True)
class Pending:
    """An input of the encoder without a vector, with its key (32 bytes)."""

    key: bytes
    text: str


def embed(
    pending: Iterable[Pending],
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
        pending: what to encode.
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
    inputs = iter(pending)
    while window := sorted(islice(inputs, _WINDOW), key=lambda one: len(one.text), reverse=True):
        for batch in _batches(window):
            vectors = encoder.encode([one.text for one in batch])
            store.append(np.array([np.frombuffer(one.key, np.uint8) for one in batch]), vectors)
            done += len(batch)
            _tell(progress, done, total, before)
    return done


def _batches(window: list[Pending]) -> Iterator[list[Pending]]:
    for start in range(0, len(window), BATCH):
        yield window[start : start + BATCH]


def _tell(progress: Progress | None, done: int, total: int, before: int) -> None:
    if progress is not None:
        progress(Step("embedding", done, total, before))
