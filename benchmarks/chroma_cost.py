"""What Chroma costs and gives: the same archive with ``vectors = "chroma"`` and with ``"exact"``, side by side.

Usage: python benchmarks/chroma_cost.py FOLDER [PASSAGES] [ROUNDS]

FOLDER is made and holds a made-up archive of so many passages (10,000), or is an archive, which is copied beside itself
and asked through its own model. Builds are whole rebuilds without embedding, in processes of their own and in turn;
searchers are warm, in processes of their own too. At the end, what texts and metadata beside the vectors cost.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from measure import QUESTIONS, arguments, middle, p95, resident, show, timed
from synthetic import CheapEncoder, make_archive

from archive import Archive, Step
from archive.folder.discovery import is_archive
from index import Searcher, build, status
from index.ann import chroma
from index.ann.choice import Proposer
from index.ann.chroma import Records
from index.contracts.arrays import load
from index.embedding.model import locate
from index.generations.chroma_records import records
from index.generations.columns import open_columns
from index.generations.generation import CHROMA, COLUMNS, open_current
from index.generations.open import SLOTS
from index.vectors.epochs import epoch_folder
from index.vectors.sharing import PassagesByVector
from index.vectors.store import VectorStore

WAYS = {"exact": Proposer.CODES, "chroma": Proposer.CHROMA}
PASSAGES = 10_000
ROUNDS = 5  # of which the median is printed


def set_vectors(root: Path, value: str) -> None:
    """Write the setting."""
    settings = root / "morgue.toml"
    lines = [
        f'vectors = "{value}"' if line.startswith(("vectors =", "chroma =")) else line
        for line in settings.read_text("utf-8").splitlines()
    ]
    settings.write_text("\n".join(lines) + "\n", "utf-8")


def rebuild(root: Path) -> None:
    """Rebuild; print the seconds until the new index serves, and until all is done."""
    served: list[float] = []
    began = perf_counter()

    def tell(step: Step) -> None:
        if step.phase == "vectors" and not served:
            served.append(perf_counter() - began)

    with Archive.open(root) as archive:
        build(archive, rebuild=True, progress=tell, encoder=CheapEncoder)
    took = perf_counter() - began
    print(json.dumps([served[0] if served else took, took]))


def search(root: Path, way: str, *, is_cheap: bool) -> None:
    """Ask questions of a warm searcher; print its memory in MB and the milliseconds of each question."""
    with Searcher.open(root, encoder=CheapEncoder(locate()) if is_cheap else None) as searcher:
        searcher.warm(WAYS[way])
        for question in QUESTIONS:
            searcher.search(question)
        took = [1000 * timed(lambda: searcher.search(question)) for question in QUESTIONS]  # noqa: B023
        assert searcher.search(QUESTIONS[0]).plan.startswith("chroma") == (way == "chroma")
    print(json.dumps([resident("VmRSS"), resident("RssAnon"), *took]))


def apart(*arguments: object) -> list[float]:
    """Run a part of this script in a process of its own; return the figures it prints."""
    command = [sys.executable, __file__, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return list(map(float, json.loads(done.stdout.splitlines()[-1])))


def collected(root: Path) -> Iterator[Records]:
    """Yield the records of an archive's index."""
    with Archive.open(root) as archive, open_current(archive.layout) as generation:
        described, slots = generation.manifest.vectors, load(generation.folder / SLOTS)
        place = epoch_folder(archive.layout.vectors, described.fingerprint, described.epoch)
        by_vector, columns = PassagesByVector(slots), open_columns(generation.folder / COLUMNS)
        with VectorStore.open(place, described.dimension) as store:
            ids = [str(slot) for slot in by_vector.slots.tolist()]
            yield from records(archive, columns, store, np.arange(len(slots)), by_vector, ids)


def make_collection(root: Path, *, is_bare: bool) -> None:
    """Write a collection of an archive's vectors, with or without what is beside them; print seconds and megabytes."""
    batches = list(collected(root))
    if is_bare:
        batches = [Records(batch.ids, batch.vectors, (), ()) for batch in batches]
    chroma.load()
    with TemporaryDirectory(dir=root.parent) as folder:
        took = timed(lambda: chroma.build(Path(folder) / "chroma", batches))
        print(json.dumps([took, size_of(Path(folder))]))


def size_of(folder: Path) -> float:
    """Return the megabytes of the files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main(folder: Path, passages: int, rounds: int) -> None:
    """Print the tables."""
    is_cheap = not is_archive(folder)
    roots = {way: folder.with_name(f"{folder.name}-{way}") for way in WAYS}
    base = folder
    if is_cheap and not is_archive(base := folder / "archive"):
        folder.mkdir(parents=True, exist_ok=True)
        make_archive(base, passages)
    for way, root in roots.items():
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(base, root)
        set_vectors(root, way)
    builds: dict[str, list[list[float]]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, root in roots.items():
            builds[way].append(apart("--rebuild", root))
    asked = {way: apart("--search", root, way, int(is_cheap)) for way, root in roots.items()}
    generations = {way: next((root / "generations").iterdir()) for way, root in roots.items()}
    _show_ways(roots, builds, asked, {way: size_of(place / CHROMA) for way, place in generations.items()})
    held = {name: [apart("--collect", roots["exact"], bare) for _ in range(rounds)] for name, bare in _KINDS.items()}
    rows = [
        (name, f"{middle([took for took, _ in runs]):.2f}", f"{middle([size for _, size in runs]):.1f}")
        for name, runs in held.items()
    ]
    show("a collection, written", ("", "seconds", "MB"), rows)
    for root in roots.values():
        shutil.rmtree(root)


_KINDS = {"vectors alone": 1, "with texts and metadata": 0}


def _show_ways(
    roots: dict[str, Path], builds: dict[str, list[list[float]]], asked: dict[str, list[float]], sizes: dict[str, float]
) -> None:
    with Archive.open(roots["chroma"]) as archive:
        state = status(archive)
    figures: list[tuple[str, Callable[[str], float]]] = [
        ("rebuild until the index serves, s", lambda way: middle([served for served, _ in builds[way]])),
        ("rebuild until all is done, s", lambda way: middle([took for _, took in builds[way]])),
        ("Chroma on disk, MB", lambda way: sizes[way]),
        ("memory of a warm searcher, MB", lambda way: asked[way][0]),
        ("  of it allocated, MB", lambda way: asked[way][1]),
        ("a warm question, p50, ms", lambda way: middle(asked[way][2:])),
        ("a warm question, p95, ms", lambda way: p95(asked[way][2:])),
    ]
    rows = [(name, *(f"{figure(way):,.2f}" for way in WAYS)) for name, figure in figures]
    show(f"{state.indexed_passages:,} passages", ("", *WAYS), rows)
    print(state.meaning)
    print(state.chroma)


if __name__ == "__main__":
    match arguments(1):
        case ["--rebuild", place]:
            rebuild(Path(place))
        case ["--search", place, way, cheap]:
            search(Path(place), way, is_cheap=cheap == "1")
        case ["--collect", place, bare]:
            make_collection(Path(place), is_bare=bare == "1")
        case [place]:
            main(Path(place), PASSAGES, ROUNDS)
        case [place, passages]:
            main(Path(place), int(passages), ROUNDS)
        case [place, passages, rounds]:
            main(Path(place), int(passages), int(rounds))
