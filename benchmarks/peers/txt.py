"""Txtai with content and a hybrid index, fused as it does by default."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from given import given
from peer import Data, K, Span, by_sentence_transformers, main
from txtai import Embeddings

os.environ["ALLOW_RESOLVE_TRANSFORM"] = "True"  # it finds ``given.vectors`` by name
_MANY = 1_000  # it filters what it found; so many candidates fill a filtered answer


class Txtai:
    """An embeddings index whose vectors are handed to it."""

    def build(self, work: Path, data: Data) -> None:
        """Index everything and save it."""
        given.update(zip(data.texts, data.vectors, strict=True))
        self._index = Embeddings(method="external", transform="given.vectors", content=True, hybrid=True)
        self._index.index(_rows(data, 0))
        self._index.save(str(work / "index"))

    def open(self, work: Path, data: Data) -> None:
        """Load the index."""
        self._index = Embeddings()
        self._index.load(str(work / "index"))

    def encode(self, question: str) -> Any:
        """Encode with sentence-transformers."""
        return by_sentence_transformers(question)

    def ask(self, question: str, vector: Any, days: Span | None) -> Sequence[str]:
        """Ask by SQL, as it is done where there is a filter."""
        given[question] = vector
        if days is None:
            return [row["text"] for row in self._index.search(question, K)]
        found = self._index.search(
            f"SELECT text, score FROM txtai WHERE similar(:q, {_MANY}) AND day >= {days[0]} AND day <= {days[1]}"
            f" LIMIT {K}",
            parameters={"q": question},
        )
        return [row["text"] for row in found]

    def add(self, work: Path, extra: Data) -> None:
        """Add and save."""
        given.update(zip(extra.texts, extra.vectors, strict=True))
        self._index.upsert(_rows(extra, 10_000_000))
        self._index.save(str(work / "index"))


def _rows(data: Data, before: int) -> Any:
    for at, text in enumerate(data.texts):
        yield before + at, {"text": text, "day": int(data.days[at])}, None


if __name__ == "__main__":
    main(Txtai())
