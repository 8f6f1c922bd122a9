"""The parts of versions: written with them, found by place, gone with them, saved with them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.catalog.connection import connect
from archive.catalog.database import Catalog
from archive.catalog.migrations import MIGRATIONS
from archive.catalog.recovery.salvage import salvage
from archive.catalog.schema import NOTEBOOK
from archive.catalog.tables import meta
from archive.catalog.tables import parts as parts_table
from archive.core.article import Part, Version
from archive.folder.layout import Layout
from tests.archive.conftest import World

PAGES = (Part(0, "page", "i"), Part(40, "page", "ii"), Part(90, "page", "1"))


def version(world: World, name: str) -> Version:
    article = world.articles()[name]
    return world.archive.version(article.id, article.version)


def put(world: World, name: str, parts: tuple[Part, ...] = PAGES) -> Version:
    chosen = version(world, name)
    with Catalog(world.archive.layout.catalog) as catalog, catalog.transaction() as writing:
        parts_table.write(writing, chosen, parts)
    return chosen


@pytest.fixture
def told(world: World) -> World:
    for name, day in (("a.txt", "Monday"), ("b.txt", "Tuesday")):
        world.tell(name, day)
    world.add()
    return world


def test_an_archive_begins_without_parts(told: World) -> None:
    one = version(told, "a.txt")
    assert not told.archive.has_parts()
    assert told.archive.parts(one.article_id, one.digest) == ()


def test_a_piece_of_a_text_is_in_the_part_it_begins_in(told: World) -> None:
    one, other = put(told, "a.txt"), version(told, "b.txt")
    assert told.archive.has_parts()
    assert told.archive.parts(one.article_id, one.digest) == PAGES
    key = (one.article_id, one.digest)
    places = [(*key, 39, 60), (*key, 0, 5), (*key, 90, 95), (*key, 40, 41), (other.article_id, other.digest, 50, 60)]
    assert told.archive.parts_at(places) == [PAGES[0], PAGES[0], PAGES[2], PAGES[1], None]
    assert told.archive.parts_at([]) == []


def test_what_comes_before_the_first_part_is_in_none(told: World) -> None:
    one = put(told, "a.txt", PAGES[1:])
    assert told.archive.parts_at([(one.article_id, one.digest, 39, 60)]) == [None]


def test_more_places_than_one_statement_takes_are_found_in_order(told: World) -> None:
    one = put(told, "a.txt")
    places = [(one.article_id, one.digest, start % 100, 100) for start in range(1234)]
    expected = [PAGES[0 if start % 100 < 40 else 1 if start % 100 < 90 else 2] for start in range(1234)]
    assert told.archive.parts_at(places) == expected


def test_a_purge_takes_the_parts_with_the_article(told: World) -> None:
    one = put(told, "a.txt")
    told.archive.purge(one.article_id)
    assert not told.archive.has_parts()


@pytest.mark.leaves_damage
def test_a_part_that_lost_its_version_is_found(told: World) -> None:
    one = put(told, "a.txt")
    with closing(sqlite3.connect(told.archive.layout.catalog)) as connection, connection:
        connection.execute("DELETE FROM versions WHERE article = ?", (one.article_id,))
        connection.execute("DELETE FROM derivations WHERE article = ?", (one.article_id,))
    assert "The page ii has lost its version." in list(told.archive.check())
    with closing(sqlite3.connect(told.archive.layout.catalog)) as connection, connection:
        connection.execute("DELETE FROM parts")
        connection.execute("DELETE FROM articles WHERE id = ?", (one.article_id,))
        connection.execute("DELETE FROM passages WHERE article = ?", (one.article_id,))
        connection.execute("DELETE FROM places WHERE article = ?", (one.article_id,))


@pytest.mark.leaves_damage
def test_a_part_that_does_not_hold_what_was_written_is_found(told: World) -> None:
    put(told, "a.txt")
    with closing(sqlite3.connect(told.archive.layout.catalog)) as connection, connection:
        connection.execute("UPDATE parts SET label = '7' WHERE start = 40")
    assert any("parts does not hold" in sentence for sentence in told.archive.check())
    with closing(sqlite3.connect(told.archive.layout.catalog)) as connection, connection:
        connection.execute("UPDATE parts SET label = 'ii' WHERE start = 40")


def test_parts_are_saved_with_their_versions(told: World, tmp_path: Path) -> None:
    one = put(told, "a.txt")
    copy = tmp_path / "saved"
    copy.mkdir()
    layout = Layout(copy)
    told.archive.copy_catalog(layout.catalog)
    assert salvage(layout) is not None
    with Catalog(layout.catalog) as saved:
        assert parts_table.of_version(saved, one.article_id, one.digest) == PAGES


@pytest.fixture
def older(told: World, tmp_path: Path) -> Iterator[Catalog]:
    """A catalog of the schema before there were parts."""
    path = tmp_path / "older" / "catalog.sqlite"
    path.parent.mkdir()
    told.archive.copy_catalog(path)
    with closing(connect(path, "rw")) as connection:
        later = ("parts", "derivations", "former_passages", "version_numbers")
        for table in (*later, *(table.name for table in NOTEBOOK)):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version = 2")
    with Catalog(path) as catalog:
        yield catalog


def test_a_catalog_from_before_there_were_parts_is_read_as_it_is(older: Catalog) -> None:
    assert list(older.check()) == []
    assert not parts_table.is_any(older)
    ((article, digest),) = older.rows("SELECT id, version FROM articles LIMIT 1")
    assert parts_table.of_version(older, article, digest) == ()


def test_a_catalog_from_before_there_were_parts_is_saved_without_its_copies(older: Catalog) -> None:
    layout = Layout(older.path.parent)
    layout.backups.mkdir()
    with Catalog.create(layout.backups / "catalog-version-2.sqlite") as copy, copy.transaction() as writing:
        meta.write(writing, "an earlier value", "1")
    assert salvage(layout) is not None
    with Catalog(layout.catalog) as saved:
        assert len(saved.rows("SELECT id FROM articles")) == 2
        assert meta.read(saved, "an earlier value") is None


def test_a_catalog_from_before_there_were_parts_is_copied_and_brought_up(older: Catalog) -> None:
    articles = older.rows("SELECT id, version FROM articles ORDER BY id")
    article, digest = articles[0]
    with older.transaction() as writing:
        parts_table.write(writing, Version(article, digest, "", (), "", "", ""), PAGES)
    assert parts_table.of_version(older, article, digest) == PAGES
    assert older.row("PRAGMA user_version") == (len(MIGRATIONS),)
    assert older.rows("SELECT id, version FROM articles ORDER BY id") == articles
    assert [path.name for path in (older.path.parent / "backups").iterdir()] == ["catalog-version-2.sqlite"]
