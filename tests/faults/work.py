"""Pieces of work on a small archive that faults are put into, and what must hold of it afterwards."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path
from unittest.mock import patch

import numpy as np

from archive import Archive
from archive.core.errors import ArchiveError, Busy, NoIndex
from archive.folder.files import faults
from index import Mode, Searcher, verify
from index.embedding.model import Model, locate
from index.vectors import epochs
from index.vectors.key_lookup import distinct
from index.vectors.segment import KEY_BYTES
from index.vectors.store import VectorStore
from tests.index.world import World

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = 6
FAILED = 3
DIED = 9
_CONTEXT = multiprocessing.get_context("forkserver")


def add(world: World) -> None:
    """Add a folder and index it."""
    world.add()
    world.build()


def change(world: World) -> None:
    """Take in a change to one article and a new one, by growing the index."""
    world.put("a001", "Report 1\n\nThe council of town 1 met again.\n")
    world.put("b001", "Report b\n\nA new council met.\n")
    world.add()
    world.build()


def rebuild(world: World) -> None:
    """Make a new index."""
    world.build(rebuild=True)


def reembed(world: World) -> None:
    """Make every vector anew."""
    world.build(rebuild=True, reembed=True)


WORK: dict[str, Callable[[World], None]] = {"add": add, "change": change, "rebuild": rebuild, "reembed": reembed}


def prepared(folder: Path, model: Model, kind: str, articles: int = ARTICLES) -> World:
    """Return an archive as it is before a piece of work."""
    folder.mkdir()
    world = World(folder, model)
    world.set('engine = "auto"', 'engine = "tantivy"')
    world.put_many(articles)
    if kind != "add":
        add(world)
    return world


def durable(world: World) -> int:
    """Count the vectors that are safe on disk, over all epochs."""
    folder = world.root / "vectors"
    fingerprint = world.model.fingerprint
    found = epochs.epochs(folder, fingerprint)
    stores = (epochs.epoch_folder(folder, fingerprint, one) for one in found)
    return sum(count_keys(VectorStore.open(one, world.model.dimension)) for one in stores)


def count_keys(store: VectorStore) -> int:
    """Count the different keys that a store has a vector of: a merge that was cut short leaves some twice."""
    return len(
        distinct(np.concatenate([np.empty((0, KEY_BYTES), np.uint8), *(each.keys for each in store.segments())]))
    )


def titles(world: World) -> set[str] | None:
    """Return what a question finds, None where nothing is indexed yet."""
    try:
        with Searcher.open(world.root) as searcher:
            return {hit.article.title for hit in searcher.search("council", k=500, mode=Mode.LEXICAL)}
    except NoIndex:
        return None


def outlived(world: World, kind: str, articles: int = ARTICLES) -> None:
    """Check an archive after work that did not end, and after the same work again."""
    whole = {f"Report {number}" for number in range(articles)}
    found = titles(world)
    assert found in (None, whole) if kind == "add" else found is not None and found >= whole
    before = durable(world)
    with Archive.open(world.root) as archive:
        assert all(problem.remedy for problem in verify(archive).problems)
        catalogued = {article.title for article in archive.articles()}
    WORK[kind](world)
    after = titles(world)
    assert after is not None
    assert after >= whole | catalogued
    if kind != "reembed":
        assert durable(world) == before + len(world.encoder.encoded), "a durable vector was made again"
    with Archive.open(world.root) as archive:
        assert verify(archive).problems == ()
    assert list((world.root / "tmp").glob("generation-*")) == []


def command(world: World, kind: str) -> list[str]:
    """Return the command that does a piece of work in a process of its own; exit 3 tells of a plain failure."""
    return [sys.executable, "-m", "tests.faults.work", str(world.folder.parent), kind]


def environment() -> dict[str, str]:
    """Return the environment of such a process."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def forked(target: Callable[..., object], *args: object) -> BaseProcess:
    """Begin a process that has everything imported and none of this one's threads and locks."""
    _CONTEXT.set_forkserver_preload(["tests.faults.kills", "index.indexing.builder", "index.search.searcher"])
    with patch.dict(os.environ, environment()):
        forkserver.ensure_running()
    child = _CONTEXT.Process(target=target, args=args)
    child.start()
    return child


def dying(world: World, kind: str, last: int) -> None:
    """Do a piece of work, and end the process at its ``last``-th operation on files."""
    ending_at(last, lambda: WORK[kind](world))


def ending_at(last: int, work: Callable[[], object]) -> None:
    """Work, and end the process at the ``last``-th operation on files."""
    count = 0

    def end(operation: str, path: Path) -> None:
        nonlocal count
        count += 1
        if count == last:
            os._exit(DIED)

    with faults(end):
        work()


def write(world: World, name: str, turns: int) -> None:
    """Add and index one article after the other, whatever else goes on; write down how often the archive was busy."""
    done = busy = 0
    while done < turns:
        world.put(f"{name}{done}", f"Report {name}{done}\n\nThe council of {name} met for the turn {done}.\n")
        try:
            world.add()
            world.build()
            done += 1
        except Busy:
            busy += 1
    (world.folder / f"{name}.busy").write_text(str(busy), "utf-8")


def rebuild_marked(world: World, turns: int) -> None:
    """Change the marked article and rebuild, again and again."""
    for turn in range(1, turns + 1):
        world.put("marked", f"Marked\n\nThe turnmark of this text is number{turn}.\n")
        world.add()
        world.build(rebuild=True)


if __name__ == "__main__":
    try:
        WORK[sys.argv[2]](World.known(Path(sys.argv[1]), locate()))
    except (OSError, ArchiveError):
        sys.exit(FAILED)
