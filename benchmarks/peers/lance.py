"""LanceDB: vectors scored one by one and a full-text index, fused by reciprocal ranks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lancedb
import pyarrow as pa
from lancedb.rerankers import RRFReranker
from peer import Data, K, Span, by_sentence_transformers, main


class Lance:
    """One table."""

    def build(self, work: Path, data: Data) -> None:
        """Write the table and its full-text index."""
        table = lancedb.connect(str(work)).create_table("passages", _rows(data))
        table.create_fts_index("text", use_tantivy=False)

    def open(self, work: Path, data: Data) -> None:
        """Open the table."""
        self._table = lancedb.connect(str(work)).open_table("passages")
        self._fusion = RRFReranker()

    def encode(self, question: str) -> Any:
        """Encode with sentence-transformers."""
        return by_sentence_transformers(question)

    def ask(self, question: str, vector: Any, days: Span | None) -> Sequence[str]:
        """Ask for both; a filter comes before the search."""
        query = self._table.search(query_type="hybrid").vector(vector).text(question).distance_type("dot")
        if days:
            query = query.where(f"day >= {days[0]} AND day <= {days[1]}", prefilter=True)
        found = query.rerank(self._fusion).select(["text"]).limit(50).to_list()
        return [row["text"] for row in found[:K]]

    def add(self, work: Path, extra: Data) -> None:
        """Append rows and bring the full-text index up to date."""
        self._table.add(_rows(extra))
        self._table.optimize()


def _rows(data: Data) -> Any:
    size = data.vectors.shape[1]
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(data.vectors.reshape(-1), pa.float32()), size)
    return pa.table({"text": pa.array(data.texts), "day": pa.array(data.days), "vector": vectors})


if __name__ == "__main__":
    main(Lance())
