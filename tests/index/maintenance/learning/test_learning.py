"""What an archive learns of the copies in its folder, in whatever order catalogs are put back, purged and lifted."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive
from archive.catalog.backups import copies
from archive.catalog.database import Catalog
from index.maintenance.repair import repair
from index.maintenance.restore import restore
from tests.index.maintenance.learning.newsroom import Newsroom
from tests.index.maintenance.test_older_catalog import found, named, titles
from tests.index.world import CheapEncoder

pytestmark = pytest.mark.usefixtures("background")


def test_a_purge_of_an_older_catalog_is_learned_by_one_with_the_same_number(room: Newsroom) -> None:
    older = room.save("older")
    room.bump()
    room.backup()
    room.put(older)
    room.backup()
    same = room.save("same")
    room.purge(room.quarry)
    room.put(same)
    room.update()
    assert found(room.world, "quarry") == 0
    assert room.problems == []


def test_a_purge_of_an_older_catalog_is_learned_by_a_newer_one(room: Newsroom) -> None:
    older = room.save("older")
    room.bump()
    newer = room.save("newer")
    room.put(older)
    room.backup()
    room.purge(room.quarry)
    room.put(newer)
    room.update()
    assert found(room.world, "quarry") == 0
    assert room.problems == []


def test_what_was_taken_in_again_stays_with_its_clip_whoever_was_told_of_the_purge(room: Newsroom) -> None:
    older = room.save("older")
    room.purge(room.quarry)
    room.backup()
    room.take_in_again("quarry")
    room.clip(room.quarry, "mine")
    room.backup()
    room.put(older)
    room.update()
    assert found(room.world, "quarry") == 1
    assert room.clips == [("Report", "mine")]
    room.purge(room.quarry)  # which counts, after that
    room.put(older)
    room.update()
    assert found(room.world, "quarry") == 0
    assert room.clips == [("", "mine")]


def test_a_copy_of_between_a_purge_and_taking_in_again_can_be_restored_and_that_undone(room: Newsroom) -> None:
    room.purge(room.quarry)
    between = room.backup()
    room.take_in_again("quarry")
    room.clip(room.quarry, "mine")
    first = restore(room.world.root, between, encoder=CheapEncoder)
    assert first.whole
    assert found(room.world, "quarry") == 0
    assert first.kept is not None
    assert restore(room.world.root, first.kept, encoder=CheapEncoder).whole
    assert found(room.world, "quarry") == 1
    assert room.clips == [("Report", "mine")]


@pytest.mark.parametrize("kind", ["clip", "star", "judgement"])
def test_nothing_kept_of_what_was_purged_comes_back_from_a_copy(room: Newsroom, kind: str) -> None:
    before = room.save("before")
    with Archive.open(room.world.root) as archive:
        if kind == "star":
            archive.notebook.star(room.quarry)
        elif kind == "judgement":
            archive.notebook.judge("a question", [room.quarry])
    if kind == "clip":
        room.clip(room.quarry, "mine")
    kept = room.save("kept")
    room.put(before)
    room.purge(room.quarry)
    shutil.copyfile(kept, room.backup().with_name("mine.sqlite"))
    room.backup(2)
    assert room.clips == ([("", "mine")] if kind == "clip" else [])
    with Archive.open(room.world.root) as archive:
        assert archive.notebook.stars() == ()
        assert archive.notebook.judgements() == ()
    room.purge(room.quarry)  # once more, as is advised for the file that was put there
    room.update()
    assert room.problems == []


def test_a_copy_of_which_the_clips_cannot_be_read_still_tells_what_was_purged(room: Newsroom) -> None:
    room.clip(room.tram, "mine")
    older = room.save("older")
    room.purge(room.quarry)
    copy = room.backup()
    raw = copy.read_bytes()
    assert raw.count(b"mine") == 1
    copy.write_bytes(raw.replace(b"mine", b"nine"))
    room.put(older)
    room.update()
    assert found(room.world, "quarry") == 0
    assert room.clips == [("Report", "mine")]


def test_copies_that_may_not_be_read_are_passed_over(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.backup()

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("archive.catalog.backups.reading", refused)
    room.update()
    room.bump()
    assert room.backup().exists()


def test_the_newest_note_is_kept_whatever_is_put_back_and_copied_first(room: Newsroom) -> None:
    clip = room.clip(room.tram, "draft")
    older = room.save("older")
    room.note(clip, "draft, second")
    room.backup()
    room.put(older)
    room.backup()
    room.note(clip, "draft, third and newest")
    room.backup()
    room.put(older)
    room.backup(4)
    room.update()
    assert room.clips == [("Report", "draft, third and newest")]


def test_a_note_is_not_lost_for_being_part_of_a_word_and_its_clip_stays_in_view(room: Newsroom) -> None:
    clip = room.clip(room.tram, "")
    older = room.save("older")
    room.note(clip, "denied nothing")
    with Archive.open(room.world.root) as archive:
        archive.notebook.remove_clips([clip])
    room.backup()
    room.put(older)
    room.note(clip, "no")
    room.update()
    assert room.clips == [("Report", "denied nothing\nno")]


def test_clips_stars_and_notes_of_ordinary_days_stay_as_they_are_beside_older_copies(room: Newsroom) -> None:
    clip, dropped = room.clip(room.tram, "first"), room.clip(room.ferry, "dropped")
    with Archive.open(room.world.root) as archive:
        archive.notebook.star(room.quarry)
    room.backup()
    room.note(clip, "second")
    with Archive.open(room.world.root) as archive:
        archive.notebook.remove_clips([dropped])
        archive.notebook.unstar([room.quarry])
    room.backup()
    room.update()
    repair(room.world.root, encoder=CheapEncoder)
    assert room.clips == [("Report", "second")]
    with Archive.open(room.world.root) as archive:
        assert archive.notebook.stars() == ()


def test_what_was_taken_in_again_is_told_by_whatever_copy_was_told_last(room: Newsroom) -> None:
    older = room.save("older")
    room.purge(room.quarry)
    purged = room.save("purged")
    room.take_in_again("quarry")
    again = room.backup()
    again.rename(again.with_name("again.sqlite"))  # without a number it comes before the others
    shutil.copyfile(purged, again)
    room.put(older)
    room.update()
    assert found(room.world, "quarry") == 1


def test_only_three_copies_are_kept_of_ordinary_days(room: Newsroom) -> None:
    for number in range(5):
        room.clip(room.tram, f"note {number}")
        room.bump()
        room.backup()
    with Archive.open(room.world.root) as archive:
        assert len(copies(archive.layout)) == 3


def test_what_is_new_of_a_saved_question_is_told_after_an_older_catalog_gave_its_numbers_out_again(
    room: Newsroom,
) -> None:
    with Archive.open(room.world.root) as archive:
        saved = archive.notebook.save("quarry report")
    older = room.save("older")
    for name in ("late", "later"):
        room.world.put(name, f"Report of the {name}\n\nThe {name} was seen again.\n")
        room.update()
    with Archive.open(room.world.root) as archive, archive.snapshot() as snapshot:
        archive.notebook.mark_seen(saved.id, snapshot.change)
    room.backup()
    for name in ("late", "later"):
        (room.world.folder / f"{name}.txt").unlink()
    room.put(older)
    room.world.put("fresh", "Report of the fresh\n\nThe fresh was seen.\n")
    room.update()
    fresh = named(room.world, "Report of the fresh")
    with Archive.open(room.world.root) as archive:
        (question,) = archive.notebook.saved()
        with archive.snapshot() as snapshot:
            assert fresh in set(snapshot.changed(question.seen))
    assert sorted(titles(repair(room.world.root, encoder=CheapEncoder).lost)) == [
        "Report of the late",
        "Report of the later",
    ]


def test_what_an_earlier_build_purged_and_took_in_again_uncounted_stays(room: Newsroom) -> None:
    room.backup()
    room.purge(room.quarry)
    room.take_in_again("quarry")
    room.clip(room.quarry, "mine")
    with Archive.open(room.world.root) as archive:
        uncounted = (archive.layout.catalog, *copies(archive.layout))
    for catalog in uncounted:
        with closing(sqlite3.connect(catalog)) as connection, connection:
            assert connection.execute("DELETE FROM meta WHERE name LIKE 'purge turn%'").rowcount
    room.update()
    assert room.clips == [("Report", "mine")]
    assert found(room.world, "quarry") == 1


def test_a_note_is_not_lost_to_what_is_kept_in_an_older_catalog_before_anything_is_written(room: Newsroom) -> None:
    clip = room.clip(room.tram, "draft")
    older = room.save("older")
    room.note(clip, "draft, final")
    room.backup()
    room.put(older)
    for number in range(4):
        room.clip(room.ferry, f"note {number}")
    room.backup(4)
    assert ("Report", "draft, final") in room.clips
    assert len(room.clips) == 2


def test_restoring_another_copy_over_an_older_catalog_loses_no_note(room: Newsroom) -> None:
    clip = room.clip(room.tram, "draft")
    first = room.backup()
    older = room.save("older")
    room.note(clip, "draft, final")
    room.backup()
    room.put(older)
    restore(room.world.root, first, encoder=CheapEncoder)
    room.backup(4)
    room.update()
    assert room.clips == [("Report", "draft, final")]


def test_what_is_written_beside_a_later_copy_that_holds_the_same_stays(room: Newsroom) -> None:
    clip = room.clip(room.tram, "draft")
    older = room.save("older")
    room.note(clip, "other")
    room.note(clip, "draft")
    room.backup()
    room.put(older)
    room.note(clip, "newest")
    room.update()
    room.backup()
    assert room.clips == [("Report", "newest")]
    with Archive.open(room.world.root) as archive:
        archive.notebook.remove_clips([clip])
    room.update()
    assert room.clips == []


def test_a_copy_of_another_archive_with_a_later_notebook_changes_nothing(room: Newsroom, tmp_path: Path) -> None:
    other = room.another(tmp_path)
    (room.backup().parent / "other.sqlite").write_bytes(other.catalog.read_bytes())
    clip = room.clip(room.tram, "mine")
    room.note(clip, "newest")
    room.update()
    room.backup()
    assert room.clips == [("Report", "newest")]


def test_stars_and_judgements_set_in_an_older_catalog_win_over_its_copies(room: Newsroom) -> None:
    older = room.save("older")
    with Archive.open(room.world.root) as archive:
        archive.notebook.judge("a question", [room.tram], 1)
        archive.notebook.star(room.tram)
        archive.notebook.star(room.ferry)
        archive.notebook.unstar([room.ferry])
    room.backup()
    room.put(older)
    with Archive.open(room.world.root) as archive:
        archive.notebook.judge("a question", [room.tram], 3)
        archive.notebook.star(room.ferry)
    room.update()
    with Archive.open(room.world.root) as archive:
        assert [judgement.gain for judgement in archive.notebook.judgements()] == [3]
        assert [star.article_id for star in archive.notebook.stars()] == [room.tram, room.ferry]


def test_restoring_a_copy_with_a_later_notebook_from_elsewhere_keeps_its_notes(room: Newsroom) -> None:
    clip = room.clip(room.tram, "draft")
    older = room.save("older")
    room.note(clip, "newest")
    later = room.save("later")
    room.put(older)
    assert restore(room.world.root, later, encoder=CheapEncoder).whole
    assert room.clips == [("Report", "newest")]


def test_the_only_copy_of_lost_articles_is_not_dropped_for_later_numbers(room: Newsroom) -> None:
    older = room.save("older")
    room.world.put("late", "Report of the late\n\nThe late was seen.\n")
    room.update()
    copy = room.backup()
    (room.world.folder / "late.txt").unlink()
    room.put(older)
    for name in ("one", "two", "three", "four"):
        room.world.put(name, f"Report of {name}\n\nThe {name} was seen.\n")
        room.update()
    room.backup(4)
    with Catalog(copy) as catalog:
        assert any(title == "Report of the late" for (title,) in catalog.rows("SELECT title FROM articles"))
