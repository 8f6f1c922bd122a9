"""Embedding as a build does it against plain SentenceTransformer.encode on the same passages, in turn.

Each way there is runs by itself as well: torch, and the exported encoder on onnxruntime with all threads.

Usage: python benchmarks/embedding.py DOCS.jsonl [PASSAGES] [ROUNDS]
"""

from __future__ import annotations

import json
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import arguments, middle, show, timed

from archive.core.cores import usable_cores
from index.contracts.engines import Encoder
from index.embedding.fastest import Quickest
from index.embedding.model import locate
from index.embedding.onnx import OnnxEncoder
from index.embedding.passage_input import input_key
from index.embedding.torch import TorchEncoder
from index.indexing.catalog_pass import EncoderInput
from index.indexing.vectors.embed_missing import embed
from index.vectors.store import VectorStore


def main(documents: Path, count: int, rounds: int) -> None:
    """Print passages a second of both and the ratio of their medians."""
    from sentence_transformers import SentenceTransformer

    with documents.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in islice(lines, count)]
    texts = [" ".join(f"{record['title']}\n{record['text']}".split()[:140]) for record in records]
    model = locate(None)
    plain = SentenceTransformer(str(model.path), device="cpu")
    ways: dict[str, Encoder] = {
        "Morgue": Quickest(model),
        "by torch": TorchEncoder(model),
        "by onnxruntime": OnnxEncoder(model, threads=usable_cores()),
    }
    inputs = [EncoderInput(input_key(text), text) for text in texts]
    times: dict[str, list[float]] = {name: [] for name in ("SentenceTransformer.encode", *ways)}
    for _ in range(rounds):
        times["SentenceTransformer.encode"].append(timed(lambda: plain.encode(texts, normalize_embeddings=True)))
        for name, encoder in ways.items():
            with TemporaryDirectory() as folder, VectorStore.open(Path(folder) / "v", model.dimension) as store:
                times[name].append(timed(partial(embed, inputs, encoder, store, lambda made: None)))
    peer = middle(times["SentenceTransformer.encode"])
    rows = [(name, f"{len(texts) / middle(each):.1f}", f"{peer / middle(each):.3f}") for name, each in times.items()]
    show(f"Embedding {len(texts):,} passages, {rounds} rounds in turn", ("", "passages/s", "ratio"), rows)


if __name__ == "__main__":
    documents, *more = arguments(1)
    main(Path(documents), *(int(value) for value in [*more, *("2000", "3")[len(more) :]]))
