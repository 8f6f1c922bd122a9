"""Failing the n-th operation on files, for every n, as SQLite tests itself: nothing acknowledged is ever lost."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from archive import Archive
from archive.errors import ArchiveError, NoIndex
from archive.files import faults
from index import Mode, Searcher, verify
from index.embedding.model import Model
from index.vectors import epochs
from index.vectors.store import VectorStore
from tests.index.world import World

pytestmark = pytest.mark.usefixtures("background")
ARTICLES = 6
SHARE = 5  # of each kind of fault in a usual run; all of them with -m slow

DYING = """
import os, sys
from pathlib import Path
from archive.files import faults
from index.embedding.model import locate
from tests.faults.test_nth_operation import WORK
from tests.index.world import World
world, last = World.known(Path(sys.argv[1]), locate()), int(sys.argv[3])
count = 0
def end(operation, path):
    global count
    count += 1
    if count == last:
        os._exit(9)
with faults(end):
    WORK[sys.argv[2]](world)
"""


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


def prepared(folder: Path, model: Model, kind: str) -> World:
    """Return an archive as it is before a piece of work."""
    folder.mkdir()
    world = World(folder, model)
    world.set('engine = "auto"', 'engine = "tantivy"')
    world.put_many(ARTICLES)
    if kind != "add":
        add(world)
    return world


class Counter:
    """Counts operations, and fails the n-th with an error number."""

    def __init__(self, last: int = 0, number: int = 0) -> None:
        self.count = 0
        self._last = last
        self._number = number

    def __call__(self, operation: str, path: Path) -> None:
        self.count += 1
        if self.count == self._last:
            raise OSError(self._number, os.strerror(self._number), str(path))


def durable(world: World) -> int:
    """Count the vectors that are safe on disk, over all epochs."""
    folder = world.root / "vectors"
    fingerprint = world.model.fingerprint
    found = epochs.epochs(folder, fingerprint)
    stores = (epochs.epoch_folder(folder, fingerprint, one) for one in found)
    return sum(len(VectorStore.open(one, world.model.dimension)) for one in stores)


def titles(world: World) -> set[str] | None:
    """Return what a question finds, None where nothing is indexed yet."""
    try:
        with Searcher.open(world.root) as searcher:
            return {hit.article.title for hit in searcher.search("council", k=50, mode=Mode.LEXICAL)}
    except NoIndex:
        return None


def outlived(world: World, kind: str) -> None:
    """Check an archive after work that did not end, and after the same work again."""
    whole = {f"Report {number}" for number in range(ARTICLES)}
    found = titles(world)
    assert found in (None, whole) if kind == "add" else found is not None and found >= whole
    before = durable(world)
    with Archive.open(world.root) as archive:
        assert all(problem.run for problem in verify(archive).problems)
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


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory, model: Model) -> dict[str, int]:
    """How many operations each kind of work takes."""
    counted = {}
    for kind, work in WORK.items():
        world = prepared(tmp_path_factory.mktemp(kind) / "world", model, kind)
        counter = Counter()
        with faults(counter):
            work(world)
        counted[kind] = counter.count
    return counted


def chosen(total: int, seed: str, all_of_them: bool) -> Iterator[int]:
    """Yield which operation is to fail, in turn."""
    every = range(1, total + 1)
    yield from every if all_of_them else sorted(random.Random(seed).sample(every, min(SHARE, total)))


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
@pytest.mark.parametrize("kind", WORK)
def test_a_failing_operation_loses_nothing(
    operations: dict[str, int], tmp_path: Path, model: Model, kind: str, number: int
) -> None:
    fail_each(operations[kind], tmp_path, model, kind, number, all_of_them=False)


@pytest.mark.slow
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC], ids=["EIO", "ENOSPC"])
@pytest.mark.parametrize("kind", WORK)
def test_every_failing_operation_loses_nothing(
    operations: dict[str, int], tmp_path: Path, model: Model, kind: str, number: int
) -> None:
    fail_each(operations[kind], tmp_path, model, kind, number, all_of_them=True)


def fail_each(total: int, folder: Path, model: Model, kind: str, number: int, *, all_of_them: bool) -> None:
    """Fail one operation after the other, each in an archive of its own."""
    assert total > 10
    for last in chosen(total, f"{kind} {number}", all_of_them):
        world = prepared(folder / str(last), model, kind)
        counter = Counter(last, number)
        with faults(counter), suppress(OSError, ArchiveError):
            WORK[kind](world)
        assert counter.count >= last
        outlived(world, kind)


@pytest.mark.parametrize("kind", WORK)
def test_ending_at_an_operation_loses_nothing(
    operations: dict[str, int], tmp_path: Path, model: Model, kind: str
) -> None:
    end_at_each(operations[kind], tmp_path, model, kind, all_of_them=False)


@pytest.mark.slow
@pytest.mark.parametrize("kind", WORK)
def test_ending_at_every_operation_loses_nothing(
    operations: dict[str, int], tmp_path: Path, model: Model, kind: str
) -> None:
    end_at_each(operations[kind], tmp_path, model, kind, all_of_them=True)


def end_at_each(total: int, folder: Path, model: Model, kind: str, *, all_of_them: bool) -> None:
    """End the process at one operation after the other."""
    root = Path(__file__).parents[2]
    for last in chosen(total, kind, all_of_them):
        world = prepared(folder / str(last), model, kind)
        command = [sys.executable, "-c", DYING, str(world.folder.parent), kind, str(last)]
        done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, check=False)
        assert done.returncode == 9, done.stderr.decode()
        outlived(world, kind)
