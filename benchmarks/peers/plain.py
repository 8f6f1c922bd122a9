"""The script that people write for themselves: rank_bm25 and Chroma, fused by reciprocal ranks."""

from __future__ import annotations

import pickle
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from peer import Data, K, Span, by_sentence_transformers, main
from rank_bm25 import BM25Okapi

_CANDIDATES = 50
_BATCH = 5_000
_RRF = 60
_WORD = re.compile(r"\w+")


class Plain:
    """Words in a pickle, vectors in a Chroma folder."""

    def build(self, work: Path, data: Data) -> None:
        """Tokenise and index everything."""
        self._tokens = [_tokens(text) for text in data.texts]
        self._words, self._texts, self._days = BM25Okapi(self._tokens), list(data.texts), data.days
        self._near: Any = chromadb.PersistentClient(str(work)).create_collection(
            "passages", metadata={"hnsw:space": "cosine"}
        )
        self._index(data, 0)
        self._save(work)

    def open(self, work: Path, data: Data) -> None:
        """Unpickle the words, open the collection."""
        self._tokens, self._words, self._texts, self._days = pickle.loads((work / "words.pickle").read_bytes())
        self._near = chromadb.PersistentClient(str(work)).get_collection("passages")

    def encode(self, question: str) -> Any:
        """Encode with sentence-transformers."""
        return by_sentence_transformers(question)

    def ask(self, question: str, vector: Any, days: Span | None) -> Sequence[str]:
        """Fuse both lists by their ranks."""
        where = {"$and": [{"day": {"$gte": days[0]}}, {"day": {"$lte": days[1]}}]} if days else None
        found = self._near.query(query_embeddings=[vector], n_results=_CANDIDATES, where=where)
        scores = np.asarray(self._words.get_scores(_tokens(question)))
        if days:
            scores[(self._days < days[0]) | (self._days > days[1])] = -1
        best = np.argsort(-scores)[:_CANDIDATES].tolist()
        fused: dict[int, float] = {}
        for ranked in (best, [int(one) for one in found["ids"][0]]):
            for rank, one in enumerate(ranked, 1):
                fused[one] = fused.get(one, 0.0) + 1 / (_RRF + rank)
        return [self._texts[one] for one in sorted(fused, key=lambda one: -fused[one])[:K]]

    def add(self, work: Path, extra: Data) -> None:
        """Add to the collection; rank_bm25 knows no other way than to begin anew."""
        self._index(extra, len(self._texts))
        self._texts += extra.texts
        self._tokens = [_tokens(text) for text in self._texts]
        self._words, self._days = BM25Okapi(self._tokens), np.concatenate([self._days, extra.days])
        self._save(work)

    def _index(self, data: Data, before: int) -> None:
        for start in range(0, len(data.texts), _BATCH):
            rows = range(start, min(start + _BATCH, len(data.texts)))
            self._near.add(
                ids=[str(before + row) for row in rows],
                embeddings=np.asarray(data.vectors[rows.start : rows.stop]),
                documents=[data.texts[row] for row in rows],
                metadatas=[{"day": int(data.days[row])} for row in rows],
            )

    def _save(self, work: Path) -> None:
        (work / "words.pickle").write_bytes(pickle.dumps((self._tokens, self._words, self._texts, self._days)))


def _tokens(text: str) -> list[str]:
    return _WORD.findall(text.lower())


if __name__ == "__main__":
    main(Plain())
