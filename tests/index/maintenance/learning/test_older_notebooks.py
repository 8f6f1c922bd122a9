"""Notebooks of catalogs that were put back, beside copies that hold later states, some of them damaged."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive
from archive.notebook.store import Store
from index.maintenance.repair import repair
from index.maintenance.restore import restore
from tests.index.maintenance.learning.newsroom import Newsroom
from tests.index.maintenance.learning.test_learning_damaged import change, harm, unseal
from tests.index.maintenance.test_older_catalog import found
from tests.index.world import CheapEncoder

pytestmark = [pytest.mark.usefixtures("background"), pytest.mark.leaves_damage]


def ruin(catalog: Path, table: str) -> None:
    """Damage the first page of a table."""
    with closing(sqlite3.connect(catalog)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    raw = bytearray(catalog.read_bytes())
    raw[(page - 1) * size : (page - 1) * size + 200] = b"\xff" * 200
    catalog.write_bytes(raw)


@pytest.fixture
def behind(room: Newsroom) -> Newsroom:
    """A catalog whose clip says "draft" beside a copy in which it says "final", and an article was purged since."""
    clip = room.clip(room.tram, "draft")
    older = room.save("older")
    room.purge(room.quarry)
    room.note(clip, "final")
    room.backup()
    room.put(older)
    return room


def copy_of(room: Newsroom) -> Path:
    (copy,) = (room.world.root / "backups").glob("*.sqlite")
    return copy


@pytest.mark.parametrize("damage", ["passages", "purged", "nothing"])
def test_a_repair_counts_the_notebooks_of_all_copies(room: Newsroom, damage: str) -> None:
    room.purge(room.ferry)
    clip = room.clip(room.tram, "draft")
    older = room.save("older")
    room.note(clip, "final")
    room.backup()
    room.put(older)
    if damage != "nothing":
        change(room.catalog, f"UPDATE {damage} SET digest_of_row = 'x'")
    repair(room.world.root, encoder=CheapEncoder)
    room.update()
    assert room.clips == [("Report", "final")]


@pytest.mark.parametrize("of", ["text", "kept"])
def test_a_repair_counts_the_notebook_of_what_was_replaced(room: Newsroom, of: str) -> None:
    clip = room.clip(room.tram, "draft")
    first = room.backup()
    for note in ("a", "b"):
        room.note(clip, note)
    older = room.save("older")
    restore(room.world.root, first, encoder=CheapEncoder)
    if of == "text":
        room.put(older)
        harm(room)
    else:
        room.note(clip, "newest")
        unseal(room.catalog, "kept")
    repair(room.world.root, encoder=CheapEncoder)
    room.update()
    assert room.clips == [("Report", "b" if of == "text" else "newest")]


@pytest.mark.parametrize("how", ["missing", "clips", "turn"])
def test_a_restore_takes_in_what_all_copies_hold_whatever_became_of_the_catalog(
    behind: Newsroom, how: str, tmp_path: Path
) -> None:
    earlier = behind.save("earlier")
    foreign = behind.another(tmp_path)
    shutil.copyfile(foreign.catalog, copy_of(behind).with_name("zz.sqlite"))
    if how == "missing":
        behind.catalog.unlink()
    elif how == "clips":
        ruin(behind.catalog, "clips")
    else:
        change(behind.catalog, "INSERT INTO meta VALUES ('purge turn 00', '1', 'x')")
    restore(behind.world.root, earlier, encoder=CheapEncoder)
    assert behind.clips == [("Report", "final")]
    assert found(behind.world, "quarry") == 0
    assert found(behind.world, "windmill") == 0


@pytest.mark.parametrize("table", ["judgements", "stars", "purged"])
@pytest.mark.parametrize("by", ["update", "note"])
def test_what_can_be_read_of_a_later_copy_is_taken_in(behind: Newsroom, table: str, by: str) -> None:
    ruin(copy_of(behind), table)
    if by == "note":
        behind.clip(behind.ferry, "other")
    behind.update()
    assert ("Report", "final") in behind.clips
    assert found(behind.world, "quarry") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meta SET value = '0123' WHERE name = 'archive'",
        "UPDATE purged SET at = CAST(x'FF' AS TEXT)",
        "UPDATE meta SET digest_of_row = 'x' WHERE name LIKE 'purge turn%'",
    ],
)
def test_one_damaged_row_of_a_copy_hides_nothing_else(behind: Newsroom, statement: str) -> None:
    change(copy_of(behind), statement)
    behind.update()
    assert behind.clips == [("Report", "final")]


def test_a_copy_with_a_damaged_count_of_purges_is_not_dropped_for_that(behind: Newsroom) -> None:
    copy = copy_of(behind)
    unseal(copy, "purge turn%")
    behind.purge(behind.ferry)
    assert copy.exists()


def test_what_a_later_copy_took_out_already_can_be_taken_out(room: Newsroom) -> None:
    clip = room.clip(room.tram, "draft")
    older = room.save("older")
    with Archive.open(room.world.root) as archive:
        archive.notebook.remove_clips([clip])
    room.backup()
    room.put(older)
    with Archive.open(room.world.root) as archive:
        assert archive.notebook.remove_clips([clip]) == 1
        assert archive.notebook.clips() == ()


def test_a_note_kept_aside_does_not_hide_a_later_one(behind: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    with Archive.open(behind.world.root) as archive:
        (clip,) = (one.id for one in archive.notebook.clips())
    real = Store.is_aside
    monkeypatch.setattr(Store, "is_aside", property(lambda _: True))
    behind.note(clip, "mine")
    monkeypatch.setattr(Store, "is_aside", real)
    behind.clip(behind.ferry, "other")
    assert ("Report", "final\nmine") in behind.clips


@pytest.mark.parametrize("how", ["DELETE FROM purged", "UPDATE purged SET hash = '00' || substr(hash, 3)"])
@pytest.mark.parametrize("again", [False, True])
def test_what_was_purged_is_told_by_its_count_where_its_hashes_are_lost(room: Newsroom, how: str, again: bool) -> None:
    room.purge(room.quarry)
    change(room.catalog, how)
    room.update()
    assert found(room.world, "quarry") == 0
    if again:
        room.take_in_again("quarry")
        room.clip(room.quarry, "mine")
        repair(room.world.root, encoder=CheapEncoder)
        room.update()
        assert found(room.world, "quarry") == 1
        assert room.clips == [("Report", "mine")]


def test_a_purged_source_that_is_added_again_stays_where_its_hashes_were_lost(room: Newsroom) -> None:
    with Archive.open(room.world.root) as archive:
        (source,) = archive.sources()
    room.purge(source.id)
    change(room.catalog, "DELETE FROM purged")
    for name in ("ferry", "quarry", "tram"):
        (room.world.folder / f"{name}.txt").unlink()
    room.world.put("weather", "Report of the weather\n\nIt will rain.\n")
    room.update()
    room.backup()
    room.update()
    assert found(room.world, "weather") == 1
    assert room.problems == []


def test_no_title_of_what_was_purged_is_awaited(room: Newsroom) -> None:
    older = room.save("older")
    room.purge(room.quarry)
    purged = room.save("purged")
    room.put(older)
    room.update()
    room.put(purged)
    room.update()
    assert [path.name for path in room.world.root.rglob("*") if path.is_file() and _tells(path)] == []
    assert repair(room.world.root, encoder=CheapEncoder).lost == ()


def _tells(path: Path) -> bool:
    return b"of the quarry" in path.read_bytes()


def test_a_note_is_not_lost_to_an_update_that_learns_beside_it(behind: Newsroom) -> None:
    with Archive.open(behind.world.root) as archive:
        (clip,) = (one.id for one in archive.notebook.clips())
    older = behind.save("again")
    for turn in range(6):
        behind.put(older)
        child = os.fork()
        if not child:
            behind.note(clip, f"newest {turn}")
            os._exit(0)
        with Archive.open(behind.world.root) as archive, archive.writing():
            pass
        _, status = os.waitpid(child, 0)
        assert status == 0
        ((_, note),) = behind.clips
        assert f"newest {turn}" in note
