"""Failing the n-th operation on files, for every n, as SQLite tests itself: nothing acknowledged is ever lost."""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from archive.core.errors import ArchiveError
from archive.folder.files import faults
from index.embedding.model import Model
from tests.faults.work import DIED, WORK, dying, forked, outlived, prepared

pytestmark = pytest.mark.usefixtures("background")
OPERATIONS = pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["some", "all"])
SHARE = 5  # of each kind of fault in a usual run; all of them with -m slow


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
@OPERATIONS
def test_a_failing_operation_loses_nothing(
    operations: dict[str, int], tmp_path: Path, model: Model, kind: str, number: int, every: bool
) -> None:
    assert operations[kind] > 10
    for last in chosen(operations[kind], f"{kind} {number}", every):
        world = prepared(tmp_path / str(last), model, kind)
        counter = Counter(last, number)
        with faults(counter), suppress(OSError, ArchiveError):
            WORK[kind](world)
        assert counter.count >= last
        outlived(world, kind)


@pytest.mark.parametrize("kind", WORK)
@OPERATIONS
def test_ending_at_an_operation_loses_nothing(
    operations: dict[str, int], tmp_path: Path, model: Model, kind: str, every: bool
) -> None:
    for last in chosen(operations[kind], kind, every):
        world = prepared(tmp_path / str(last), model, kind)
        child = forked(dying, world, kind, last)
        child.join()
        assert child.exitcode == DIED
        outlived(world, kind)
