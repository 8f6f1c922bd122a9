"""Morgue itself: WORK is an archive that ``enlarged.py`` made. Its answers come with highlights and copies folded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from peer import Data, Span, main

from archive import Archive
from index import Searcher, build, passage_rule
from index.embedding.model import Model


class Morgue:
    """A searcher that is kept open and warm; ``first`` is the command instead (``growth.py``)."""

    def build(self, work: Path, data: Data) -> None:
        """Rebuild: read the articles, index words, make Chroma's index; vectors are there."""
        with Archive.open(work) as archive:
            build(archive, rebuild=True)

    def open(self, work: Path, data: Data) -> None:
        """Open and warm a searcher."""
        self._searcher = Searcher.open(work)
        self._searcher.warm()

    def encode(self, question: str) -> Any:
        """Encode the question."""
        return self._searcher.encode(question)

    def ask(self, question: str, vector: Any, days: Span | None) -> Sequence[str]:
        """Ask in hybrid mode; the vectors of recent questions are kept."""
        typed = f"{question} date:{_dashed(days[0])}..{_dashed(days[1])}" if days else question
        return [hit.passage.text for hit in self._searcher.search(typed, nearest=True)]

    def add(self, work: Path, extra: Data) -> None:
        """Add a file of articles of one passage each and bring the index up to date."""
        file = work.parent / "extra.jsonl"
        with file.open("w", encoding="utf-8") as lines:
            for number, text in enumerate(extra.texts):
                lines.write(json.dumps({"id": str(number), "title": f"Extra {number}", "text": text}) + "\n")
        with Archive.open(work) as archive:
            archive.add([file], passage_rule(archive.settings))
            build(archive, encoder=lambda model: _Given(model, extra.vectors))


class _Given:
    """Gives the vectors that are there, one after the other."""

    def __init__(self, model: Model, vectors: Any) -> None:
        self.fingerprint, self.dimension = model.fingerprint, model.dimension
        self._vectors, self._at = vectors, 0

    def encode(self, texts: Sequence[str]) -> Any:
        """Return a vector for each text."""
        rows = np.arange(self._at, self._at + len(texts)) % len(self._vectors)
        self._at += len(texts)
        return np.ascontiguousarray(self._vectors[rows], np.float32)


def _dashed(day: int) -> str:
    return f"{day // 10000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


if __name__ == "__main__":
    main(Morgue())
