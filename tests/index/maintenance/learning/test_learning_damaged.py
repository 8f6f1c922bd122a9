"""What an archive learns of the copies in its folder where some of what tells it is damaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.core.errors import Damaged
from index.maintenance.repair import repair
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
    with closing(sqlite3.connect(catalog)) as connection, connection:
        assert connection.execute("UPDATE meta SET digest_of_row = 'x' WHERE name LIKE ?", (name,)).rowcount


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
