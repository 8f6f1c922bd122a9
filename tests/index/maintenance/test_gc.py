from __future__ import annotations

import pytest

from archive import Archive
from index import Mode, Searcher, verify
from index.generations.generation import numbers
from index.maintenance.gc import GcReport, gc
from index.vectors import epochs
from tests.index.world import World

pytestmark = pytest.mark.usefixtures("background")


def collected(world: World, *, dry_run: bool = False) -> GcReport:
    with Archive.open(world.root) as archive:
        return gc(archive, dry_run=dry_run)


def found_epochs(world: World) -> tuple[int, ...]:
    return epochs.epochs(world.root / "vectors", world.model.fingerprint)


def test_a_tidy_archive_has_nothing_to_free(world: World) -> None:
    assert collected(world) == GcReport((), ())


def test_vectors_that_no_generation_uses_go(world: World) -> None:
    world.build(reembed=True)
    assert found_epochs(world) == (1, 2)
    assert [one.what for one in collected(world, dry_run=True).freed] == ["vectors"]
    assert found_epochs(world) == (1, 2)
    report = collected(world)
    assert report.size > 12 * 384 * 2
    assert found_epochs(world) == (2,)
    assert world.found("town 7")[0] == "Report 7"
    with Archive.open(world.root) as archive:
        assert verify(archive).whole


def test_what_is_read_stays(world: World) -> None:
    with Searcher.open(world.root) as reader:
        world.build(reembed=True)
        assert collected(world) == GcReport((), (1,))
        assert reader.search("town 7", mode=Mode.LEXICAL).hits
    assert {one.what for one in collected(world).freed} == {"generation", "vectors"}
    with Archive.open(world.root) as archive:
        assert numbers(archive.layout) == (2,)


def test_a_begun_epoch_stays(world: World) -> None:
    epochs.begin(world.root / "vectors", world.model.fingerprint, 1)
    assert collected(world) == GcReport((), ())
    assert found_epochs(world) == (1, 2)


@pytest.mark.parametrize("lost", ["generations", "manifest"])
def test_vectors_stay_while_no_generation_tells_what_it_uses(world: World, lost: str) -> None:
    folder = world.root / "generations" / "000001"
    if lost == "manifest":
        (folder / "manifest.json").write_text("{", "utf-8")
    else:
        folder.rename(world.root.parent / "elsewhere")
        (world.root / "CURRENT").unlink()
    collected(world)
    assert found_epochs(world) == (1,)
    assert world.build(rebuild=True).embedded == 0


def test_leftovers_of_killed_runs_go(world: World) -> None:
    left = world.root / "tmp" / "generation-000009"
    left.mkdir()
    (left / "columns").write_bytes(b"x" * 5000)
    report = collected(world)
    assert [(one.path, one.size) for one in report.freed] == [("tmp/generation-000009", 5000)]
    assert not left.exists()


def test_a_catalog_that_a_killed_restore_was_making_goes(world: World) -> None:
    left = world.root / "tmp" / "restored.sqlite"
    left.write_bytes(b"x" * 5000)
    report = collected(world)
    assert [(one.path, one.size) for one in report.freed] == [("tmp/restored.sqlite", 5000)]
    assert not left.exists()
