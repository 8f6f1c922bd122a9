from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive
from archive.core.errors import ArchiveError, Busy, Damaged, NotAnArchive, UsageError
from archive.core.system_limits import limit_of
from archive.folder.layout import Layout
from archive.folder.locking import writer_lock
from index import Mode, Searcher, passage_rule, verify
from index.indexing.purge import purge
from index.maintenance.backup import backup, backup_catalog
from index.maintenance.restore import RestoreReport, restore
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")


def copied(world: World) -> Path:
    with Archive.open(world.root) as archive:
        return backup_catalog(archive).path


def restored(world: World, copy: Path) -> RestoreReport:
    return restore(world.root, copy, encoder=CheapEncoder)


def updated(world: World, *names: str) -> None:
    for name in names:
        world.put(name, f"Report {name}\n\nThe council met about the {name}.\n")
    world.add()
    world.build()


def is_whole(root: Path) -> bool:
    with Archive.open(root) as archive:
        return verify(archive).problems == ()


@pytest.mark.parametrize("size", [4096, 16384])
def test_a_copy_with_pages_of_another_size_is_put_back_while_others_read(world: World, size: int) -> None:
    copy = copied(world)
    with closing(sqlite3.connect(copy)) as catalog:
        catalog.execute(f"PRAGMA page_size={size}")
        catalog.execute("VACUUM")
    updated(world, "xylophone")
    with Archive.open(world.root) as reader:
        held = {article.id for article in reader.articles()}
        report = restored(world, copy)
        assert (report.whole, report.articles) == (True, 12)
        assert len({article.id for article in reader.articles()} & held) == 12
    assert world.found("xylophone", Mode.LEXICAL) == []
    assert report.kept is not None
    assert restored(world, report.kept).articles == 13


def test_a_copy_is_put_back_and_what_was_in_place_is_kept(world: World) -> None:
    copy = copied(world)
    updated(world, "xylophone", "yacht")
    report = restored(world, copy)
    assert (report.whole, report.articles, report.copy) == (True, 12, copy)
    assert is_whole(world.root)
    assert world.found("xylophone", Mode.LEXICAL) == []
    with closing(sqlite3.connect(world.root / "catalog.sqlite")) as catalog:
        assert catalog.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert report.kept is not None
    again = restored(world, report.kept)
    assert (again.whole, again.articles) == (True, 14)
    assert world.found("xylophone", Mode.LEXICAL) == ["Report xylophone"]
    assert is_whole(world.root)


def test_what_is_added_after_a_copy_was_put_back_is_found(world: World) -> None:
    copy = copied(world)
    updated(world, "xylophone", "yacht")
    restored(world, copy)
    updated(world, "zebra")
    for name in ("xylophone", "yacht", "zebra"):
        assert world.found(name, Mode.LEXICAL) == [f"Report {name}"]
    assert is_whole(world.root)


def test_a_copy_is_named_by_its_file_its_name_or_the_folder_of_a_whole_one(world: World, tmp_path: Path) -> None:
    copy = copied(world)
    with Archive.open(world.root) as archive:
        backup(archive, tmp_path / "whole")
    for named in (copy, Path(copy.name), tmp_path / "whole"):
        updated(world, "xylophone")
        assert restored(world, named).articles == 12
    assert sorted(path.name for path in (tmp_path / "whole").glob("catalog*")) == ["catalog.sqlite"]


def test_a_lost_catalog_is_put_back(world: World) -> None:
    copy = copied(world)
    (world.root / "catalog.sqlite").unlink()
    report = restored(world, copy)
    assert (report.whole, report.kept, report.articles) == (True, None, 12)


@pytest.mark.parametrize("ruined", [b"", b"no catalog at all", b"SQLite format 3\0" + b"x" * 9_000])
def test_a_ruined_catalog_is_kept_and_a_copy_takes_its_place(world: World, ruined: bytes) -> None:
    copy = copied(world)
    (world.root / "catalog.sqlite").write_bytes(ruined)
    (world.root / "catalog.sqlite-wal").write_bytes(b"left by a killed program")
    report = restored(world, copy)
    assert report.whole
    assert report.kept is not None
    assert report.kept.read_bytes() == ruined
    assert is_whole(world.root)


