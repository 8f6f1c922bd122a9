"""What an update costs beside a rebuild, and a rebuild beside Chroma alone, on a made-up archive.

Usage: python benchmarks/incremental.py FOLDER [PASSAGES] [ROUNDS]

FOLDER is made, or used again when it holds an archive of an earlier run. The encoder is a cheap stand-in: no figure
holds any embedding. Both sides of each ratio come from the same run; figures are medians.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from measure import arguments, middle, show, timed
from synthetic import CheapEncoder, make_archive

from archive import Archive
from index import BuildReport, build, passage_rule
from index.ann import chroma
from index.contracts.arrays import load
from index.generations.chroma_records import records
from index.generations.columns import open_columns
from index.generations.generation import COLUMNS, open_current
from index.generations.open import SLOTS
from index.vectors import epochs
from index.vectors.sharing import PassagesByVector
from index.vectors.store import VectorStore


def update(root: Path) -> BuildReport:
    """Do what ``morgue update`` does, with the cheap encoder."""
    with Archive.open(root) as archive:
        archive.update(passage_rule(archive.settings))
        return build(archive, encoder=CheapEncoder)


def rebuild(root: Path) -> BuildReport:
    """Do what ``morgue rebuild`` does, with the cheap encoder."""
    with Archive.open(root) as archive:
        return build(archive, rebuild=True, encoder=CheapEncoder)


def change_one(news: Path, rng: random.Random) -> None:
    """Change the text of one article."""
    path = rng.choice(sorted(news.rglob("*.txt")))
    path.write_text(path.read_text("utf-8").replace(". ", f". Correction {rng.random()}. ", 1), "utf-8")


def chroma_alone(root: Path) -> float:
    """Return the seconds Chroma takes to accept the vectors of the generation in use, in a folder of its own."""
    with Archive.open(root) as archive, open_current(archive.layout) as generation:
        of = generation.manifest.vectors
        store = epochs.epoch_folder(archive.layout.vectors, of.fingerprint, of.epoch)
        slots = load(generation.folder / SLOTS)
        by_vector, columns = PassagesByVector(slots), open_columns(generation.folder / COLUMNS)
        with VectorStore.open(store, of.dimension) as vectors, TemporaryDirectory(dir=root.parent) as folder:
            ids = [str(slot) for slot in by_vector.slots.tolist()]
            held = list(records(archive, columns, vectors, np.arange(len(slots)), by_vector, ids))
            return timed(lambda: chroma.build(Path(folder) / "chroma", held))


def rebuilt(root: Path) -> float:
    """Return the seconds that a rebuild takes."""
    return timed(lambda: rebuild(root))


def apart(work: Callable[[Path], float], root: Path) -> float:
    """Measure in a fresh process, as the commands are: what Chroma leaves running in one slows whatever comes next."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, root).result()


def files(root: Path) -> dict[int, int]:
    """Return size by inode of every file of an archive."""
    found = (path.stat() for path in root.rglob("*") if path.is_file())
    return {status.st_ino: status.st_size for status in found}


def written(before: dict[int, int], after: dict[int, int]) -> int:
    """Return how many bytes are in files, or at the ends of files, that were not there before."""
    return sum(max(0, size - before.get(inode, 0)) for inode, size in after.items())


def main(folder: Path, passages: int, rounds: int) -> None:
    """Print the ratios."""
    root, news, rng = folder / "archive", folder / "news", random.Random(3)
    if not root.exists():
        folder.mkdir(parents=True, exist_ok=True)
        make_archive(root, passages)
    update(root)
    rebuilds, updates, chromas, shares = [], [], [], []
    for _ in range(rounds):
        chromas.append(apart(chroma_alone, root))
        rebuilds.append(apart(rebuilt, root))
        change_one(news, rng)
        before = files(root)
        began = perf_counter()
        report = update(root)
        updates.append(perf_counter() - began)
        after = files(root)
        index = sum(after.values()) - (root / "catalog.sqlite").stat().st_size
        shares.append(written(before, after) / index)
        print(f"one article changed: {report.embedded} embedded, {report.new} new passages", flush=True)
    moved = shutil.move(news, folder / "renamed")
    with Archive.open(root) as archive:
        archive.add([moved], passage_rule(archive.settings))
        renamed = build(archive, encoder=CheapEncoder)
    shutil.move(moved, news)
    update(root)
    rows = [
        ("rebuild / Chroma alone", middle(rebuilds), middle(chromas), "1.5"),
        ("update of one article / rebuild", middle(updates), middle(rebuilds), "0.05"),
    ]
    show(
        f"{renamed.passages:,} passages, {rounds} rounds",
        ("", "seconds", "beside", "ratio", "target"),
        [(name, f"{one:.2f}", f"{other:.2f}", f"{one / other:.3f}", target) for name, one, other, target in rows],
    )
    print(f"written by an update, of the index's size: {middle(shares):.4f} (target 0.05)")
    print(f"renaming the folder: {renamed.embedded} embedded, {renamed.new} new passages")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    folder, *more = arguments(1)
    passages, rounds = (int(value) for value in [*more, *("100000", "3")[len(more) :]])
    main(Path(folder), passages, rounds)
