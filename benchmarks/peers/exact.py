"""The yardstick where a script ends: every vector scored as it is, words by tantivy, fused by reciprocal ranks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from peer import Data, K, Span, by_sentence_transformers, main

_CANDIDATES = 100
_RRF = 60


class Exact:
    """A tantivy folder with the texts in it, vectors and days in arrays."""

    def build(self, work: Path, data: Data) -> None:
        """Index the words; keep the rest."""
        (work / "words").mkdir()
        self._words(tantivy.Index(_schema(), path=str(work / "words")), data, 0)
        np.save(work / "vectors.npy", data.vectors)
        np.save(work / "days.npy", data.days)

    def open(self, work: Path, data: Data) -> None:
        """Map the vectors, open the index."""
        index = tantivy.Index.open(str(work / "words"))
        self._index, self._searcher = index, index.searcher()
        self._vectors = np.load(work / "vectors.npy", mmap_mode="r")
        self._days = np.load(work / "days.npy")
        self._work = work

    def encode(self, question: str) -> Any:
        """Encode with sentence-transformers."""
        return by_sentence_transformers(question)

    def ask(self, question: str, vector: Any, days: Span | None) -> Sequence[str]:
        """Fuse both lists by their ranks."""
        scores = np.asarray(self._vectors) @ np.asarray(vector, np.float32)
        query, _ = self._index.parse_query_lenient(question, ["text"])
        if days:
            scores[(self._days < days[0]) | (self._days > days[1])] = -1
            span = tantivy.Query.range_query(self._index.schema, "day", tantivy.FieldType.Unsigned, *days)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, span)])
        near = np.argpartition(-scores, _CANDIDATES)[:_CANDIDATES]
        near = near[np.argsort(-scores[near])]
        hits = [hit[1] for hit in self._searcher.search(query, _CANDIDATES, count=False).hits]
        worded = self._searcher.fast_field_values("row", hits)
        fused: dict[int, float] = {}
        for ranked in (worded, near.tolist()):
            for rank, one in enumerate(ranked, 1):
                fused[one] = fused.get(one, 0.0) + 1 / (_RRF + rank)
        return [self._text(one) for one in sorted(fused, key=lambda one: -fused[one])[:K]]

    def add(self, work: Path, extra: Data) -> None:
        """Append to everything."""
        self._words(self._index, extra, len(self._vectors))
        np.save(work / "vectors.npy", np.concatenate([self._vectors, extra.vectors]))
        np.save(work / "days.npy", np.concatenate([self._days, extra.days]))

    def _words(self, index: Any, data: Data, before: int) -> None:
        writer = index.writer(256_000_000)
        for row, (text, day) in enumerate(zip(data.texts, data.days.tolist(), strict=True), before):
            writer.add_json(json.dumps({"row": row, "day": day, "text": text}))
        writer.commit()
        writer.wait_merging_threads()

    def _text(self, row: int) -> str:
        query = tantivy.Query.term_query(self._index.schema, "row", row)
        found = self._searcher.search(query, 1, count=False).hits
        return str(self._searcher.doc(found[0][1])["text"][0])


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    builder.add_unsigned_field("day", indexed=True, fast=True)
    builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
    return builder.build()


if __name__ == "__main__":
    main(Exact())
