"""Ending a repair, and a purge, at each operation: nothing that was saved is lost, nothing purged is left."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from archive import Archive
from archive.core.errors import ArchiveError
from index import verify
from index.embedding.model import Model
from index.indexing.purge import purge
from index.maintenance.repair import repair
from tests.faults.endings import LOST, accused, another, damaged, ends, erase, mend, operations, texts
from tests.index.indexing.accused import SECRETS, TITLE, article_id, found_in, problems
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")
EVERY = pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["some", "all"])
SHARE = 3  # endings in a usual run, beside the telling ones; all of them with -m slow


COMMIT = ("commit", "catalog.sqlite")


def chosen(passed: list[tuple[str, str]], seed: str, every: bool) -> Iterator[int]:
    """Yield at which operations to end, in turn."""
    numbers = range(1, len(passed) + 1)
    yield from numbers if every else sorted(random.Random(seed).sample(numbers, SHARE))


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory, model: Model) -> World:
    return damaged(tmp_path_factory.mktemp("broken"), model)


@EVERY
def test_a_repair_that_ends_anywhere_loses_nothing_and_still_tells_what_is_lost(
    broken: World, tmp_path: Path, every: bool
) -> None:
    whole = another(broken, tmp_path / "whole")
    passed = operations(mend, whole)
    expected = texts(whole)
    assert set(expected) == {"Report 0", "Report 1", "Report 3"}
    told = len(passed) - passed[::-1].index(COMMIT)  # the operation by which the repair is written down as ended
    exchanged = passed.index(("replace", "catalog.sqlite")) + 1
    numbers = {*chosen(passed, "repair", every), exchanged - 1, exchanged, exchanged + 1, told}
    for number in sorted(numbers):
        world = another(broken, tmp_path / str(number))
        assert ends(mend, world, number)
        with Archive.open(world.root) as archive:
            assert verify(archive).whole == (number > told), number
        report = repair(world.root, encoder=CheapEncoder)
        assert texts(world) == expected, number
        assert [sentence.split(" (")[0] for sentence in report.lost] == ([LOST] if number <= told else []), number
        away = "is not there, so that nothing could be read from it again."  # the folder of the world it is a copy of
        assert [problem for problem in report.problems if not problem.what.endswith(away)] == []
        assert list((world.root / "tmp").glob("salvag*")) == []
        shutil.rmtree(tmp_path / str(number))


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory, model: Model) -> World:
    return accused(tmp_path_factory.mktemp("mended") / "world", model, mended=True)


@EVERY
def test_a_purge_that_ends_anywhere_is_told_and_leaves_nothing_once_finished(
    mended: World, tmp_path: Path, every: bool
) -> None:
    assert any(name.startswith("backups/damaged-") for name in found_in(mended.root, *SECRETS))
    one = article_id(mended)
    passed = operations(erase, another(mended, tmp_path / "whole"))
    begun = passed.index(COMMIT) + 1
    for number in sorted({*chosen(passed, "purge", every), begun}):
        world = another(mended, tmp_path / str(number))
        assert ends(erase, world, number)
        assert (TITLE in texts(world)) == (number <= begun)
        with Archive.open(world.root) as archive:
            is_done = number > begun and archive.purging is None
        assert not is_done or found_in(world.root, *SECRETS) == set(), number
        assert (number > begun and not is_done) == ("purged" in {code for code, _ in problems(world)}), number
        _finish(world, one, number)
        assert found_in(world.root, *SECRETS) == set(), number
        assert found_in(Path(os.environ["MORGUE_STATE"]), *SECRETS) == set()
        assert problems(world) == []
        shutil.rmtree(tmp_path / str(number))


def _finish(world: World, one: str, number: int) -> None:
    """Finish a purge, by whatever may come next."""
    if TITLE in texts(world) or number % 3 == 0:
        with Archive.open(world.root) as archive:
            purge(archive, one, encoder=CheapEncoder)
    elif number % 3 == 1:
        world.build()
    else:
        repair(world.root, encoder=CheapEncoder)
        world.build()


@EVERY
def test_a_purge_after_a_repair_that_ended_anywhere_leaves_nothing(tmp_path: Path, model: Model, every: bool) -> None:
    broken = accused(tmp_path / "broken", model, mended=False)
    one = article_id(broken)
    passed = operations(mend, another(broken, tmp_path / "whole"))
    for number in chosen(passed, "repair and purge", every):
        world = another(broken, tmp_path / str(number))
        assert ends(mend, world, number)
        with suppress(ArchiveError), Archive.open(world.root) as archive:
            purge(archive, one, encoder=CheapEncoder)
        repair(world.root, encoder=CheapEncoder)
        world.build()
        assert found_in(world.root, *SECRETS) == set(), number
        assert set(texts(world)) == {"Report 0", "Report 1"}
        assert problems(world) == []
        shutil.rmtree(tmp_path / str(number))
    shutil.rmtree(broken.root)
