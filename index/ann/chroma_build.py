"""Making a Chroma index in a process of its own, beside whatever else a build has to do.

    python -m index.ann.chroma_build FOLDER STORE DIMENSION SLOTS QUESTIONS

is sent the slots of the vectors, in order and as they become known; it indexes them, says how far it is, and lets a
third process read part of the index back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np

from index.ann import chroma
from index.ann.chroma_check import Probing
from index.contracts.engines import Floats, Ordinals
from index.runtime.subprocess import Apart, Verdict, main, received, tell
from index.vectors.store import VectorStore

READ_BACK: Final = 2_000  # ``verify`` reads back all
_END: Final = np.array([-1], np.int64)


class Making:
    """A Chroma index that is made in another process, which loads its packages meanwhile.

    Args:
        folder: of the index, new.
        store: folder of the vectors' epoch.
        dimension: length of a vector.
        slots: a ``.npy`` file with the slot of each ordinal, there when ``complete`` is called.
        questions: a ``.npy`` file of questions' vectors by which the index is measured, there by then as well.
    """

    def __init__(self, folder: Path, store: Path, dimension: int, slots: Path, questions: Path) -> None:
        self._apart = Apart(__name__, folder, store, dimension, slots, questions)
        self._sent = 0

    def take(self, slots: Ordinals) -> None:
        """Go on with the next slots; their vectors are durable."""
        self._sent += len(slots)
        self._apart.send(np.ascontiguousarray(slots, np.int64).tobytes())

    def complete(self, slots: Ordinals) -> None:
        """Go on with what is left of the slots of all vectors; the first are those that were taken."""
        self.take(slots[self._sent :])
        self._apart.send(_END.tobytes())

    def answer(self, told: Callable[[int], None]) -> Verdict:
        """Wait until all is indexed and read back; return what is wrong, and the figures of ``manifest.Measured``.

        Args:
            told: called with how many were indexed.
        """
        return self._apart.answer(told)

    def stop(self) -> None:
        """Give it up, if it is not finished."""
        self._apart.stop()


def _main(folder: str, store: str, dimension: str, slots: str, questions: str) -> Verdict:
    chroma.load()
    probing: list[Probing] = []

    def ended() -> None:
        asked = Path(questions)
        probing.append(Probing(Path(folder), Path(store), int(dimension), Path(slots), READ_BACK, questions=asked))

    matrices = _matrices(Path(store), int(dimension), ended)
    first = next(matrices)  # nothing is written before there is something to index
    made = chroma.build(Path(folder), chain([first], matrices))
    return probing[0].answer(made)


def _matrices(store: Path, dimension: int, ended: Callable[[], None]) -> Iterator[Floats]:
    done = 0
    for slots in _batches(ended):
        tell(done)
        with VectorStore.open(store, dimension) as vectors:  # anew: some were made while this process waited
            yield vectors.gather(slots)
        done += len(slots)


def _batches(ended: Callable[[], None]) -> Iterator[Ordinals]:
    """Gather what is sent into Chroma's best batches; tell when the last of it has come."""
    raw, size, end = bytearray(), chroma.BATCH * _END.itemsize, _END.tobytes()
    for part in received():
        raw += part
        ends = raw.endswith(end) and not len(raw) % len(end)
        if ends:
            del raw[-len(end) :]
            ended()
        while len(raw) >= size or (ends and raw):
            yield np.frombuffer(bytes(raw[:size]), np.int64)
            del raw[:size]
        if ends:
            return


if __name__ == "__main__":
    main(_main)
