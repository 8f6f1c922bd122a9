"""Reading a Chroma index back in a process of its own, where a crash is an answer like any other.

    python -m index.ann.chroma_check FOLDER STORE DIMENSION SLOTS ROWS EF [QUESTIONS]

is sent how many vectors were indexed; it compares ROWS of them (0: all) with those the index in FOLDER was built from,
measures what its candidates miss when it searches EF wide (0: as wide as it takes), and what a question costs there and
by codes. It is asked for what is near to its own vectors and to those in QUESTIONS, which are about other things.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import numpy as np

from archive.core.errors import ArchiveError
from index.ann import chroma
from index.ann.chroma import Opened
from index.ann.private_copy import PrivateCopy
from index.contracts.arrays import load
from index.contracts.engines import Floats, Ordinals, Scored, VectorIndex
from index.runtime.subprocess import Apart, Verdict, main, received
from index.vectors.exact import ExactIndex
from index.vectors.int8 import CodedIndex
from index.vectors.store import VectorStore

_ALL: Final = 0
_AS_IT_TAKES: Final = 0
_BATCH: Final = 4_000
_TOLERANCE: Final = 1e-4
_ASKED: Final = 50
LEAST_RECALL: Final = 0.99
_CANDIDATES: Final = 100
_NEAREST: Final = 100
_SMALL: Final = 10  # in a small archive only a tenth of the passages are near, but not fewer than these
_WIDTHS: Final = (chroma.EF_SEARCH, 400, 800, 1_600)


class Probing:
    """A check of a Chroma index in another process, which loads its packages first; it opens a private copy.

    Args:
        folder: of the index.
        store: folder of the vectors' epoch.
        dimension: length of a vector.
        slots: a ``.npy`` file with the slot of each ordinal.
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
        self._apart = Apart(__name__, folder, store, dimension, slots, rows or _ALL, ef or _AS_IT_TAKES, *asked)

    def answer(self, base: int) -> Verdict:
        """Return what is wrong, once the index is finished; the figures are those of ``manifest.Measured``.

        Args:
            base: how many of the ordinals were indexed, from the first on.
        """
        self._apart.send(b"%d\n" % base)
        return self._apart.answer()


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


def measure(folder: Path, expected: ExactIndex, widths: Sequence[int], questions: Floats) -> dict[str, float]:
    """Widen the search of a private copy until enough of the nearest are found; return the last width's figures.

    A graph leads well to what is near to its own points, and much worse to what is near to a question that resembles
    none of them; the recall is that of the kind which does worse.
    """
    own = expected.vectors(_spread(len(expected), _ASKED))
    asked = [own, questions[_spread(len(questions), _ASKED)]] if len(questions) else [own]
    near = max(_SMALL, min(_NEAREST, len(expected) // _SMALL))
    coded = CodedIndex(expected)
    scanned = CodedIndex(expected, estimated=len(expected) + 1) if coded.estimates else coded
    wanted = [[scanned.nearest(vector, near).scores for vector in kind] for kind in asked]
    cost = median(_timed(coded, vector)[1] for kind in asked for vector in kind)
    figures: dict[str, float] = {"coded_ms": 1e6 * cost / len(expected)}
    for ef in widths:
        figures |= _at_width(folder, ef, expected, asked, wanted)
        if figures["recall"] >= LEAST_RECALL:
            break
    return figures


def _at_width(
    folder: Path, ef: int, expected: ExactIndex, asked: Sequence[Floats], wanted: Sequence[Sequence[Floats]]
) -> dict[str, float]:
    opened = Opened(folder, ef)
    try:
        answers = [[_timed(opened, vector) for vector in kind] for kind in asked]
    finally:
        opened.close()
    recalls = [
        np.mean(
            [
                _share(expected.scores(vector, found.ordinals), scores)
                for vector, (found, _), scores in zip(kind, answered, least, strict=True)
            ]
        )
        for kind, answered, least in zip(asked, answers, wanted, strict=True)
    ]
    seconds = median(each for answered in answers for _, each in answered)
    return {"recall": float(min(recalls)), "ef_search": ef, "chroma_ms": 1000 * seconds}


def _timed(index: VectorIndex, vector: Floats) -> tuple[Scored, float]:
    began = perf_counter()
    found = index.nearest(vector, _CANDIDATES)
    return found, perf_counter() - began


def _spread(size: int, count: int) -> Ordinals:
    return np.unique(np.linspace(0, size - 1, min(count, size)).astype(np.int64))


def _share(found: Floats, wanted: Floats) -> float:
    """Return the share of the nearest that was found; whoever is as near as the last counts: copies do no harm."""
    return min(1.0, int((found >= wanted[-1] - _TOLERANCE).sum()) / len(wanted))


def _differing(found: Floats, expected: Floats) -> int:
    if found.shape != expected.shape:
        return len(expected)
    return int((~(np.abs(found - expected).max(axis=1) <= _TOLERANCE)).sum())


def _main(folder: str, store: str, dimension: str, slots: str, rows: str, ef: str, *questions: str) -> Verdict:
    chroma.load()
    base = int(next(received()))
    indexed = load(Path(slots))[:base]
    expected = ExactIndex(VectorStore.open(Path(store), int(dimension)), indexed)
    copy = PrivateCopy(Path(folder))
    try:
        opened = Opened(copy.folder)
        problems = tuple(compare(opened, expected, int(rows) or base))
        opened.close()
        if problems:
            return Verdict(problems)
        asked = load(Path(questions[0])) if questions else np.empty((0, int(dimension)), np.float32)
        return Verdict((), measure(copy.folder, expected, [int(ef)] if int(ef) else _WIDTHS, asked))
    except ArchiveError as error:
        return Verdict((error.message,))
    except (OSError, ValueError) as error:
        return Verdict((f"The questions to measure the index by cannot be read: {error}",))
    finally:
        copy.close()


if __name__ == "__main__":
    main(_main)
