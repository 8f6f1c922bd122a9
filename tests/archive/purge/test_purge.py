from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from archive import Archive, UnknownId, word_rule
from archive.catalog import connection as connections
from archive.catalog.migrations import MIGRATIONS
from archive.catalog.schema import FIRST_TABLES, TABLES
from archive.core.errors import Busy
from archive.purge.purge import Stage
from tests.archive.conftest import World

SECRET = "Zebedee was never at the quarry."


def holding(root: Path, *words: str) -> list[str]:
    files = [path for path in root.rglob("*") if path.is_file()]
    return [path.name for path in files if any(word.encode() in path.read_bytes() for word in words)]


def purge(world: World, name: str) -> str:
    one = world.ids()[name]
    world.archive.purge(one)
    return one


def test_every_version_goes_and_the_others_stay(world: World) -> None:
    world.tell("a.txt", "Monday")
    world.write("quarry.txt", f"{SECRET}\n\nFirst words.")
    world.add()
    world.write("quarry.txt", f"{SECRET}\n\nSecond words.")
    world.update()
    one = world.ids()["quarry.txt"]
    done = world.archive.purge(one)
    assert (done.articles, done.versions) == ((one,), 2)
    assert list(world.ids()) == ["a.txt"]
    assert world.archive.purging == Stage.INDEX
    world.close()
    assert holding(world.root, SECRET, "quarry.txt", "First words", "Second words") == []


def test_a_source_that_is_the_purged_file_goes_too(world: World) -> None:
    file = world.write("quarry.txt", SECRET)
    world.add(file)
    world.archive.purge(next(world.archive.articles()).id)
    assert world.archive.sources() == ()
    world.close()
    assert holding(world.root, SECRET, "quarry.txt") == []


def test_another_article_where_a_purged_one_was_before_it_moved_is_taken_in(world: World) -> None:
    world.tell("a.txt", "Monday")
    file = world.write("quarry.txt", SECRET)
    world.add()
    moved = file.rename(file.with_name("moved.txt"))
    world.update()
    purge(world, "moved.txt")
    moved.unlink()
    world.write("quarry.txt", "Rain on the hills tomorrow.")
    world.update()
    assert set(world.ids()) == {"a.txt", "quarry.txt"}


def test_a_ban_holds_in_a_source_that_was_widened_or_added_by_another_root(world: World) -> None:
    file = world.write("inner/quarry.txt", SECRET)
    world.tell("inner/a.txt", "Monday")
    world.add(file.parent)
    purge(world, "inner/quarry.txt")
    file.write_text("Other words altogether.", "utf-8")
    assert [one.code for one in world.add().refusals] == ["purged"]
    assert list(world.ids()) == ["inner/a.txt"]


def test_records_of_one_file_are_purged_one_by_one(world: World) -> None:
    records = [{"id": name, "text": f"Words of {name} alone."} for name in ("one", "two", "three")]
    world.lines("news.jsonl", *records)
    world.add()
    purge(world, "news.jsonl#two")
    world.lines("news.jsonl", {"id": "zero", "text": "Words of zero."}, *records)
    report = world.update()
    assert (report.added, report.unchanged, [one.record for one in report.refusals]) == (1, 2, ["two"])
    assert set(world.ids()) == {"news.jsonl#zero", "news.jsonl#one", "news.jsonl#three"}
    purge(world, "news.jsonl#zero")
    report = world.archive.add([world.folder], word_rule(), purged=True)
    assert (report.added, report.refusals) == (2, ())
    assert len(world.ids()) == 4


def test_what_would_go_is_told(world: World) -> None:
    world.tell("a.txt", "Monday")
    world.tell("b.txt", "Tuesday")
    world.add()
    (source,) = world.archive.sources()
    one = world.ids()["a.txt"]
    world.archive.remove(one)
    assert [article.id for article in world.archive.affected(source.id)] == list(world.ids().values())
    assert len(world.archive.affected(source.id, purge=True)) == 2
    assert [article.id for article in world.archive.affected(one, purge=True)] == [one]
    with pytest.raises(UnknownId):
        world.archive.affected(one)


def test_an_archive_from_before_there_was_purging_is_read_and_purged(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "quarry.txt").write_text(SECRET, "utf-8")
    with Archive.create(tmp_path / "archive") as made:
        made.add([tmp_path / "news"], word_rule())
    with connections.connect(tmp_path / "archive" / "catalog.sqlite", "rw") as connection:
        for table in TABLES[len(FIRST_TABLES) :]:
            connection.execute(f"DROP TABLE {table.name}")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    assert len(MIGRATIONS) > 1
    with Archive.open(tmp_path / "archive") as archive:
        assert list(archive.check()) == []
        assert not archive.purged()
        assert archive.update(word_rule()).unchanged == 1
        archive.purge(next(archive.articles()).id)
        assert [path.name for path in archive.layout.backups.iterdir()] == ["catalog-version-1.sqlite"]
    assert holding(tmp_path / "archive", SECRET, "quarry.txt") == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_forked_process_does_not_hold_the_archive_that_another_thread_writes(world: World) -> None:
    entered, done = threading.Event(), threading.Event()

    def write() -> None:
        with world.archive.writing():
            entered.set()
            done.wait()

    thread = threading.Thread(target=write)
    thread.start()
    entered.wait()
    child = os.fork()
    if child == 0:
        try:
            with world.archive.writing():
                os._exit(1)
        except Busy:
            os._exit(0)
        finally:
            os._exit(2)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    done.set()
    thread.join()
    assert ended == 0
