from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive import Archive
from archive.core.errors import Damaged, UsageError
from index import Mode, Searcher, verify
from index.maintenance.backup import KEPT, backup, backup_catalog
from tests.index.world import World

pytestmark = pytest.mark.usefixtures("background")


def test_a_copy_is_an_archive_that_answers_alike(world: World, tmp_path: Path) -> None:
    with Archive.open(world.root) as archive:
        report = backup(archive, tmp_path / "copy")
        assert archive.id == Archive.open(tmp_path / "copy").id
        assert [str(tmp_path / "copy")] == list(_elsewhere(archive))
    assert report.size > 10_000
    with Searcher.open(tmp_path / "copy") as copy, Searcher.open(world.root) as original:
        asked = "council of town 7"
        found = [hit.passage.id for hit in copy.search(asked, mode=Mode.LEXICAL)]
        assert found == [hit.passage.id for hit in original.search(asked, mode=Mode.LEXICAL)] != []
    with Archive.open(tmp_path / "copy") as archive:
        assert verify(archive).whole


def _elsewhere(archive: Archive) -> tuple[str, ...]:
    from archive.purge.purge import elsewhere

    return elsewhere(archive._catalog)


def test_a_copy_is_made_while_another_index_takes_over(world: World, tmp_path: Path) -> None:
    with Archive.open(world.root) as archive, Searcher.open(world.root):
        world.put("new", "Harbour news\n\nDivers looked at the wall.\n")
        world.add()
        backup(archive, tmp_path / "copy")
    with Archive.open(tmp_path / "copy") as archive:
        assert verify(archive).whole
        assert archive.behind(0) == 13


def test_an_archive_without_an_index_can_be_copied(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "archive") as archive:
        backup(archive, tmp_path / "copy")
    with Archive.open(tmp_path / "copy") as archive:
        assert verify(archive).whole


@pytest.mark.parametrize("place", ["archive/copy", "news", "nowhere/copy", "link", "n" * 256])
def test_a_copy_goes_to_a_new_folder_outside(world: World, tmp_path: Path, place: str) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    with Archive.open(world.root) as archive, pytest.raises(UsageError):
        backup(archive, tmp_path / place)


def test_what_lies_beside_a_copy_stays(world: World, tmp_path: Path) -> None:
    mine = tmp_path / ".copy.part" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    with Archive.open(world.root) as archive:
        backup(archive, tmp_path / "copy")
    assert mine.read_text() == "mine"


@pytest.mark.leaves_damage
def test_a_copy_that_is_not_whole_does_not_appear(world: World, tmp_path: Path) -> None:
    (path,) = (world.root / "vectors").rglob("*.i16")
    raw = bytearray(path.read_bytes())
    raw[100] ^= 1
    path.write_bytes(raw)
    with Archive.open(world.root) as archive, pytest.raises(Damaged, match="not whole"):
        backup(archive, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert list(tmp_path.glob(".copy*")) == []


def test_the_newest_copies_of_the_catalog_are_kept(world: World) -> None:
    with Archive.open(world.root) as archive:
        made = [backup_catalog(archive).path for _ in range(KEPT + 2)]
    assert sorted((world.root / "backups").iterdir()) == made[-KEPT:]


@pytest.mark.leaves_damage
def test_a_damaged_catalog_is_not_copied(world: World) -> None:
    with Archive.open(world.root) as archive:
        kept = backup_catalog(archive).path
    with sqlite3.connect(world.root / "catalog.sqlite") as connection:
        connection.execute("UPDATE versions SET text = text || ' and more' WHERE rowid = 1")
    with Archive.open(world.root) as archive, pytest.raises(Damaged, match="not whole"):
        backup_catalog(archive)
    assert list((world.root / "backups").iterdir()) == [kept]


def test_the_copy_just_made_is_kept_whatever_the_clock_says(world: World) -> None:
    folder = world.root / "backups"
    with Archive.open(world.root) as archive:
        first = backup_catalog(archive).path
        # as builds before copies were numbered called them, by a clock that was ahead
        ahead = [folder / f"catalog-20990101T00000{number}.000000Z.sqlite" for number in range(KEPT)]
        for path in ahead:
            shutil.copy(first, path)
        report = backup_catalog(archive)
        assert report.path.exists()
        assert report.size == report.path.stat().st_size
        assert report.dropped == (ahead[0], ahead[1])
        assert sorted(folder.iterdir()) == sorted([ahead[2], first, report.path])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, to give up root's rights in a child")
def test_an_archive_that_may_not_be_written_to_is_copied_and_that_is_told(world: World, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere").chmod(0o777)
    target = tmp_path / "elsewhere" / "copy"

    def copy() -> None:
        with Archive.open(world.root) as archive:
            assert not backup(archive, target).noted

    with read_only(world.root):
        assert as_nobody(copy) == 0
    with Archive.open(world.root) as archive:
        assert _elsewhere(archive) == ()
    assert Searcher.open(target).search("council", mode=Mode.LEXICAL).hits


@contextmanager
def read_only(root: Path) -> Iterator[None]:
    """Let others read a folder and enter those it lies in; nobody may write to it."""
    outer = [folder for folder in root.parents if folder.stat().st_uid == os.getuid() and folder != Path("/")]
    modes = {path: path.stat().st_mode for path in (*outer, root, *root.rglob("*"))}
    try:
        for path, mode in modes.items():
            path.chmod(mode | 0o055 if path in outer else 0o555 if path.is_dir() else 0o444)
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def as_nobody(work: Callable[[], None]) -> int:
    """Do something in a process without root's rights; return its exit status."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        work()
        status = 0
    finally:
        os._exit(status)
