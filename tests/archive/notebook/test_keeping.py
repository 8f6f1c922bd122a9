"""What a person keeps stays through purges, repairs, restores and upgrades, in every copy of the catalog."""

from __future__ import annotations

import shutil
import tarfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive import Archive
from archive.catalog.database import Catalog
from archive.catalog.recovery.salvage import salvage
from archive.catalog.tables import notebook
from archive.catalog.tables.notebook import ClipRow, JudgementRow, SavedRow, StarRow
from archive.core.errors import Busy
from archive.folder.files import faults
from archive.folder.locking import writer_lock
from archive.notebook.kept import Clip, Standing
from archive.purge.purge import Bans
from archive.purge.put_back import put_back
from tests.archive.conftest import World
from tests.archive.notebook.conftest import QUARRY, WORDS, clipped, only
from tests.archive.purge.test_purge import holding

EARLIER = Path(__file__).resolve().parents[2] / "data" / "archive-aa9f448.tar.gz"


def copied(world: World, name: str = "catalog-000001-20260101T000000.000000Z.sqlite") -> Path:
    world.layout.backups.mkdir(exist_ok=True)
    world.archive.copy_catalog(world.layout.backups / name)
    return world.layout.backups / name


def keep_all(world: World) -> str:
    """Keep one thing of each kind; return the article they are of."""
    one, notebook = world.articles()["quarry.txt"], world.archive.notebook
    (passage, *_) = world.archive.passages(one.id, one.version)
    clipped(world, question="carts", note="my own note")
    notebook.star(one.id)
    notebook.save("carts", seen=1)
    notebook.judge("carts", [one.id, passage.id])
    return one.id


def kept(world: World) -> tuple[object, ...]:
    notebook = world.archive.notebook
    return (notebook.clips(), notebook.stars(), notebook.saved(), notebook.judgements())


def test_a_purge_erases_the_words_and_keeps_the_note(told: World) -> None:
    keep_all(told)
    copied(told)
    told.archive.notebook.remove_clips([clipped(told, words="nobody believed him").id])
    done = told.archive.purge(told.ids()["quarry.txt"])
    assert done.erased.clips == 2
    clip = only(told)
    assert (clip.note, clip.question, clip.standing) == ("my own note", "carts", Standing.PURGED)
    assert (clip.text, clip.version, clip.article) == (None, "", None)
    assert clip.purged is not None
    notebook = told.archive.notebook
    assert (notebook.stars(), notebook.judgements()) == ((), ())
    assert [one.question for one in notebook.saved()] == ["carts"]
    assert list(told.archive.traces()) == []
    told.close()
    assert holding(told.root, WORDS, "nobody believed", done.articles[0]) == []
    assert set(holding(told.root, "my own note")) == {"catalog.sqlite", "catalog-000001-20260101T000000.000000Z.sqlite"}


def test_words_of_a_purged_article_in_a_copy_that_lacks_its_text_are_found_and_erased(told: World) -> None:
    keep_all(told)
    copy = copied(told)
    with Catalog(copy) as catalog, catalog.transaction() as writing:
        for table in ("versions", "passages", "articles", "places"):
            writing.delete(f"DELETE FROM {table}")
    aside = shutil.copy(copy, told.folder.parent / "aside.sqlite")
    one = told.ids()["quarry.txt"]
    told.archive.purge(one)
    assert WORDS.encode() not in copy.read_bytes()
    shutil.copy(aside, copy)
    assert [trace.file for trace in told.archive.traces()] == [copy]
    told.archive.purge(one)
    assert list(told.archive.traces()) == []


def test_another_article_with_the_same_words_keeps_its_clip(told: World) -> None:
    told.write("other.txt", QUARRY)
    told.add()
    clipped(told)
    clipped(told, "other.txt")
    told.archive.purge(told.ids()["quarry.txt"])
    assert sorted(clip.standing for clip in told.archive.notebook.clips()) == [Standing.CURRENT, Standing.PURGED]


def test_a_salvaged_catalog_has_all_that_was_kept(told: World) -> None:
    keep_all(told)
    before = kept(told)
    told.close()
    raw = told.layout.catalog.read_bytes()
    told.layout.catalog.write_bytes(raw.replace(b"Monday", b"Mondax"))
    assert salvage(told.layout, {}, Bans()) is not None
    assert kept(told) == before
    told.update()
    told.archive.end_repair()


def test_a_clip_outlives_the_text_that_a_salvage_could_not_save(told: World) -> None:
    clip = clipped(told, note="mine")
    told.close()
    with Catalog(told.layout.catalog) as catalog, catalog.transaction() as writing:
        for table, column in (("versions", "article"), ("passages", "article"), ("articles", "id")):
            writing.delete(f"DELETE FROM {table} WHERE {column} = ?", (article_of(clip),))
    lost = only(told)
    assert (lost.note, lost.standing, lost.text) == ("mine", Standing.LOST, None)
    with Catalog(told.layout.catalog) as catalog, catalog.transaction() as writing:
        for table in ("places", "files"):
            writing.delete(f"DELETE FROM {table} WHERE path = 'quarry.txt'")
    told.update()
    assert (only(told).standing, only(told).text) == (Standing.CURRENT, WORDS)


def article_of(clip: Clip) -> str:
    assert clip.article is not None
    return clip.article.id


