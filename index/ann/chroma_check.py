"""Reading a Chroma index back in a process of its own, where a crash is an answer like any other.

    python -m index.ann.chroma_check FOLDER STORE DIMENSION SLOTS ROWS EF SLOWER [QUESTIONS]

is sent of how many passages the vectors were indexed; it compares ROWS of the vectors (0: all) with those the index in
FOLDER was built from, and measures it (``index.ann.measuring``), searching EF wide (0: as wide as it takes, while a
question takes at most SLOWER milliseconds longer than by codes).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from archive.core.system_limits import raise_limit
from index.ann import choice, chroma
from index.ann.chroma import Opened
from index.ann.measuring import measure, spread, widths
from index.ann.private_copy import PrivateCopy
from index.contracts.arrays import load
from index.contracts.engines import Floats
from index.runtime.subprocess import ChildProcess, Verdict, main, received
from index.vectors.exact import ExactIndex
from index.vectors.sharing import PassagesByVector
from index.vectors.store import VectorStore

_ALL: Final = 0
_AS_IT_TAKES: Final = 0
_BATCH: Final = 4_000  # vectors that are read back at once: some six megabytes; chosen, not measured
_TOLERANCE: Final = 1e-4  # of a vector's component: Chroma normalises what it is given once more


class Probing:
    """A check of a Chroma index in another process, which loads its packages first; it opens a private copy.

    Args:
        folder: of the index.
        store: folder of the vectors' epoch.
        dimension: length of a vector.
        slots: a ``.npy`` file with the slot of each passage's vector.
        rows: how many vectors are read back, evenly spread; None reads back all.
        ef: how wide it searches (HNSW's ``ef_search``); None widens until enough of the nearest are found.
        questions: a ``.npy`` file of questions' vectors; None asks for what is near to its own alone.
    """

    def __init__(
        self,
        folder: Path,
        store: Path,
        dimension: int,
        slots: Path,
        rows: int | None = None,
        ef: int | None = None,
        questions: Path | None = None,
    ) -> None:
        asked = [] if questions is None else [questions]
        width = ef or _AS_IT_TAKES, choice.MOST_SLOWER_MS
        self._child = ChildProcess(__name__, folder, store, dimension, slots, rows or _ALL, *width, *asked)

    def answer(self, base: int) -> Verdict:
        """Return what is wrong, once the index is finished; the figures are those of ``Measured``.

        Args:
            base: of how many passages the vectors were indexed, from the first passage on.
        """
        self._child.send(b"%d\n" % base)
        return self._child.answer()

    def stop(self) -> None:
        """Give it up, if it is not finished."""
        self._child.stop()


def compare(opened: Opened, expected: ExactIndex, by_vector: PassagesByVector, rows: int) -> Iterator[str]:
    """Yield what differs between some vectors of an open Chroma index, evenly spread, and those it was built from."""
    if len(opened) != len(by_vector):
        yield f"Chroma holds {len(opened):,} vectors instead of {len(by_vector):,}."
        return
    read = spread(len(by_vector), rows)
    for start in range(0, len(read), _BATCH):
        places = read[start : start + _BATCH]
        stored, indexed = opened.vectors(by_vector.slots[places]), expected.vectors(by_vector.first[places])
        if differing := _differing(stored, indexed):
            yield f"{differing:,} of the vectors {places[0]:,} to {places[-1]:,} are not those that were indexed."


def _differing(stored: Floats, indexed: Floats) -> int:
    if stored.shape != indexed.shape:
        return len(indexed)
    return int((~(np.abs(stored - indexed).max(axis=1) <= _TOLERANCE)).sum())


def _main(
    folder: str, store: str, dimension: str, slots: str, rows: str, ef: str, slower: str, *questions: str
) -> Verdict:
    chroma.load()
    base = int(next(received()))
    indexed = load(Path(slots))[:base]
    expected, by_vector = ExactIndex(VectorStore.open(Path(store), int(dimension)), indexed), PassagesByVector(indexed)
    copy = PrivateCopy(Path(folder))
    try:
        opened = Opened(copy.folder)
        problems = tuple(compare(opened, expected, by_vector, int(rows) or len(by_vector)))
        opened.close()
        if problems:
            return Verdict(problems)
        asked = load(Path(questions[0])) if questions else np.empty((0, int(dimension)), np.float32)
        wide = [int(ef)] if int(ef) else widths(base)
        return Verdict((), measure(copy.folder, expected, by_vector, wide, asked, float(slower)))
    except (OSError, ValueError) as error:
        raise_limit(error)
        return Verdict((f"The questions to measure the index by cannot be read: {error}",))
    finally:
        copy.close()


if __name__ == "__main__":
    main(_main)
