"""Measuring what the candidates of a Chroma index miss, and what a question costs there and by codes.

A graph leads well to what is near to its own points, and much worse to what is near to a question that resembles none
of them. So it is asked two samples: for what is near to its own vectors, and to questions about other things.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import numpy as np

from index.ann.candidates import Expanded
from index.ann.choice import LEAST_RECALL, SMALL, is_slow
from index.ann.chroma import EF_SEARCH, Opened
from index.ann.measured import Measured
from index.contracts.engines import Floats, Ordinals, Scored, VectorIndex, best
from index.vectors.exact import ExactIndex
from index.vectors.int8 import CodedIndex
from index.vectors.sharing import PassagesByVector

NEAREST: Final = 200  # passages that the semantic leg brings to an answer of twenty, the first page of the UI
_ASKED: Final = 50  # of each sample: enough to see a miss in one question of fifty; chosen, not measured
_AS_NEAR: Final = 1e-4  # cosine; whoever is as near as the last counts as found: copies do no harm
_WIDTHS: Final = (EF_SEARCH, 400, 800, 1_600)  # beyond, a question costs more than by codes at 100,000 passages
_SMALL_WIDTHS: Final = (*_WIDTHS, 3_200, 5_000, SMALL)  # 5,000 were complete over 10,000 news vectors, SMALL reads all


@dataclass(frozen=True, slots=True)
class _Sample:
    """Questions of one kind, with the nearest passages of each."""

    questions: Floats
    nearest: tuple[Scored, ...]


def widths(passages: int) -> tuple[int, ...]:
    """Return how wide (HNSW's ``ef_search``) an index of so many passages may search, least first."""
    return (
        tuple(width for width in _SMALL_WIDTHS if width < 2 * passages or width == EF_SEARCH)
        if (passages <= SMALL)
        else _WIDTHS
    )


def measure(
    folder: Path,
    exact: ExactIndex,
    by_vector: PassagesByVector,
    wide: Sequence[int],
    questions: Floats,
    most_slower_ms: float,
) -> dict[str, float]:
    """Widen the search of a private copy until enough of the nearest are found; return the last width's figures.

    Args:
        folder: of the copy.
        exact: the passages that were indexed.
        by_vector: those that share a vector.
        wide: widths to try, least first.
        questions: vectors of questions about other things, shape ``(n, dimension)``.
        most_slower_ms: by how much a question may take longer than by codes, so that searching wider is worth trying.
    """
    near = min(NEAREST, len(exact))
    coded = CodedIndex(exact)
    scanned = CodedIndex(exact, estimated=len(exact) + 1) if coded.estimates else coded
    passages = exact.vectors(by_vector.first[spread(len(by_vector), _ASKED)])
    kinds = [kind for kind in (passages, questions[spread(len(questions), _ASKED)]) if len(kind)]
    samples = [_Sample(kind, tuple(scanned.nearest(vector, near) for vector in kind)) for kind in kinds]
    cost = median(_seconds(lambda: coded.nearest(vector, near)) for kind in kinds for vector in kind)  # noqa: B023
    for ef in wide:
        measured = _at_width(folder, ef, exact, by_vector, samples, 1e6 * cost / len(exact))
        if _is_settled(measured, len(exact), most_slower_ms):
            break
    return asdict(measured)


def spread(size: int, count: int) -> Ordinals:
    """Return some of the numbers below ``size``, evenly spread, at most ``count``."""
    return np.unique(np.linspace(0, size - 1, min(count, size)).astype(np.int64))


def _is_settled(measured: Measured, passages: int, most_slower_ms: float) -> bool:
    """Tell whether searching wider would change nothing of what becomes of the index."""
    if passages > SMALL:
        return measured.recall >= LEAST_RECALL
    return measured.misses_nothing or (measured.recall >= LEAST_RECALL and is_slow(measured, passages, most_slower_ms))


def _at_width(
    folder: Path,
    ef: int,
    exact: ExactIndex,
    by_vector: PassagesByVector,
    samples: Sequence[_Sample],
    coded_ms: float,
) -> Measured:
    opened = Opened(folder, ef)
    index = Expanded(opened, by_vector)
    try:
        answers = [[_answer(index, exact, vector) for vector in sample.questions] for sample in samples]
    finally:
        opened.close()
    pairs = [
        (answer.candidates, wanted)
        for sample, answered in zip(samples, answers, strict=True)
        for answer, wanted in zip(answered, sample.nearest, strict=True)
    ]
    recalls = [
        np.mean([_share(answer.candidates, wanted) for answer, wanted in zip(answered, sample.nearest, strict=True)])
        for sample, answered in zip(samples, answers, strict=True)
    ]
    return Measured(
        recall=float(min(recalls)),
        ef_search=ef,
        chroma_ms=1000 * median(answer.seconds for answered in answers for answer in answered),
        coded_ms=coded_ms,
        questions=len(pairs),
        complete=sum(_holds_all(candidates, wanted) for candidates, wanted in pairs),
        vectors=len(by_vector),
        passages=len(exact),
        depth=NEAREST,
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """Candidates with their exact scores, and what they cost."""

    candidates: Scored
    seconds: float


def _answer(index: VectorIndex, exact: ExactIndex, vector: Floats) -> _Answer:
    """Ask as a searcher does: candidates, exact scores, the best of them."""
    began = perf_counter()
    ordinals = index.nearest(vector, NEAREST).ordinals
    scores = exact.scores(vector, ordinals)
    best(ordinals, scores, NEAREST)
    return _Answer(Scored(ordinals, scores), perf_counter() - began)


def _seconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _share(candidates: Scored, wanted: Scored) -> float:
    """Return the share of the nearest that are among the candidates."""
    return min(1.0, int((candidates.scores >= wanted.scores[-1] - _AS_NEAR).sum()) / len(wanted.scores))


def _holds_all(candidates: Scored, wanted: Scored) -> bool:
    return bool(np.isin(wanted.ordinals, candidates.ordinals).all())
