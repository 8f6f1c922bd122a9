"""Reading a Chroma index back in a process of its own, where a crash is an answer like any other.

    python -m index.vectors.probe FOLDER STORE DIMENSION SLOTS BASE

compares the index in FOLDER with the vectors it was built from, row by row, and prints what is wrong as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

import numpy as np

from archive.errors import ArchiveError
from index.ranking import Floats, Ordinals
from index.vectors.chroma import Opened
from index.vectors.copies import PrivateCopy
from index.vectors.exact import ExactIndex
from index.vectors.store import VectorStore

_BATCH: Final = 4_000
_TOLERANCE: Final = 1e-4
_ASKED: Final = 50
_LEAST_FOUND: Final = 0.9
_ROOT: Final = Path(__file__).resolve().parents[2]


def probe(folder: Path, store: Path, dimension: int, slots: Path, base: int) -> list[str]:
    """Check a Chroma index in another process; the folder itself is not opened but a private copy.

    Args:
        folder: of the index.
        store: folder of the vectors' epoch.
        dimension: length of a vector.
        slots: a ``.npy`` file with the slot of each ordinal.
        base: how many of them were indexed, from the first on.

    Returns:
        What is wrong, in sentences; empty when all is well.
    """
    command = [sys.executable, "-P", "-m", __name__, str(folder), str(store), str(dimension), str(slots), str(base)]
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    with TemporaryFile() as output, TemporaryFile() as messages:
        # the pipe tells the child when this process dies
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=output, stderr=messages, env={**os.environ, "PYTHONPATH": path}
        ) as process:
            try:
                code = process.wait()
            except BaseException:
                process.kill()
                raise
        output.seek(0)
        messages.seek(0)
        return _result(code, output.read(), messages.read())


def compare(opened: Opened, expected: ExactIndex) -> Iterator[str]:
    """Yield what differs between an open Chroma index and the vectors it was built from."""
    if len(opened) != len(expected):
        yield f"Chroma holds {len(opened):,} passages instead of {len(expected):,}."
        return
    for start in range(0, len(expected), _BATCH):
        ordinals = np.arange(start, min(start + _BATCH, len(expected)), dtype=np.int64)
        differing = _differing(opened.vectors(ordinals), expected.vectors(ordinals))
        if differing:
            yield f"{differing:,} of the vectors {start:,} to {ordinals[-1]:,} are not those that were indexed."
    yield from _unfindable(opened, expected)


def _differing(found: Floats, expected: Floats) -> int:
    if found.shape != expected.shape:
        return len(expected)
    return int((~(np.abs(found - expected).max(axis=1) <= _TOLERANCE)).sum())


def _unfindable(opened: Opened, expected: ExactIndex) -> Iterator[str]:
    """Ask for some of the vectors themselves: a whole graph finds nearly all."""
    asked = np.unique(np.linspace(0, len(expected) - 1, min(_ASKED, len(expected))).astype(np.int64))
    found = sum(_finds_itself(opened, vector) for vector in expected.vectors(asked))
    if found < _LEAST_FOUND * len(asked):
        yield f"Chroma finds only {found} of {len(asked)} vectors when asked for them."


def _finds_itself(opened: Opened, vector: Floats) -> bool:
    scores = opened.nearest(vector, 10).scores
    return bool(len(scores) and scores[0] > 1 - _TOLERANCE)


def _result(code: int, output: bytes, messages: bytes) -> list[str]:
    if code < 0:
        return [f"Reading the Chroma index back crashed the reader ({signal.Signals(-code).name})."]
    try:
        found = json.loads(output.splitlines()[-1])
    except (ValueError, IndexError):
        found = None
    if code or not isinstance(found, list):
        last = messages.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
        return [f"Reading the Chroma index back failed: {last[0]}"]
    return [str(problem) for problem in found]


def _main(folder: str, store: str, dimension: str, slots: str, base: str) -> None:
    threading.Thread(target=_die_with_parent, daemon=True).start()
    copy = PrivateCopy(Path(folder))
    try:
        indexed = np.load(slots, mmap_mode="r", allow_pickle=False)[: int(base)]
        problems = _checked(copy.folder, Path(store), int(dimension), indexed)
    finally:
        copy.close()
    sys.stdout.write(json.dumps(problems) + "\n")


def _checked(folder: Path, store: Path, dimension: int, slots: Ordinals) -> list[str]:
    try:
        opened = Opened(folder)
        expected = ExactIndex(VectorStore.open(store, dimension), slots)
        return list(compare(opened, expected))
    except ArchiveError as error:
        return [error.message]


def _die_with_parent() -> None:
    while os.read(0, 1024):  # not through sys.stdin, whose lock the interpreter wants when it ends
        pass
    os._exit(1)


if __name__ == "__main__":
    _main(*sys.argv[1:6])
