"""Whether a quicker way to embed orders documents as well: each collection's passages encoded by every way there is.

Ways are torch and the exported encoder in float32, which a build chooses from, and the export in int8 (dynamic
quantisation), which it does not. Questions are encoded as a user's are. Faithful means that nDCG@10 stays within .005.

Usage: python benchmarks/embedding_judged.py KEEP COLLECTION...

KEEP has the archives that ``fusion.py`` made, or gets them; cosines are with the vectors that are stored there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import onnx
from fusion import by_mode, figures, opened
from measure import arguments, show
from numpy.typing import NDArray

from archive.core.article import Indexable
from archive.core.cores import usable_cores
from index import Mode, Searcher
from index.ann.choice import Proposer
from index.contracts.engines import Encoder, Floats, Ordinals, Scored, best
from index.embedding.export import export
from index.embedding.model import Model, locate
from index.embedding.onnx import GRAPH, OnnxEncoder, encoder_folder
from index.embedding.tokenizer import Tokens
from index.embedding.torch import TorchEncoder
from index.evaluation.measures import each_query, judgements, p_value
from index.generations.generation import open_current
from index.generations.open import open_parts
from index.indexing.catalog_pass import encoder_inputs, read_articles

FAITHFUL = 0.005
_TOGETHER = 512


class Given:
    """Exact cosines of vectors that are held in memory, shape ``(passages, dimension)``."""

    def __init__(self, vectors: Floats) -> None:
        self._vectors = vectors

    def nearest(self, query: Floats, limit: int, admissible: NDArray[np.bool_] | None = None) -> Scored:
        """Return the nearest passages."""
        allowed = np.arange(len(self._vectors)) if admissible is None else np.flatnonzero(admissible)
        return best(allowed, self.scores(query, allowed), limit)

    def scores(self, query: Floats, ordinals: Ordinals) -> Floats:
        """Return the cosine of each given passage."""
        return np.asarray(np.vecdot(self._vectors[ordinals], query), np.float32)

    def above(self, query: Floats, least: float, admissible: NDArray[np.bool_] | None = None) -> Ordinals:
        """Return the passages with a cosine of at least ``least``."""
        allowed = np.arange(len(self._vectors)) if admissible is None else np.flatnonzero(admissible)
        return allowed[self.scores(query, allowed) >= least]


class Inputs:
    """Collects what an encoder is given for each passage, in the order of ordinals."""

    since = 0

    def __init__(self, model: Model) -> None:
        self.texts = list[str]()
        self._tokens, self._prompt = Tokens(model), model.passage_prompt

    def add(self, item: Indexable) -> None:
        """Take an article."""
        self.texts += [one.text for one in encoder_inputs(item, self._tokens, self._prompt)]


@contextmanager
def ways(model: Model) -> Iterator[dict[str, Encoder]]:
    """Lend the encoders, by name."""
    from onnxruntime.quantization import quantize_dynamic

    cores, exact = usable_cores(), TorchEncoder(model)
    export(model)
    with TemporaryDirectory() as folder:
        # the exporter left out types of what lies between; all of it is float32
        untyped = {"DefaultTensorType": onnx.TensorProto.FLOAT}
        quantize_dynamic(encoder_folder(model) / GRAPH, Path(folder) / GRAPH, extra_options=untyped)
        yield {
            "torch": exact,
            "onnxruntime": OnnxEncoder(model, threads=cores),
            "onnxruntime, int8": OnnxEncoder(model, Path(folder), threads=cores),
        }


def encoded(encoder: Encoder, texts: list[str]) -> tuple[Floats, float]:
    """Return the vectors of texts and how many were made in a second; the longest go together."""
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    vectors, began = np.empty((len(texts), encoder.dimension), np.float32), perf_counter()
    for start in range(0, len(order), _TOGETHER):
        rows = order[start : start + _TOGETHER]
        vectors[rows] = encoder.encode([texts[row] for row in rows])
    return vectors, len(texts) / (perf_counter() - began)


def compare(searcher: Searcher, folder: Path, encoders: dict[str, Encoder]) -> None:
    """Print the table of one collection."""
    inputs = Inputs(locate(searcher.archive.settings))
    read_articles(searcher.archive, [inputs])
    with open_current(searcher.archive.layout) as generation:  # which the searcher goes on to hold
        stored = open_parts(searcher.archive.layout, generation).vectors
    assert stored is not None
    assert len(stored) == len(inputs.texts), "the archive was not made in one go"
    judged, asked = judgements(folder)
    first, rows = dict[Mode, Floats](), list[tuple[str, ...]]()
    for name, encoder in encoders.items():
        vectors, rate = encoded(encoder, inputs.texts)
        searcher._ranker.retriever.cosines = Given(vectors)
        cosines = np.vecdot(stored.vectors(np.arange(len(stored))), vectors)
        for mode in (Mode.SEMANTIC, Mode.HYBRID):
            found = figures(each_query(mode, asked, judged, by_mode(searcher)))[:, 0]
            ours = first.setdefault(mode, found)
            less = found.mean() - ours.mean()
            p = f"{p_value(found, ours):.4f}" if (found != ours).any() else ""
            faithful = "yes" if abs(less) <= FAITHFUL else "no"
            measured = f"{found.mean():.4f}", f"{less:+.4f}", p, faithful
            rows.append((name, f"{rate:.1f}", f"{cosines.min():.4f}", mode, *measured))
    columns = ("", "passages/s", "least cosine", "mode", "nDCG@10", "less torch", "p", "faithful")
    show(f"{folder.name}: {len(inputs.texts):,} passages", columns, rows)


def main(keep: Path, folders: list[Path]) -> None:
    """Print a table a collection."""
    with ways(locate(None)) as encoders:
        for folder in folders:
            with opened(keep, folder) as searcher:
                searcher.warm(Proposer.CODES)  # Chroma would propose by the vectors that are stored
                compare(searcher, folder, encoders)


if __name__ == "__main__":
    keep, *folders = map(Path, arguments(2))
    main(keep, folders)
