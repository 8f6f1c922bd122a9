"""What an archive learns of the copies in its folder where some of what tells it is damaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive
from archive.catalog.database import Catalog
from archive.core.errors import Damaged
from index.maintenance.repair import repair
from index.maintenance.restore import restore
from tests.index.maintenance.learning.newsroom import Newsroom
from tests.index.maintenance.test_older_catalog import found
from tests.index.world import CheapEncoder

pytestmark = pytest.mark.usefixtures("background")


def harm(room: Newsroom) -> None:
    """Damage a text of the catalog in place."""
    path = room.world.root / "catalog.sqlite"
    raw = path.read_bytes()
    assert raw.count(b"The ferry was seen")
    path.write_bytes(raw.replace(b"The ferry was seen", b"The ferry was sees"))


def unseal(catalog: Path, name: str) -> None:
    """Damage what a catalog remembers by a name."""
    change(catalog, f"UPDATE meta SET digest_of_row = 'x' WHERE name LIKE '{name}'")


def change(catalog: Path, statement: str) -> None:
    with closing(sqlite3.connect(catalog)) as connection, connection:
        assert connection.execute(statement).rowcount


@pytest.mark.leaves_damage
@pytest.mark.parametrize("how", ["text", "memory"])
def test_repairing_an_older_catalog_that_is_damaged_brings_back_nothing_purged(room: Newsroom, how: str) -> None:
    room.backup()
    room.bump()
    older = room.save("older")
    room.purge(room.quarry)
    room.put(older)
    if how == "text":
        harm(room)
    else:
        unseal(room.world.root / "catalog.sqlite", "change")
    repair(room.world.root, encoder=CheapEncoder)
    assert found(room.world, "quarry") == 0
    room.update()
    assert found(room.world, "quarry") == 0


@pytest.mark.leaves_damage
def test_a_repair_counts_what_was_taken_in_again_once(room: Newsroom) -> None:
    room.purge(room.quarry)
    older = room.save("older")
    room.bump()
    room.take_in_again("quarry")
    again = room.save("again")
    room.backup()
    room.put(older)
    harm(room)
    repair(room.world.root, encoder=CheapEncoder)
    repaired = room.save("repaired")
    room.put(again)
    room.purge(room.quarry)
    room.put(repaired)
    room.update()
    assert found(room.world, "quarry") == 0


@pytest.mark.leaves_damage
def test_a_damaged_count_of_purges_erases_nothing(room: Newsroom) -> None:
    room.backup()
    room.purge(room.quarry)
    room.take_in_again("quarry")
    room.clip(room.quarry, "mine")
    unseal(room.world.root / "catalog.sqlite", "purge turn%")
    with pytest.raises(Damaged):
        room.update()
    assert room.clips == [("Report", "mine")]
    assert found(room.world, "quarry") == 1


@pytest.mark.leaves_damage
def test_a_copy_with_a_damaged_change_number_still_tells_what_was_purged(room: Newsroom) -> None:
    older = room.save("older")
    room.purge(room.quarry)
    unseal(room.backup(), "change")
    room.put(older)
    room.update()
    assert found(room.world, "quarry") == 0


@pytest.mark.leaves_damage
def test_a_copy_with_a_damaged_count_gives_its_clips_and_is_not_dropped(room: Newsroom) -> None:
    older = room.save("older")
    room.clip(room.tram, "mine")
    copy = room.backup()
    unseal(copy, "kept")
    room.put(older)
    room.bump()
    room.backup(4)
    assert room.clips == [("Report", "mine")]
    assert copy.exists()


@pytest.mark.leaves_damage
def test_a_repair_takes_notes_from_the_latest_state_of_the_notebook(room: Newsroom) -> None:
    clip = room.clip(room.tram, "draft")
    older = room.save("older")
    room.bump()
    room.backup()
    room.put(older)
    room.note(clip, "second")
    room.note(clip, "newest")
    harm(room)
    repair(room.world.root, encoder=CheapEncoder)
    assert room.clips == [("Report", "newest")]


@pytest.mark.leaves_damage
@pytest.mark.parametrize("how", ["row", "all"])
def test_a_repair_keeps_the_notebook_of_a_catalog_that_cannot_tell_its_count(room: Newsroom, how: str) -> None:
    clip = room.clip(room.tram, "draft")
    room.backup()
    room.note(clip, "newest")
    unseal(room.catalog, "kept" if how == "row" else "%")
    repair(room.world.root, encoder=CheapEncoder)
    assert room.clips == [("Report", "newest")]


@pytest.mark.leaves_damage
@pytest.mark.parametrize("left", ["damaged", "none"])
def test_what_was_purged_stays_out_when_its_hashes_are_lost(room: Newsroom, left: str) -> None:
    room.purge(room.quarry)
    change(room.catalog, "UPDATE purged SET digest_of_row = 'x'" if left == "damaged" else "DELETE FROM purged")
    with Catalog(room.catalog) as catalog:
        assert list(catalog.check())
    repair(room.world.root, encoder=CheapEncoder)
    room.update()
    with Archive.open(room.world.root) as archive:
        assert room.quarry not in {article.id for article in archive.articles()}
    assert room.problems == []


@pytest.mark.leaves_damage
def test_a_repair_unites_the_hashes_that_copies_keep_of_a_purge(room: Newsroom) -> None:
    room.purge(room.quarry)
    room.backup()
    change(room.catalog, "UPDATE purged SET digest_of_row = 'x'")
    repair(room.world.root, encoder=CheapEncoder)
    (room.world.folder / "quarry.txt").rename(room.world.folder / "moved.txt")  # only its words tell
    room.update()
    assert found(room.world, "quarry") == 0


@pytest.mark.leaves_damage
def test_a_purge_under_a_damaged_count_of_another_drops_no_copy(room: Newsroom) -> None:
    room.purge(room.quarry)
    copy = room.backup()
    unseal(room.catalog, "purge turn%")
    with pytest.raises(Damaged):
        room.purge(room.tram)
    assert copy.exists()


@pytest.mark.leaves_damage
def test_restoring_under_a_damaged_count_of_purges_loses_no_note(room: Newsroom) -> None:
    room.purge(room.quarry)
    clip = room.clip(room.tram, "draft")
    copy = room.backup()
    room.note(clip, "newest")
    unseal(room.catalog, "purge turn%")
    assert restore(room.world.root, copy, encoder=CheapEncoder).whole
    assert room.clips == [("Report", "newest")]
    assert found(room.world, "quarry") == 0


@pytest.mark.leaves_damage
def test_a_note_of_an_older_catalog_and_one_of_its_copy_both_outlive_a_repair(room: Newsroom) -> None:
    clip = room.clip(room.tram, "draft")
    older = room.save("older")
    room.note(clip, "first")
    room.backup()
    room.put(older)
    room.note(clip, "second")
    harm(room)
    repair(room.world.root, encoder=CheapEncoder)
    assert room.clips == [("Report", "first\nsecond")]


@pytest.mark.leaves_damage
def test_a_later_copy_whose_clips_cannot_be_read_is_not_waited_for(room: Newsroom) -> None:
    clip = room.clip(room.tram, "draft")
    older = room.save("older")
    room.note(clip, "mine")
    room.note(clip, "draft")
    change(room.backup(), "UPDATE clips SET digest_of_row = 'x'")
    room.put(older)
    room.note(clip, "newest")
    room.update()
    harm(room)
    repair(room.world.root, encoder=CheapEncoder)
    assert room.clips == [("Report", "newest")]


@pytest.mark.leaves_damage
def test_a_repair_of_an_older_catalog_leaves_no_purged_words_in_what_it_keeps(room: Newsroom) -> None:
    older = room.save("older")
    room.purge(room.quarry)
    room.backup()
    room.put(older)
    harm(room)
    repair(room.world.root, encoder=CheapEncoder)
    room.update()
    left = [path for path in room.world.root.rglob("*") if path.is_file() and b"quarry was seen" in path.read_bytes()]
    assert left == []


@pytest.mark.leaves_damage
def test_a_repair_takes_nothing_from_a_copy_of_another_archive(room: Newsroom, tmp_path: Path) -> None:
    other = room.another(tmp_path)
    (room.backup().parent / "other.sqlite").write_bytes(other.catalog.read_bytes())
    harm(room)
    repair(room.world.root, encoder=CheapEncoder)
    assert found(room.world, "windmill") == 0
    assert room.clips == []
