"""Nothing grows with the number of runs: neither files, nor what a searcher holds, nor what is remembered."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from archive import Archive
from archive.core.errors import ArchiveError, Damaged
from archive.folder.files import faults
from archive.folder.user_folder import state_folder
from index import Mode, Searcher, verify
from index.contracts.arrays import load
from index.generations.generation import numbers
from index.indexing.finishing.validate import check_folder
from index.indexing.purge import purge
from index.maintenance.gc import gc
from index.vectors.segment import Segment
from index.vectors.store import VectorStore, segments_named
from tests.archives import copied_archive
from tests.index.lexical.test_tantivy import without_privileges
from tests.index.world import World

pytestmark = pytest.mark.usefixtures("background")
RUNS, EARLY, MOST = 60, 10, 1.2


def update(world: World, turn: int) -> None:
    """Change one article of twelve, and take that in."""
    world.put(f"a{turn % 12:03d}", f"Change {turn}\n\nThe council of town {turn} came to decision{turn} at last.\n")
    world.add()
    world.build()


def without_merging(world: World, monkeypatch: pytest.MonkeyPatch, updates: int) -> None:
    """Update as earlier builds did, which left a segment for each."""
    with monkeypatch.context() as before:
        before.setattr("index.indexing.builder._merged", lambda job, store, embedded: embedded)
        for turn in range(1, updates + 1):
            update(world, turn)


def vectors(world: World) -> Path:
    return world.root / "vectors" / world.model.fingerprint[:16] / "0001"


def segments(world: World) -> int:
    return len(list(vectors(world).glob("*.log")))


def descriptors() -> int:
    """How many descriptors this process holds."""
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts descriptors in /proc")
def test_files_and_descriptors_do_not_grow_with_the_number_of_updates(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.indexing.finishing.validate.check_in_subprocess", check_folder)  # the same check, sooner
    figures = []
    for turn in range(1, RUNS + 1):
        update(world, turn)
        before = descriptors()
        with Searcher.open(world.root) as searcher:
            assert searcher.search(f"decision{turn}", mode=Mode.LEXICAL).hits[0].article.title == f"Change {turn}"
            held = descriptors() - before
        figures.append((len([path for path in world.root.rglob("*") if path.is_file()]), held, segments(world)))
    early = np.max(figures[:EARLY], axis=0)
    assert (np.max(figures[EARLY:], axis=0) <= MOST * early + [3, 0, 1]).all(), figures
    assert (np.array(figures[-1]) <= MOST * early + [3, 0, 1]).all()


@pytest.mark.parametrize("nth", [1, 3, 4, 6, 8])
def test_an_update_that_cannot_merge_is_made_all_the_same_and_leaves_no_segment(
    world: World, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    without_merging(world, monkeypatch, 3)
    world.put("new", "New\n\nThe council came to decision99.\n")
    world.add()
    passed = 0

    def fault(operation: str, path: Path) -> None:
        nonlocal passed
        if path.name.startswith("000006.") and operation != "remove":
            passed += 1
            if passed >= nth:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with faults(fault):
        report = world.build()
    assert passed >= nth
    assert report.built
    (note,) = report.notes
    assert note.startswith("Files of vectors could not be merged (No space left on device (")
    assert segments(world) == 5
    assert not list(vectors(world).glob("000006.*"))
    assert world.found("decision99") == ["New"]
    update(world, 4)
    assert segments(world) == 1


@pytest.mark.parametrize("error", [OSError(errno.EIO, os.strerror(errno.EIO)), MemoryError(), Damaged("It is odd.")])
def test_old_vectors_that_cannot_be_read_for_merging_end_no_update(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def verified(segment: Segment) -> Segment:
        raise error

    without_merging(world, monkeypatch, 2)
    monkeypatch.setattr("index.vectors.compaction.verified", verified)
    world.put("new", "New\n\nThe council came to decision99.\n")
    world.add()
    report = world.build()
    assert len(report.notes) == 1
    assert world.found("decision99") == ["New"]


def test_a_rebuild_and_gc_bring_an_old_archive_of_many_segments_into_one(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    without_merging(world, monkeypatch, 5)
    assert segments(world) == 6
    expected = world.found("council town", Mode.LEXICAL)
    other = World.known(tmp_path / "other", world.model)
    (tmp_path / "other").mkdir()
    copied_archive(world.root, other.root)
    assert world.build(rebuild=True).embedded == 0
    assert segments(world) == 1
    with Archive.open(other.root) as archive:
        told = gc(archive, dry_run=True)
        assert segments(other) == 6
        report = gc(archive)
        assert report == told
        assert [freed.what for freed in report.freed] == ["vectors"]
        assert report.size > 0
        assert gc(archive).freed == ()
        assert len(numbers(archive.layout)) == 1
    assert segments(other) == 1
    for each in (world, other):
        assert each.found("council town", Mode.LEXICAL) == expected
        with Archive.open(each.root) as archive:
            assert verify(archive).whole


def test_gc_leaves_out_vectors_that_no_passage_has_and_a_rebuild_keeps_them(world: World) -> None:
    with Searcher.open(world.root) as searcher:
        article = searcher.search("town 7", mode=Mode.LEXICAL).hits[0].article.id
    world.remove(article)
    for turn in (1, 2, 3, 4):
        update(world, turn)
    world.build(rebuild=True)
    with VectorStore.open(vectors(world), world.model.dimension) as store:
        assert len(store) == 16
    with Archive.open(world.root) as archive:
        assert gc(archive).size > 5 * store.row_bytes - 200
    with VectorStore.open(vectors(world), world.model.dimension) as store:
        assert len(store) == 11


def test_gc_keeps_what_an_interrupted_update_has_embedded(world: World) -> None:
    world.put_many(40)
    world.add()
    world.killed_build(8)
    with Archive.open(world.root) as archive:
        gc(archive)
    assert world.build().embedded <= 28 - 8


def test_a_reader_keeps_its_segments_until_it_goes(world: World) -> None:
    update(world, 1)
    with Searcher.open(world.root) as reader:
        expected = [hit.article.title for hit in reader.search("council town", mode=Mode.SEMANTIC).hits]
        named = segments_named(load(world.root / "generations" / "000002" / "slots.npy"))
        for turn in (2, 3, 4):
            update(world, turn)
        with Archive.open(world.root) as archive:
            gc(archive)
        assert all((vectors(world) / f"{number:06d}.i16").is_file() for number in named)
        assert [hit.article.title for hit in reader.search("council town", mode=Mode.SEMANTIC).hits] == expected
    with Archive.open(world.root) as archive:
        gc(archive)
    assert segments(world) == 1


def test_gc_counts_segments_once_that_a_merge_which_was_cut_short_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_merging(world, monkeypatch, 3)
    monkeypatch.setattr("index.indexing.finishing.seal.drop_unneeded", lambda *arguments: None)
    update(world, 4)
    assert segments(world) == 6
    with Archive.open(world.root) as archive:
        told = gc(archive, dry_run=True)
        assert gc(archive) == told
    assert len([freed for freed in told.freed if freed.what == "vectors"]) >= 5


def test_gc_that_fails_at_any_point_leaves_an_archive_that_answers(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_merging(world, monkeypatch, 3)
    (tmp_path / "other").mkdir()
    other = World.known(tmp_path / "other", world.model)
    passed, last = 0, 0

    def fault(operation: str, path: Path) -> None:
        nonlocal passed
        passed += 1
        if passed == last:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    def run() -> None:
        nonlocal passed
        passed = 0
        with Archive.open(other.root) as archive, faults(fault):
            gc(archive)

    copied_archive(world.root, other.root)
    run()
    points = passed
    assert points > 20
    for last in range(1, points + 1, points // 8):
        shutil.rmtree(other.root)
        copied_archive(world.root, other.root)
        with suppress(OSError, ArchiveError):
            run()
        assert passed >= last, "the fault was not reached"
        assert other.found("decision3", Mode.LEXICAL) == ["Change 3"]
        last = 0
        run()
        assert segments(other) == 1
        assert other.found("decision3", Mode.LEXICAL) == ["Change 3"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux capabilities")
def test_gc_tells_what_would_go_without_the_right_to_write(world: World) -> None:
    world.build(reembed=True)
    places = [world.root, *world.root.rglob("*")]
    for place in places:
        place.chmod(0o555 if place.is_dir() else 0o444)
    try:
        told = subprocess.run(
            [sys.executable, "-m", "tui.__main__", "--archive", str(world.root), "gc", "--dry-run", "--json"],
            preexec_fn=without_privileges if os.geteuid() == 0 else None,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        for place in places:
            place.chmod(0o755 if place.is_dir() else 0o644)
    assert told.returncode == 0, told.stderr
    assert [freed["what"] for freed in json.loads(told.stdout)["freed"]] == ["vectors"]


def test_what_is_remembered_of_generations_that_are_gone_goes(world: World) -> None:
    with Archive.open(world.root) as archive:
        identifier = archive.id
    for turn in (1, 2, 3):
        update(world, turn)
        world.found("town")
    notes = sorted(path.name for path in (state_folder() / "checked").glob(f"{identifier}-*"))
    assert notes == [f"{identifier}-000004.json"]


def test_purging_after_merges_leaves_nothing(world: World) -> None:
    for turn in (1, 2, 3):
        update(world, turn)
    with Archive.open(world.root) as archive:
        with Searcher.open(world.root) as searcher:
            article = searcher.search("town 2", mode=Mode.LEXICAL).hits[0].article.id
        assert purge(archive, article, encoder=lambda _: world.encoder).whole
        assert verify(archive).whole
    assert not list((world.root / "vectors").rglob("0001"))
