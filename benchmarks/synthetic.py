"""Made-up archives of any size, the same for the same seed, and an encoder that costs next to nothing.

Texts shuffle the words of the sample articles and some made-up ones by Zipf's law; vectors lie in clusters, as those of
real texts do. So every part of an index does its real work, only embedding is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

import numpy as np

from archive import Archive
from index import BuildReport, build, passage_rule
from index.contracts.engines import Floats
from index.embedding.model import Model

PASSAGES = 4  # of an article
_SEEDS = Path(__file__).resolve().parents[1] / "seeds" / "articles"
_SYLLABLES = ("ka", "mor", "len", "tis", "var", "do", "shi", "pel", "ran", "gu", "est", "bri", "nol", "ta", "vek", "su")
_MADE_UP = 20_000
_RARE = 0.05
_SENTENCE = 20
_CLUSTERS = 400
_FIRST_DAY = date(2002, 1, 1)
_DAYS = 7_305


def write_articles(folder: Path, count: int, seed: int = 7) -> None:
    """Write ``count`` articles of about four passages each, a thousand to a folder."""
    rng = np.random.default_rng(seed)
    common = np.array(sorted({word for path in _SEEDS.glob("*.txt") for word in _plain(path.read_text("utf-8"))}))
    rare = np.array(["".join(rng.choice(_SYLLABLES, rng.integers(2, 5))) for _ in range(_MADE_UP)])
    rng.shuffle(common)
    odds = 1 / np.arange(1, len(common) + 1) ** 0.9
    size = PASSAGES * 7 * _SENTENCE
    for number in range(count):
        place = folder / f"{number // 1000:04d}"
        place.mkdir(parents=True, exist_ok=True)
        drawn = rng.choice(common, size, p=odds / odds.sum())
        chosen = np.where(rng.random(size) < _RARE, rng.choice(rare, size), drawn).tolist()
        (place / f"{number:07d}.txt").write_text(_text(number, chosen), "utf-8")


def _plain(text: str) -> list[str]:
    return [word for word in text.lower().split() if word.isalpha()]


def _text(number: int, words: Sequence[str]) -> str:
    sentences = [" ".join(words[at : at + _SENTENCE]).capitalize() + "." for at in range(0, len(words), _SENTENCE)]
    paragraphs = [" ".join(sentences[at : at + 7]) for at in range(0, len(sentences), 7)]
    day = _FIRST_DAY + timedelta(days=number * 7919 % _DAYS)  # spread over the years in no order
    return f"Report {number} on {' '.join(words[:4])}\n\n{day:%Y-%m-%d}\n\n" + "\n\n".join(paragraphs) + "\n"


class CheapEncoder:
    """Unit vectors drawn by the checksum of a text, gathered around common centres."""

    def __init__(self, model: Model) -> None:
        self.fingerprint = model.fingerprint
        self.dimension = model.dimension
        self.encoded = 0
        self._centres = np.random.default_rng(1).standard_normal((_CLUSTERS, self.dimension)).astype(np.float32)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, shape ``(len(texts), dimension)``."""
        self.encoded += len(texts)
        made = np.array([self._vector(crc32(text.encode("utf-8"))) for text in texts], np.float32)
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)

    def _vector(self, seed: int) -> Floats:
        noise = np.random.default_rng(seed).standard_normal(self.dimension, np.float32)
        return np.asarray(self._centres[seed % _CLUSTERS] + noise, np.float32)


def make_archive(root: Path, passages: int) -> BuildReport:
    """Make an archive of about so many passages beside a folder ``news`` of its articles."""
    news = root.parent / "news"
    write_articles(news, passages // PASSAGES)
    with Archive.create(root) as archive:
        archive.add([news], passage_rule(archive.settings))
        return build(archive, encoder=CheapEncoder)
