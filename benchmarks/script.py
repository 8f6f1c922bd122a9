"""The script that people write for themselves: rank_bm25 and Chroma, fused by reciprocal ranks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from rank_bm25 import BM25Okapi

from index.ranking import Floats

_CANDIDATES = 50
_BATCH = 5_000
_K = 60
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Passages:
    """What is searched, all aligned: texts, unit vectors of shape ``(n, dimension)``, days as numbers YYYYMMDD."""

    texts: Sequence[str]
    vectors: Floats
    days: Sequence[int]


class Script:
    """Indexes passages in memory and in a Chroma folder."""

    def __init__(self, folder: Path, passages: Passages) -> None:
        self._passages = passages
        self._days = np.array(passages.days)
        self._words = BM25Okapi([_tokens(text) for text in passages.texts])
        client = chromadb.PersistentClient(str(folder))
        self._near: Any = client.create_collection("passages", metadata={"hnsw:space": "cosine"})
        for start in range(0, len(passages.texts), _BATCH):
            rows = range(start, min(start + _BATCH, len(passages.texts)))
            self._near.add(
                ids=[str(row) for row in rows],
                embeddings=passages.vectors[rows.start : rows.stop],
                documents=[passages.texts[row] for row in rows],
                metadatas=[{"day": passages.days[row]} for row in rows],
            )

    def ask(self, text: str, vector: Floats, days: tuple[int, int] | None = None) -> list[str]:
        """Return the ten best passages, of a span of days or of all."""
        where = {"$and": [{"day": {"$gte": days[0]}}, {"day": {"$lte": days[1]}}]} if days else None
        found = self._near.query(query_embeddings=[vector], n_results=_CANDIDATES, where=where)
        scores = np.asarray(self._words.get_scores(_tokens(text)))
        if days:
            scores[(self._days < days[0]) | (self._days > days[1])] = -1
        best = np.argsort(-scores)[:_CANDIDATES].tolist()
        fused: dict[int, float] = {}
        for ranked in (best, [int(one) for one in found["ids"][0]]):
            for rank, one in enumerate(ranked, 1):
                fused[one] = fused.get(one, 0.0) + 1 / (_K + rank)
        return [self._passages.texts[one] for one in sorted(fused, key=lambda one: -fused[one])[:10]]


def _tokens(text: str) -> list[str]:
    return _WORD.findall(text.lower())
