"""What a repair, an update and a rebuild make of an older copy of the catalog that was put in place by hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive import Archive
from index import Mode, Searcher, status, verify
from index.generations.unfollowed import UNREADABLE
from index.indexing.purge import purge
from index.maintenance.backup import KEPT, backup_catalog
from index.maintenance.repair import RepairReport, repair
from index.maintenance.restore import restore
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")


@pytest.fixture
def copy(world: World, tmp_path: Path) -> Path:
    """A copy of the catalog of an archive of three articles, outside of its folder."""
    for name, what in (("ferry", "ferry"), ("quarry", "quarry"), ("tram", "tram")):
        world.put(name, f"Report of the {what}\n\nThe {what} was seen again.\n")
    world.add()
    world.build()
    with Archive.open(world.root) as archive:
        made = backup_catalog(archive).path
    return made.rename(tmp_path / "copy.sqlite")


def add_late(world: World) -> None:
    """Add an article that the copy does not hold."""
    world.put("late", "Late report\n\nIt was late.\n")
    world.add()
    world.build()


def put_back(world: World, copy: Path) -> None:
    shutil.copyfile(copy, world.root / "catalog.sqlite")


def repaired(world: World) -> RepairReport:
    return repair(world.root, encoder=CheapEncoder)


def named(world: World, title: str) -> str:
    with Archive.open(world.root) as archive:
        return next(article.id for article in archive.articles() if article.title == title)


def found(world: World, word: str) -> int:
    with Searcher.open(world.root) as searcher:
        return len(searcher.search(word, mode=Mode.LEXICAL))


def _interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def titles(lost: tuple[str, ...]) -> list[str]:
    return [one.partition(" (")[0] for one in lost]


@pytest.mark.parametrize("vanished", [False, True])
def test_what_the_copy_lacks_is_read_again_or_told_as_lost(world: World, copy: Path, vanished: bool) -> None:
    add_late(world)
    put_back(world, copy)
    if vanished:
        (world.folder / "late.txt").unlink()
    report = repaired(world)
    assert any("older than the index" in what for what in report.repaired)
    assert titles(report.lost) == ["Late report"] * vanished
    assert found(world, "late") == (not vanished)
    assert not repaired(world).repaired


@pytest.mark.leaves_damage
@pytest.mark.parametrize("damaged", [False, True])
def test_what_was_purged_since_stays_purged_where_a_copy_in_the_folder_knows(
    world: World, copy: Path, damaged: bool
) -> None:
    one = named(world, "Report of the quarry")
    with Archive.open(world.root) as archive:
        assert purge(archive, one, encoder=CheapEncoder).whole
        backup_catalog(archive)
    put_back(world, copy)
    if damaged:
        raw = (world.root / "catalog.sqlite").read_bytes()
        assert raw.count(b"The ferry was seen again.")
        (world.root / "catalog.sqlite").write_bytes(raw.replace(b"The ferry was seen", b"The ferry was sees"))
    report = repaired(world)
    assert report.repaired
    assert any("was erased with it" in what for what in report.repaired) == damaged
    with Archive.open(world.root) as archive:
        assert one not in {article.id for article in archive.articles()}
        assert archive.purged()
        assert verify(archive).whole
    assert found(world, "quarry") == 0
    assert found(world, "ferry") == 1


def test_what_nobody_knows_was_purged_or_removed_is_told_as_there_again(world: World, copy: Path) -> None:
    one = named(world, "Report of the quarry")
    with Archive.open(world.root) as archive:
        archive.remove(one)
    world.build()
    put_back(world, copy)
    report = repaired(world)
    assert any(what.endswith(f"the index did not: Report of the quarry ({one})") for what in report.repaired)
    assert report.lost == ()


@pytest.mark.parametrize("by", ["repair", "update"])
def test_a_newer_text_that_no_source_holds_any_more_is_told_as_lost(world: World, copy: Path, by: str) -> None:
    world.put("quarry", "Report of the quarry\n\nA zebra was seen.\n")
    world.add()
    world.build()
    (world.folder / "quarry.txt").unlink()
    put_back(world, copy)
    if by == "repair":
        assert [what.partition("): ")[2] for what in repaired(world).lost] == [
            "the text that was indexed; an earlier one is there"
        ]
    else:
        world.add()
        assert "Report of the quarry" in world.build().notes[0]
        assert world.build().notes == ()
        with Archive.open(world.root) as archive:
            assert any("were lost" in note for note in status(archive).notes)
        assert titles(repaired(world).lost) == ["Report of the quarry"]
    assert repaired(world).whole


@pytest.mark.leaves_damage
@pytest.mark.parametrize("by", ["repair", "update"])
def test_clips_and_purges_of_since_are_learned_from_the_newest_copy_that_can_be_read(
    world: World, copy: Path, by: str
) -> None:
    one, other = named(world, "Report of the quarry"), named(world, "Report of the tram")
    with Archive.open(world.root) as archive:
        assert purge(archive, one, encoder=CheapEncoder).whole
        archive.notebook.add_clip(other, archive.article(other).version, 0, 6, note="keep")
        backup_catalog(archive)
        broken = backup_catalog(archive).path
    broken.write_bytes(broken.read_bytes()[:4096] + b"\xff" * 8192)
    put_back(world, copy)
    if by == "update":
        world.add()
        world.build()
    repaired(world)
    with Archive.open(world.root) as archive:
        assert one not in {article.id for article in archive.articles()}
        assert [clip.note for clip in archive.notebook.clips()] == ["keep"]
        archive.notebook.note_clip(archive.notebook.clips()[0].id, "another")
    repaired(world)
    with Archive.open(world.root) as archive:
        assert [clip.note for clip in archive.notebook.clips()] == ["another"]
    assert found(world, "quarry") == 0


@pytest.mark.parametrize("first", ["update", "remove", "purge", "backup", "repair"])
def test_whatever_is_done_first_with_an_older_catalog_learns_what_was_purged_and_kept(
    world: World, copy: Path, first: str
) -> None:
    one, other, third = (named(world, f"Report of the {what}") for what in ("quarry", "tram", "ferry"))
    with Archive.open(world.root) as archive:
        archive.notebook.add_clip(other, archive.article(other).version, 0, 6, note="keep")
        assert purge(archive, one, encoder=CheapEncoder).whole
        backup_catalog(archive)
    put_back(world, copy)
    with Archive.open(world.root) as archive:
        if first == "remove":
            archive.remove(third)
        elif first == "purge":
            assert purge(archive, third, encoder=CheapEncoder).whole
        elif first == "backup":
            for _ in range(4):
                backup_catalog(archive)
    if first == "repair":
        repaired(world)
    world.add()
    world.build()
    assert found(world, "quarry") == 0
    with Archive.open(world.root) as archive:
        assert {article.id for article in archive.articles()}.isdisjoint({one})
        assert archive.purged().holds(one, "")
        assert [clip.note for clip in archive.notebook.clips()] == ["keep"]


def test_a_copy_of_before_a_purge_knows_of_it_where_the_purge_reached_it(world: World, copy: Path) -> None:
    one = named(world, "Report of the quarry")
    with Archive.open(world.root) as archive:
        backup_catalog(archive)  # of the same change as the copy
        assert purge(archive, one, encoder=CheapEncoder).whole
    put_back(world, copy)
    world.add()
    world.build()
    assert found(world, "quarry") == 0


def test_a_later_copy_is_not_dropped_for_copies_of_an_older_catalog(world: World, copy: Path) -> None:
    add_late(world)
    with Archive.open(world.root) as archive:
        later = backup_catalog(archive).path
    put_back(world, copy)
    with Archive.open(world.root) as archive:
        for _ in range(5):
            backup_catalog(archive)
        assert later.exists()
        assert len(list(archive.layout.backups.glob("*.sqlite"))) == 1 + KEPT


@pytest.mark.parametrize(
    ("there", "since", "left"), [("draft", "draft, checked", "draft, checked"), ("own", "copied", "copied")]
)
def test_what_a_later_copy_says_of_a_clip_is_taken_over(
    world: World, copy: Path, tmp_path: Path, there: str, since: str, left: str
) -> None:
    one, other = named(world, "Report of the quarry"), named(world, "Report of the tram")
    with Archive.open(world.root) as archive:
        version = archive.article(other).version
        clip, dropped = (archive.notebook.add_clip(other, version, 0, end, note=there) for end in (6, 9))
        older = backup_catalog(archive).path.rename(tmp_path / "older.sqlite")
        archive.notebook.note_clip(clip.id, since)
        archive.notebook.remove_clips([dropped.id])
        archive.remove(one)
        backup_catalog(archive)
    put_back(world, older)
    repaired(world)
    with Archive.open(world.root) as archive:
        assert [kept.note for kept in archive.notebook.clips()] == [left]
        archive.notebook.note_clip(clip.id, "last")
    repaired(world)
    with Archive.open(world.root) as archive:
        assert [kept.note for kept in archive.notebook.clips()] == ["last"]


def test_restoring_a_copy_still_awaits_what_the_copy_did(world: World, copy: Path) -> None:
    with Archive.open(world.root) as archive:
        earlier = backup_catalog(archive).path
    add_late(world)
    (world.folder / "late.txt").unlink()
    put_back(world, copy)
    world.add()
    world.build()
    there = restore(world.root, earlier, encoder=CheapEncoder)
    with Archive.open(world.root) as archive:
        assert archive.awaited is None
    assert there.kept is not None
    restore(world.root, there.kept, encoder=CheapEncoder)
    assert titles(repaired(world).lost) == ["Late report"]


def test_restoring_a_copy_of_a_repair_that_was_killed_is_not_whole(
    world: World, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_late(world)
    (world.folder / "late.txt").unlink()
    put_back(world, copy)
    with monkeypatch.context() as patched:
        patched.setattr("index.maintenance.repair.build", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            repaired(world)
    with Archive.open(world.root) as archive:
        made = backup_catalog(archive).path
    assert not restore(world.root, made, encoder=CheapEncoder).whole
    assert titles(repaired(world).lost) == ["Late report"]


def test_clips_that_only_a_copy_holds_are_taken_in(world: World, copy: Path) -> None:
    other = named(world, "Report of the tram")
    with Archive.open(world.root) as archive:
        kept, dropped = (archive.notebook.add_clip(other, archive.article(other).version, 0, end) for end in (6, 9))
        backup_catalog(archive)
        archive.notebook.remove_clips([dropped.id])
    repaired(world)
    with Archive.open(world.root) as archive:
        assert [clip.id for clip in archive.notebook.clips()] == [kept.id]
    put_back(world, copy)
    repaired(world)
    with Archive.open(world.root) as archive:
        assert {clip.id for clip in archive.notebook.clips()} == {kept.id, dropped.id}


def test_a_repair_that_is_killed_once_the_index_is_new_still_tells_what_is_lost(world: World, copy: Path) -> None:
    add_late(world)
    (world.folder / "late.txt").unlink()
    put_back(world, copy)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Archive, "end_repair", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            repaired(world)
    assert titles(repaired(world).lost) == ["Late report"]
    assert repaired(world).whole


def test_what_was_brought_back_since_is_told(world: World, copy: Path, tmp_path: Path) -> None:
    one = named(world, "Report of the quarry")
    with Archive.open(world.root) as archive:
        archive.remove(one)
        older = backup_catalog(archive).path.rename(tmp_path / "older.sqlite")
        archive.restore(one)
    add_late(world)
    put_back(world, older)
    assert titles(repaired(world).lost) == ["Report of the quarry"]


def test_that_nothing_can_be_known_of_what_is_lost_is_told(world: World, copy: Path) -> None:
    add_late(world)
    (world.folder / "late.txt").unlink()
    put_back(world, copy)
    for part in world.root.glob("generations/*/columns/standing.npy"):
        part.write_bytes(b"")
    assert UNREADABLE in repaired(world).lost


def test_a_source_that_is_not_there_is_named_beside_what_is_lost(world: World, copy: Path, tmp_path: Path) -> None:
    add_late(world)
    put_back(world, copy)
    world.folder.rename(tmp_path / "unmounted")
    report = repaired(world)
    assert titles(report.lost) == ["Late report"]
    assert [problem.what for problem in report.problems] == [
        f"{world.folder} is not there, so that nothing could be read from it again."
    ]
    (tmp_path / "unmounted").rename(world.folder)
    world.add()
    world.build()
    assert found(world, "late") == 1
