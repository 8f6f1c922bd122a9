"""Versions stand in the order in which they were read, whatever the clock said."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive
from archive.catalog import connection as connections
from archive.catalog.recovery.salvage import salvage
from archive.catalog.schema import NOTEBOOK
from archive.folder.layout import Layout
from tests.archive.conftest import World

TIMES = ("2026-06-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z")


@pytest.fixture
def told(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """An article that was read three times, by a clock that was set back in between."""
    for number, time in enumerate(TIMES):
        monkeypatch.setattr("archive.ingest.upsert.now_utc", lambda time=time: time)
        world.write("a.txt", f"Text {number}\n\nOf an article.")
        world.add()
    monkeypatch.undo()
    return world


def numbers(archive: Archive) -> list[str]:
    one = next(archive.articles())
    return [version.text.split()[1] for version in archive.versions(one.id)]


def test_versions_are_told_in_the_order_in_which_they_were_read(told: World) -> None:
    assert numbers(told.archive) == ["0", "1", "2"]


def test_a_text_that_comes_back_stays_where_it_was_first_read(told: World) -> None:
    told.write("a.txt", "Text 1\n\nOf an article.")
    told.add()
    assert numbers(told.archive) == ["0", "1", "2"]
    assert told.text("a.txt").startswith("Text 1")
    told.write("a.txt", "Text 3\n\nOf an article.")
    told.add()
    assert numbers(told.archive) == ["0", "1", "2", "3"]


def test_an_article_that_lost_its_newest_text_stands_at_the_one_before_it(told: World, tmp_path: Path) -> None:
    layout = Layout(tmp_path / "saved")
    layout.root.mkdir()
    told.archive.copy_catalog(layout.catalog)
    with closing(sqlite3.connect(layout.catalog)) as connection, connection:
        connection.execute("UPDATE versions SET text = 'x' WHERE text LIKE 'Text 2%'")
    assert salvage(layout) is not None
    with closing(sqlite3.connect(layout.catalog)) as connection:
        ((text,),) = connection.execute("SELECT v.text FROM articles a JOIN versions v ON v.digest = a.version")
    assert text.startswith("Text 1")


def test_versions_of_before_they_were_numbered_come_before_the_new_ones(told: World) -> None:
    with connections.connect(told.layout.catalog, "rw") as connection:
        for table in ("version_numbers", *(table.name for table in NOTEBOOK)):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version = 4")
    connection.close()
    with Archive.open(told.root) as archive:
        assert numbers(archive) == ["1", "2", "0"]
    told.close()
    told.write("a.txt", "Text 3\n\nOf an article.")
    told.add()
    assert numbers(told.archive) == ["1", "2", "0", "3"]


def test_a_purge_takes_the_numbers_with_the_article(told: World) -> None:
    told.archive.purge(next(told.archive.articles()).id)
    with closing(sqlite3.connect(told.layout.catalog)) as connection:
        assert connection.execute("SELECT count(*) FROM version_numbers").fetchone() == (0,)