def test_a_copy_of_the_catalog_holds_what_was_kept(told: World) -> None:
    keep_all(told)
    with Catalog(copied(told)) as copy:
        assert list(copy.check()) == []
        assert (len(notebook.every(copy, ClipRow)), len(notebook.every(copy, StarRow))) == (1, 1)
        assert (len(notebook.every(copy, SavedRow)), len(notebook.every(copy, JudgementRow))) == (1, 2)


def test_putting_a_copy_back_loses_nothing_that_was_kept_since(told: World) -> None:
    first = clipped(told, words="Umber", note="before")
    copy = copied(told)
    keep_all(told)
    told.archive.notebook.note_clip(first.id, "after")
    before = kept(told)
    identifier = told.archive.id
    told.close()
    put_back(told.layout, identifier, copy, 0, known=False)
    assert kept(told) == before


def test_words_that_were_purged_since_do_not_come_back_with_a_copy(told: World) -> None:
    keep_all(told)
    outside = told.folder.parent / "copy.sqlite"
    told.archive.copy_catalog(outside)
    told.archive.purge(told.ids()["quarry.txt"])
    identifier = told.archive.id
    told.close()
    put_back(told.layout, identifier, outside, 0, known=False)
    assert (only(told).note, only(told).standing) == ("my own note", Standing.PURGED)
    told.close()
    assert holding(told.root, WORDS) == []


def test_what_is_kept_after_another_catalog_was_put_in_place_is_in_that(told: World) -> None:
    with Archive.open(told.root) as reader:
        one = next(reader.articles())
        reader.notebook.add_clip(one.id, one.version, 0, 8)
        copy = told.folder.parent / "other.sqlite"
        told.archive.copy_catalog(copy)
        told.close()
        copy.replace(told.layout.catalog)
        for beside in ("-wal", "-shm"):
            Path(f"{told.layout.catalog}{beside}").unlink(missing_ok=True)
        reader.notebook.add_clip(one.id, one.version, 0, 3)
    assert [clip.end for clip in told.archive.notebook.clips()] == [8, 3]


def test_nothing_is_said_to_be_kept_while_another_catalog_is_made(told: World) -> None:
    made, its_lock = told.layout.tmp / "salvaging.sqlite", ExitStack()

    def begin(operation: str, path: Path) -> None:
        if operation == "commit" and path == told.layout.catalog:
            its_lock.enter_context(writer_lock(told.layout))
            made.touch()

    with its_lock:
        with faults(begin), pytest.raises(Busy, match="may be lost"):
            clipped(told)
        with pytest.raises(Busy, match="Nothing was kept"):
            clipped(told, words="Umber")
    assert clipped(told, words="Umber").text == "Umber"
    assert len(told.archive.notebook.clips()) == 2


@pytest.mark.parametrize(
    "left", ["salvaging.sqlite", "salvaging.sqlite-wal", "restored.sqlite", ".restored.sqlite.part"]
)
def test_what_a_killed_repair_or_restore_left_is_in_nobodys_way(told: World, left: str) -> None:
    (told.layout.tmp / left).touch()
    (told.layout.tmp / "restored.sqlite").touch()
    assert clipped(told).text == WORDS
    assert not (told.layout.tmp / left).exists()


def test_a_finished_catalog_that_a_killed_salvage_left_stays_for_the_next_one(told: World) -> None:
    (told.layout.tmp / "salvaged.sqlite").touch()
    assert clipped(told).text == WORDS
    assert (told.layout.tmp / "salvaged.sqlite").exists()
    (told.layout.tmp / "salvaged.sqlite").unlink()


def test_a_salvage_that_fails_leaves_no_catalog_half_made(told: World) -> None:
    told.close()
    raw = told.layout.catalog.read_bytes()
    told.layout.catalog.write_bytes(raw.replace(b"Monday", b"Mondax"))

    def refuse(operation: str, path: Path) -> None:
        if operation == "sync":
            raise OSError(f"cannot sync {path}")

    with faults(refuse), pytest.raises(OSError, match="cannot sync"):
        salvage(told.layout, {}, Bans())
    assert list(told.layout.tmp.glob("*.sqlite*")) == []
    told.layout.catalog.write_bytes(raw)


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The folder of an archive that an earlier build made."""
    with tarfile.open(EARLIER) as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path / "archive"


def keep_one(archive: Archive) -> str:
    one = next(archive.articles())
    return archive.notebook.add_clip(one.id, one.version, 0, 20).id


def test_an_archive_of_an_earlier_build_gets_the_tables_when_something_is_first_kept(earlier: Path) -> None:
    with Archive.open(earlier) as archive:
        notebook = archive.notebook
        assert (notebook.clips(), notebook.stars(), notebook.saved(), notebook.judgements()) == ((), (), (), ())
        assert not (earlier / "backups").exists()
        made = keep_one(archive)
        assert [clip.id for clip in notebook.clips()] == [made]
        assert len(list((earlier / "backups").glob("catalog-version-*.sqlite"))) == 1
        assert list(archive.check()) == []


def test_an_earlier_build_that_writes_is_not_disturbed_by_new_tables(earlier: Path) -> None:
    (earlier / "LOCK").touch()
    with Archive.open(earlier) as archive:
        with writer_lock(archive.layout), pytest.raises(Busy):
            keep_one(archive)
        assert archive.notebook.clips() == ()
        with archive.writing():  # by ourselves
            keep_one(archive)
        assert len(archive.notebook.clips()) == 1
