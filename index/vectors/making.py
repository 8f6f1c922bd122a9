"""Making a Chroma index in a process of its own, beside whatever else a build has to do.

    python -m index.vectors.making FOLDER STORE DIMENSION SLOTS

indexes the vectors that SLOTS names, says how far it is, and lets a third process read part of the index back.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from index.apart import Apart, Verdict, main, tell, wait
from index.arrays import load
from index.ranking import Floats
from index.vectors import chroma
from index.vectors.exact import ExactIndex
from index.vectors.probe import probe
from index.vectors.store import VectorStore

READ_BACK: Final = 2_000  # ``verify`` reads back all


def making(folder: Path, store: Path, dimension: int, slots: Path) -> Apart:
    """Get ready to make an index; ``go`` begins, the answer says what is wrong with it.

    Args:
        folder: of the index, new.
        store: folder of the vectors' epoch.
        dimension: length of a vector.
        slots: a ``.npy`` file with the slot of each ordinal, there when it begins; all are indexed.
    """
    return Apart(__name__, folder, store, dimension, slots)


def _main(folder: str, store: str, dimension: str, slots: str) -> Verdict:
    chroma.load()
    wait()
    with VectorStore.open(Path(store), int(dimension)) as vectors:
        exact = ExactIndex(vectors, load(Path(slots)))
        made = chroma.build(Path(folder), _matrices(exact))
    return probe(Path(folder), Path(store), int(dimension), Path(slots), made, READ_BACK)


def _matrices(exact: ExactIndex) -> Iterator[Floats]:
    for start in range(0, len(exact), chroma.BATCH):
        tell(start)
        yield exact.vectors(np.arange(start, min(start + chroma.BATCH, len(exact)), dtype=np.int64))


if __name__ == "__main__":
    main(_main)