def test_a_damaged_catalog_is_overwritten(world: World) -> None:
    copy = copied(world)
    path = world.root / "catalog.sqlite"
    raw = bytearray(path.read_bytes())
    for page in range(4, len(raw) // 4096):
        raw[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(raw)
    report = restored(world, copy)
    assert report.whole
    assert is_whole(world.root)


def test_who_searches_goes_on_and_the_next_program_reads_what_was_put_back(world: World) -> None:
    copy = copied(world)
    updated(world, "xylophone")
    with Searcher.open(world.root) as searcher:
        assert len(searcher.search("council", k=100, mode=Mode.LEXICAL)) == 13
        restored(world, copy)
        with Searcher.open(world.root) as other:
            assert len(other.search("council", k=100, mode=Mode.LEXICAL)) == 12
        updated(world, "zebra")
    assert is_whole(world.root)
    assert world.found("zebra", Mode.LEXICAL) == ["Report zebra"]


def test_what_was_purged_since_does_not_come_back(world: World, tmp_path: Path) -> None:
    world.put("secret", "Secret\n\nQuillfeather met the council.\n")
    updated(world)
    copy = Path(shutil.copy(copied(world), tmp_path))
    with Archive.open(world.root) as archive:
        one = next(article.id for article in archive.articles() if article.title == "Secret")
        purge(archive, one, encoder=CheapEncoder)
    assert b"Quillfeather" in copy.read_bytes()
    report = restored(world, copy)
    assert (report.whole, report.articles) == (True, 12)
    assert world.found("Quillfeather", Mode.LEXICAL) == []
    assert not [path for path in world.root.rglob("*") if path.is_file() and b"Quillfeather" in path.read_bytes()]
    world.add()
    with Archive.open(world.root) as archive:
        assert [refusal.code for refusal in archive.refusals()] == []
        assert "Secret" not in {article.title for article in archive.articles()}


def test_what_was_taken_in_again_after_a_purge_stays(world: World) -> None:
    copied(world)
    with Archive.open(world.root) as archive:
        one = next(archive.articles())
        purge(archive, one.id, encoder=CheapEncoder)
        archive.add([world.folder], passage_rule(archive.settings), purged=True)
        held = sorted(article.id for article in archive.articles())
    world.build()
    report = restored(world, copied(world))
    assert (report.whole, report.articles) == (True, 12)
    with Archive.open(world.root) as archive:
        assert sorted(article.id for article in archive.articles()) == held


def test_where_copies_lie_elsewhere_is_not_forgotten(world: World, tmp_path: Path) -> None:
    from archive.purge.purge import elsewhere

    copy = copied(world)
    with Archive.open(world.root) as archive:
        backup(archive, tmp_path / "whole")
    restored(world, copy)
    with Archive.open(world.root) as archive:
        assert elsewhere(archive._catalog) == (str(tmp_path / "whole"),)


@pytest.mark.leaves_damage
def test_a_copy_that_is_not_whole_is_refused_and_nothing_is_changed(world: World) -> None:
    copy = copied(world)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE versions SET text = text || ' and more' WHERE rowid = 1")
        connection.commit()
    before = (world.root / "catalog.sqlite").read_bytes()
    with pytest.raises(Damaged, match=r"no sound copy.*does not hold what was written"):
        restored(world, copy)
    (world.root / "backups" / "text.sqlite").write_text("no catalog")
    with pytest.raises(Damaged, match="no sound copy"):
        restored(world, Path("text.sqlite"))
    assert (world.root / "catalog.sqlite").read_bytes() == before
    assert is_whole(world.root)
    assert [path.name for path in (world.root / "tmp").iterdir()] == []


def test_what_is_no_copy_of_this_archive_is_refused(world: World, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    other = World(tmp_path / "second", world.model)
    other.put_many(3)
    other.add()
    for copy, why in (
        (other.root, "another archive"),
        (copied(other), "another archive"),
        (world.root, "the catalog itself"),
        (world.folder, "no copy of an archive"),
        (tmp_path / "nothing.sqlite", r"There is no copy .*: none\."),
    ):
        with pytest.raises(UsageError, match=why):
            restored(world, copy)
    with pytest.raises(NotAnArchive):
        restore(tmp_path, copied(world))
    assert is_whole(world.root)


def test_a_copy_that_does_not_say_whose_it_is_must_lie_where_only_ours_lie(world: World, tmp_path: Path) -> None:
    copy = copied(world)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("DELETE FROM meta WHERE name = 'archive'")
        connection.commit()
    shutil.copy(copy, tmp_path / "copy.sqlite")
    with pytest.raises(UsageError, match="tells of which archive"):
        restored(world, tmp_path / "copy.sqlite")
    assert restored(world, copy).whole


def test_another_writer_is_waited_for_by_nobody(world: World) -> None:
    copy = copied(world)
    with writer_lock(Layout(world.root)), pytest.raises(Busy):
        restored(world, copy)


def test_a_limit_met_by_the_index_is_no_damage(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = copied(world)
    updated(world, "xylophone")

    def refused(*arguments: object, **options: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr("index.maintenance.restore.build", refused)
    with pytest.raises(ArchiveError, match="its index could not be made: Too many open files") as told:
        restored(world, copy)
    limit = limit_of(told.value)
    assert isinstance(limit, OSError)
    assert limit.errno == errno.EMFILE
    monkeypatch.undo()
    world.build()
    assert is_whole(world.root)
