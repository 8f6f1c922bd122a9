"""An archive of real news made larger: copies of its articles with a tenth of the words exchanged, vectors noised.

Usage: python benchmarks/enlarged.py BASE ROOT PASSAGES

BASE is an archive whose vectors are real; ROOT is made beside a folder of the articles, the same for the same BASE. The
first copy is BASE itself, cut off where there are passages enough. The vector of a copy's passage is that of the
original plus noise (cosine about .96), so that nothing is embedded. Every article gets a day of its own, spread over
twenty years.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from measure import arguments

from archive import Archive
from index import build, passage_rule
from index.contracts.engines import Floats
from index.embedding.model import locate
from index.embedding.tokenizer import Tokens
from index.generations.columns import Columns
from index.generations.generation import open_current
from index.generations.open import open_parts
from index.indexing.catalog_pass import encoder_inputs
from index.vectors.epochs import epoch_folder
from index.vectors.exact import ExactIndex
from index.vectors.store import VectorStore

EXCHANGED = 0.1
NOISE = 0.015
_FIRST_DAY = date(2002, 1, 1)
_DAYS = 7_305
_TO_A_FILE = 5_000
_BATCH = 4_096


class Exchange:
    """Exchanges words of a text for others of the same news, by their frequency."""

    def __init__(self, texts: list[str]) -> None:
        self._words = np.array([word for text in texts[:2_000] for word in text.split() if word.isalpha()])

    def __call__(self, text: str, rng: np.random.Generator) -> str:
        """Return the text with a tenth of its words exchanged; lines stay."""
        lines = []
        for line in text.split("\n"):
            words = line.split(" ")
            for at in np.flatnonzero(rng.random(len(words)) < EXCHANGED):
                if words[at]:
                    words[at] = str(rng.choice(self._words))
            lines.append(" ".join(words))
        return "\n".join(lines)


def noised(vectors: Floats, seed: tuple[int, ...]) -> Floats:
    """Return unit vectors near to the given ones."""
    noise = np.random.default_rng(seed).standard_normal(vectors.shape, np.float32) * np.float32(NOISE)
    moved = vectors + noise
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


def enlarge(base: Path, root: Path, passages: int) -> None:
    """Make the archive at ``root``."""
    news = root.parent / "news"
    news.mkdir(parents=True)
    with Archive.open(base) as archive, open_current(archive.layout) as generation, Archive.create(root) as made:
        parts = open_parts(archive.layout, generation)
        assert parts.vectors is not None
        _write(news, archive, parts.columns, passages)
        made.add([news], passage_rule(made.settings))
        _store_vectors(made, parts.columns, parts.vectors)
        print(build(made), flush=True)
        parts.close()


def _write(news: Path, archive: Archive, columns: Columns, passages: int) -> None:
    ids = [(columns.article_id(at), columns.version(at)) for at in np.flatnonzero(columns.live_articles).tolist()]
    texts = [archive.version(*one).text for one in ids]
    exchange, records = Exchange(texts), _records(columns, texts, passages)
    for number, of_file in enumerate(_chunks(records)):
        with (news / f"{number:04d}.jsonl").open("w", encoding="utf-8") as file:
            for copy, at, day in of_file:
                rng = np.random.default_rng((copy, at))
                title = columns.texts["title"][at] or ""
                if copy:
                    title, text = exchange(title, rng), exchange(texts[at], rng)
                else:
                    text = texts[at]
                file.write(json.dumps({"id": f"{copy}-{at}", "title": title, "text": text, "date": f"{day}"}) + "\n")


def _records(columns: Columns, texts: list[str], passages: int) -> Iterator[tuple[int, int, date]]:
    """Yield copy, article and day until there are passages enough."""
    held = np.diff(columns.first_passages)
    copy, number = 0, 0
    while passages > 0:
        for at in range(len(texts)):
            if passages <= 0:
                return
            yield copy, at, _FIRST_DAY + timedelta(days=number * 7919 % _DAYS)
            passages -= int(held[at])
            number += 1
        copy += 1


def _chunks(records: Iterator[tuple[int, int, date]]) -> Iterator[list[tuple[int, int, date]]]:
    chunk: list[tuple[int, int, date]] = []
    for one in records:
        chunk.append(one)
        if len(chunk) == _TO_A_FILE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _store_vectors(made: Archive, columns: Columns, vectors: ExactIndex) -> None:
    """Store a vector for each passage that has been cut, under the key by which a build looks it up."""
    model = locate(made.settings)
    tokens, keys, found = Tokens(model), bytearray(), list[Floats]()
    with (
        VectorStore.open(epoch_folder(made.layout.vectors, model.fingerprint, 1), model.dimension) as store,
        made.snapshot() as snapshot,
    ):
        for item in snapshot.since(0):
            copy, at = (int(part) for part in (item.article.record or "").split("-"))
            first, last = int(columns.first_passages[at]), int(columns.first_passages[at + 1])
            wanted = np.minimum(first + np.arange(len(item.passages)), last - 1)
            own = vectors.vectors(wanted)
            found.append(noised(own, (copy, at)) if copy else own)
            for one in encoder_inputs(item, tokens, model.passage_prompt):
                keys += one.key
            if len(keys) >= _BATCH * 32:
                store.append(np.frombuffer(bytes(keys), np.uint8).reshape(-1, 32), np.concatenate(found))
                keys, found = bytearray(), []
        if keys:
            store.append(np.frombuffer(bytes(keys), np.uint8).reshape(-1, 32), np.concatenate(found))


if __name__ == "__main__":
    base, root, passages = arguments(3)
    enlarge(Path(base), Path(root), int(passages))
