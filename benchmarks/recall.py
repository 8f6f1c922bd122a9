"""How many of the truly nearest passages are found, and how soon, by codes and by an archive's Chroma index.

Usage: python benchmarks/recall.py ARCHIVE

Asked with thirty topics, with a hundred of the archive's own passages, and with the background questions, which are
about other things. Every passage is scored for comparison; whoever is as near as the last of the nearest counts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from measure import QUESTIONS, arguments, show

from archive import Archive
from index import Searcher
from index.ann.chroma import ChromaIndex
from index.contracts.engines import Floats, Scored
from index.generations.generation import CHROMA, open_current
from index.generations.open import open_parts
from index.ranking import confidence
from index.vectors.exact import ExactIndex
from index.vectors.int8 import CodedIndex

DEPTHS = (10, 100)
_OWN = 100
_AS_NEAR = 1e-4
_WIDTHS = (200, 400, 800, 1_600)


def main(root: Path) -> None:
    """Print recall and medians of each way for each kind of question."""
    with Searcher.open(root) as searcher:
        topics = np.array([searcher.encode(question) for question in QUESTIONS])
        other = np.array([searcher.encode(question) for question in confidence.background()])
    with Archive.open(root) as archive, open_current(archive.layout) as generation:
        vectors = open_parts(archive.layout, generation).vectors
        assert vectors is not None
        own = vectors.vectors(np.linspace(0, len(vectors) - 1, _OWN).astype(np.int64))
        asked = {"topics": topics, "its own passages": own, "other things": other}
        nearest = {kind: [_least(vectors, query) for query in queries] for kind, queries in asked.items()}
        rows = _rows(
            "codes, estimates", partial(CodedIndex(vectors).nearest, limit=max(DEPTHS)), vectors, asked, nearest
        )
        for width in _WIDTHS if generation.manifest.vectors.base else ():
            index = ChromaIndex(generation.folder / CHROMA, width)
            rows += _rows(f"Chroma, {width}", partial(index.nearest, limit=max(DEPTHS)), vectors, asked, nearest)
            index.close()
    columns = ("found by", "asked with", *(f"recall@{depth}" for depth in DEPTHS), "least recall@10", "p50 ms")
    show(f"{len(vectors):,} passages", columns, rows)


def _least(vectors: ExactIndex, query: Floats) -> Floats:
    """Return the cosine of the last of the nearest, for each depth."""
    scores = vectors.nearest(query, max(DEPTHS)).scores
    return np.array([scores[min(depth, len(scores)) - 1] for depth in DEPTHS], np.float32)


def _rows(
    name: str,
    find: Callable[[Floats], Scored],
    vectors: ExactIndex,
    asked: dict[str, Floats],
    nearest: dict[str, list[Floats]],
) -> list[tuple[str, ...]]:
    rows = []
    for kind, queries in asked.items():
        shares, seconds = [], []
        for query, least in zip(queries, nearest[kind], strict=True):
            began = perf_counter()
            found = find(query)
            seconds.append(perf_counter() - began)
            scores = vectors.scores(query, found.ordinals)
            held = [(scores >= last - _AS_NEAR).sum() / depth for depth, last in zip(DEPTHS, least, strict=True)]
            shares.append(np.minimum(held, 1))
        means, worst = np.mean(shares, axis=0), np.min(shares, axis=0)[0]
        figures = (*(f"{mean:.4f}" for mean in means), f"{worst:.1f}", f"{1000 * median(seconds):.2f}")
        rows.append((name, kind, *figures))
    return rows


if __name__ == "__main__":
    main(Path(arguments(1)[0]))
