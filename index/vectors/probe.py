"""Reading a Chroma index back in a process of its own, where a crash is an answer like any other.

    python -m index.vectors.probe FOLDER STORE DIMENSION SLOTS BASE ROWS

compares ROWS rows of the index in FOLDER with the vectors it was built from and measures what its candidates miss.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from archive.errors import ArchiveError
from index.apart import Apart, Verdict, main
from index.arrays import load
from index.ranking import Floats, Ordinals
from index.vectors.chroma import Opened
from index.vectors.copies import PrivateCopy
from index.vectors.exact import ExactIndex
from index.vectors.store import VectorStore

_BATCH: Final = 4_000
_TOLERANCE: Final = 1e-4
_ASKED: Final = 50
LEAST_RECALL: Final = 0.9
_NEAREST: Final = 10
_CANDIDATES: Final = 100


def probe(folder: Path, store: Path, dimension: int, slots: Path, base: int, rows: int | None = None) -> Verdict:
    """Check a Chroma index in another process; the folder itself is not opened but a private copy.

    Args:
        folder: of the index.
        store: folder of the vectors' epoch.
        dimension: length of a vector.
        slots: a ``.npy`` file with the slot of each ordinal.
        base: how many of them were indexed, from the first on.
        rows: how many vectors are read back, evenly spread; None reads back all.

    Returns:
        What is wrong; the figure is ``recall``.
    """
    return Apart(__name__, folder, store, dimension, slots, base, base if rows is None else rows).answer()


def compare(opened: Opened, expected: ExactIndex, rows: int) -> Iterator[str]:
    """Yield what differs between rows of an open Chroma index, evenly spread, and the vectors it was built from."""
    if len(opened) != len(expected):
        yield f"Chroma holds {len(opened):,} passages instead of {len(expected):,}."
        return
    read = _spread(len(expected), rows)
    for start in range(0, len(read), _BATCH):
        ordinals = read[start : start + _BATCH]
        differing = _differing(opened.vectors(ordinals), expected.vectors(ordinals))
        if differing:
            yield f"{differing:,} of the vectors {ordinals[0]:,} to {ordinals[-1]:,} are not those that were indexed."


def recall(opened: Opened, expected: ExactIndex) -> float:
    """Return the mean share of the ten nearest passages that are among 100 candidates, over 50 vectors asked for.

    Passages as near as the tenth count as well, so that copies of one text do no harm.
    """
    asked = expected.vectors(_spread(len(expected), _ASKED))
    return float(np.mean([_found(opened, expected, vector) for vector in asked]))


def _spread(size: int, count: int) -> Ordinals:
    return np.unique(np.linspace(0, size - 1, min(count, size)).astype(np.int64))


def _found(opened: Opened, expected: ExactIndex, vector: Floats) -> float:
    wanted = expected.nearest(vector, _NEAREST).scores
    candidates = expected.scores(vector, opened.nearest(vector, _CANDIDATES).ordinals)
    return min(1.0, int((candidates >= wanted[-1] - _TOLERANCE).sum()) / len(wanted))


def _differing(found: Floats, expected: Floats) -> int:
    if found.shape != expected.shape:
        return len(expected)
    return int((~(np.abs(found - expected).max(axis=1) <= _TOLERANCE)).sum())


def _main(folder: str, store: str, dimension: str, slots: str, base: str, rows: str) -> Verdict:
    copy = PrivateCopy(Path(folder))
    try:
        indexed = load(Path(slots))[: int(base)]
        return _checked(copy.folder, Path(store), int(dimension), indexed, int(rows))
    finally:
        copy.close()


def _checked(folder: Path, store: Path, dimension: int, slots: Ordinals, rows: int) -> Verdict:
    try:
        opened = Opened(folder)
        expected = ExactIndex(VectorStore.open(store, dimension), slots)
        problems = tuple(compare(opened, expected, rows))
        return Verdict(problems, None if problems else recall(opened, expected))
    except ArchiveError as error:
        return Verdict((error.message,))


if __name__ == "__main__":
    main(_main)
