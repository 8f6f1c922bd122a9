"""A catalog that is made anew of several: from which rows come first, and what was purged stays out."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive, word_rule
from archive.catalog.backups import damaged_copies, exchange, new_replaced_copy
from archive.catalog.recovery.salvage import Salvage, salvage
from archive.catalog.transaction import Transaction
from archive.core.errors import Busy
from archive.folder.files import faults, link
from archive.folder.layout import Layout
from archive.purge.purge import Bans, Stage
from tests.archive.catalog.test_opening import killed_while_open
from tests.archive.conftest import World

SECRET = "Zebedee was never at the quarry."


class Killed(Exception):
    """Stands for the end of the process: nothing is done after it."""


def copy(world: World, name: str) -> Path:
    backups = world.layout.backups
    backups.mkdir(exist_ok=True)
    world.archive.copy_catalog(backups / name)
    return backups / name


def saved(world: World) -> Salvage:
    """Make a new catalog while nothing has the old one open."""
    world.close()
    made = salvage(world.layout, {}, Bans())
    assert made is not None
    return made


def broken(world: World) -> None:
    """Leave nothing of the catalog that can be read."""
    world.close()
    world.layout.catalog.write_bytes(b"nothing of a catalog")


@pytest.fixture
def told(world: World) -> Iterator[World]:
    """Two articles, one of them to be purged."""
    world.tell("a.txt", "Monday")
    world.write("quarry.txt", SECRET)
    world.add()
    yield world
    if world.archive.awaited is not None:  # its sources are there to be read again
        world.update()
        world.archive.end_repair()


def holding(root: Path, word: str) -> list[str]:
    return [path.name for path in root.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


def test_what_was_purged_does_not_come_back_with_a_copy(told: World) -> None:
    before = copy(told, "before.sqlite")
    held = before.read_bytes()
    told.archive.purge(told.ids()["quarry.txt"])
    before.write_bytes(held)
    copy(told, "after.sqlite")
    broken(told)
    saved(told)
    assert list(told.ids()) == ["a.txt"]
    told.close()
    assert holding(told.root, SECRET) == ["before.sqlite"]
    before.unlink()


def test_a_purge_that_may_have_been_under_way_is_begun_again(told: World) -> None:
    told.archive.purge(told.ids()["quarry.txt"])
    told.archive.purge_reached(None)
    copy(told, "after.sqlite")
    broken(told)
    kept = saved(told).kept
    stages = [told.archive.purging]
    told.update()
    assert [*stages, told.archive.purging] == [Stage.CATALOG, Stage.INDEX]
    assert kept is not None
    assert not kept.exists()


def test_what_was_taken_in_again_is_not_purged_by_what_an_older_copy_remembers(told: World) -> None:
    one = told.ids()["quarry.txt"]
    told.archive.purge(one)
    copy(told, "purged.sqlite")
    told.archive.add([told.folder], word_rule(), purged=True)
    assert one in told.ids().values()
    copy(told, "again.sqlite")
    broken(told)
    saved(told)
    assert told.ids()["quarry.txt"] == one
    assert not told.archive.purged()


def test_rows_come_from_the_copy_that_holds_the_newest_change(told: World) -> None:
    older = copy(told, "older.sqlite")
    told.tell("a.txt", "Tuesday")
    told.add()
    newer = copy(told, "newer.sqlite")
    os.utime(newer, (0, 0))
    assert older.stat().st_mtime > newer.stat().st_mtime
    broken(told)
    saved(told)
    assert "Tuesday" in told.text("a.txt")
    assert len(told.archive.versions(told.ids()["a.txt"])) == 2


def test_what_a_repair_of_an_earlier_build_left_between_its_renames_is_saved(told: World) -> None:
    layout = told.layout
    expected = told.ids()
    told.archive.copy_catalog(layout.tmp / "salvaged.sqlite")
    broken(told)
    layout.backups.mkdir()
    layout.catalog.replace(layout.backups / "damaged-20260101T000000Z.catalog")
    saved(told)
    assert told.ids() == expected
    assert not (layout.tmp / "salvaged.sqlite").exists()


def test_a_damaged_catalog_that_was_kept_gives_its_sound_rows(told: World) -> None:
    layout = told.layout
    expected = told.ids()
    told.close()
    layout.backups.mkdir()
    layout.catalog.replace(layout.backups / "damaged-20260101T000000Z.catalog")
    saved(told)
    assert told.ids() == expected


def test_damaged_catalogs_are_kept_side_by_side(told: World) -> None:
    whole = copy(told, "whole.sqlite").read_bytes()
    for turn in range(2):
        broken(told)
        kept = saved(told).kept
        assert kept is not None
        assert kept.name.startswith(f"damaged-{turn + 1:06d}-")
    assert len(damaged_copies(told.layout)) == 2
    told.close()
    told.layout.catalog.write_bytes(whole)


def test_a_repair_under_way_remembers_which_articles_it_awaits(told: World) -> None:
    layout, one = told.layout, told.ids()["quarry.txt"]
    told.close()
    assert salvage(layout, {one: "Known already", "0" * 16: "Zebedee's diary"}, Bans()) is not None
    with Archive.open(layout.root) as archive:
        assert archive.awaited == {"0" * 16: "Zebedee's diary"}
        archive.end_repair()
        assert archive.awaited is None


def test_rows_between_two_that_are_no_text_are_saved(world: World) -> None:
    for number in range(8):
        world.tell(f"{number}.txt", f"day {number}")
    world.add()
    expected = world.ids()
    world.close()
    with closing(sqlite3.connect(world.layout.catalog)) as catalog, catalog:
        held = [digest for (digest,) in catalog.execute("SELECT digest FROM versions ORDER BY article, digest")]
        for digest in (held[1], held[-2]):
            catalog.execute("UPDATE versions SET text = CAST(x'E27461' AS TEXT) WHERE digest = ?", (digest,))
    made = saved(world)
    assert len(made.lost) == 2
    assert world.ids().items() <= expected.items()
    assert len(world.ids()) == 6
    world.update()
    world.archive.end_repair()


def test_a_new_catalog_is_not_moved_without_its_log(told: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = []

    class Watched(Bans):
        """Lets somebody read the catalog that is being made, so that its log cannot be brought into it."""

        def erase(self, writing: Transaction, *, begin_again: bool) -> None:
            other = sqlite3.connect(told.layout.tmp / "salvaging.sqlite", isolation_level=None)
            other.execute("BEGIN")
            other.execute("SELECT count(*) FROM meta").fetchone()
            reading.append(other)
            super().erase(writing, begin_again=begin_again)

    expected = told.ids()
    told.close()
    held = told.layout.catalog.read_bytes()
    monkeypatch.setattr("archive.catalog.connection.BUSY_MS", 0)
    with pytest.raises(Busy):
        salvage(told.layout, {}, Watched())
    reading.pop().close()
    assert told.layout.catalog.read_bytes() == held
    assert told.ids() == expected


def test_the_log_of_a_catalog_whose_exchange_was_cut_short_is_read(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(made: Path, place: Path) -> None:
        raise Killed

    root = killed_while_open(world, tmp_path)
    layout = Layout(root)
    layout.catalog.write_bytes(layout.catalog.read_bytes().replace(b"Monday", b"Sunday"))
    made = layout.tmp / "restored.sqlite"
    made.touch()
    with monkeypatch.context() as patched:
        kept = new_replaced_copy(layout, readable=False)
        patched.setattr(
            "archive.catalog.backups.replace", lambda part, to: kill(part, to) if part == made else part.replace(to)
        )
        with pytest.raises(Killed):
            exchange(layout, made, kept)
    assert not layout.catalog.with_name("catalog.sqlite-wal").exists()
    assert salvage(layout, {}, Bans()) is not None
    with Archive.open(root) as archive:
        assert {Path(article.path).name for article in archive.articles()} == {"Monday.txt", "Tuesday.txt"}
        archive.end_repair()


def held(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def unreadable(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """An archive of two articles, one of them in the log alone, whose catalog gets no second name and no copy."""

    def refuse(path: Path, part: Path) -> None:
        if path.name == "catalog.sqlite":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        link(path, part)

    monkeypatch.setattr("archive.catalog.backups.link", refuse)
    layout = Layout(killed_while_open(world, tmp_path))
    layout.backups.mkdir()
    return layout


@pytest.fixture
def made(unreadable: Layout) -> Path:
    """What is to be put in the place of its catalog."""
    path = unreadable.tmp / "restored.sqlite"
    path.touch()
    return path


@pytest.mark.leaves_damage
def test_a_catalog_that_can_be_neither_linked_nor_copied_is_moved(unreadable: Layout, made: Path) -> None:
    log, inode = held(unreadable.root)["catalog.sqlite-wal"], unreadable.catalog.stat().st_ino
    kept = new_replaced_copy(unreadable, readable=False)
    assert exchange(unreadable, made, kept) == kept
    assert kept.stat().st_ino == inode
    assert Path(f"{kept}-wal").read_bytes() == log
    assert unreadable.catalog.read_bytes() == b""


@pytest.mark.parametrize("name", ["catalog.sqlite", "catalog.sqlite-wal"])
def test_it_is_in_place_again_after_an_exchange_that_failed(
    unreadable: Layout, made: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    failed = False

    def fault(operation: str, path: Path) -> None:
        nonlocal failed
        if operation == "replace" and path == unreadable.catalog and not failed:
            failed = True
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def refuse(path: Path, part: Path) -> None:
        if path.name == name:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        link(path, part)

    monkeypatch.setattr("archive.catalog.backups.link", refuse)
    before = held(unreadable.root)
    with faults(fault), pytest.raises(OSError, match="No space"):
        exchange(unreadable, made, new_replaced_copy(unreadable, readable=False))
    assert before.items() <= held(unreadable.root).items()


def test_what_was_moved_away_when_the_process_was_killed_gives_its_rows(unreadable: Layout, made: Path) -> None:
    is_dead = False

    def kill(operation: str, path: Path) -> None:
        nonlocal is_dead
        is_dead |= operation == "replace" and path == unreadable.catalog
        if is_dead:
            raise Killed

    with faults(kill), pytest.raises(Killed):
        exchange(unreadable, made, new_replaced_copy(unreadable, readable=False))
    assert not unreadable.catalog.exists()
    assert salvage(unreadable, {}, Bans()) is not None
    with Archive.open(unreadable.root) as archive:
        assert {Path(article.path).name for article in archive.articles()} == {"Monday.txt", "Tuesday.txt"}
        archive.end_repair()
