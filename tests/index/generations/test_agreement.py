"""A catalog and an index that do not belong together: told, and made to belong together by the next build."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive
from archive.core.errors import Action, Advice
from index import Mode, Searcher, status, verify
from index.generations import manifest as manifests
from index.generations.agreement import UNTOLD
from index.generations.generation import Current, read_current, write_current
from index.maintenance.backup import backup_catalog
from tests.index.world import World

pytestmark = pytest.mark.usefixtures("background")
OLDER = "older than the index"


def copied(world: World) -> Path:
    with Archive.open(world.root) as archive:
        return backup_catalog(archive).path


def put_back(world: World, copy: Path) -> None:
    """Do what people do by hand."""
    shutil.copy(copy, world.root / "catalog.sqlite")


def updated(world: World, *names: str) -> None:
    for name in names:
        world.put(name, f"Report {name}\n\nThe council met about the {name}.\n")
    world.add()
    world.build()


def told(world: World) -> tuple[list[str], list[str], list[str]]:
    """Return what verify, status and a search say, the sentence alone."""
    with Archive.open(world.root) as archive:
        problems = [problem.what for problem in verify(archive).problems]
        notes = [note.message for note in status(archive).notes if isinstance(note, Advice)]
    with Searcher.open(world.root) as searcher:
        degraded = [note.message for note in searcher.search("council").degraded if isinstance(note, Advice)]
    return problems, notes, degraded


def test_a_catalog_that_belongs_to_its_index_is_not_spoken_of(world: World) -> None:
    assert told(world) == ([], [], [])
    world.put("late", "Late\n\nThe council met late.\n")
    world.add()
    assert told(world) == ([], [], [])


def test_a_copy_that_was_put_back_is_told_and_the_next_build_is_whole(world: World) -> None:
    copy = copied(world)
    updated(world, "xylophone", "yacht")
    put_back(world, copy)
    for said in told(world):
        assert any(OLDER in sentence for sentence in said)
    updated(world, "zebra", "walrus", "vulture")
    with closing(sqlite3.connect(world.root / "catalog.sqlite")) as catalog:
        assert catalog.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert told(world) == ([], [], [])
    for name in ("xylophone", "yacht", "zebra", "walrus", "vulture"):
        assert world.found(name, Mode.LEXICAL) == [f"Report {name}"]


@pytest.mark.parametrize("later", [1, 2, 3])
def test_other_changes_that_reach_the_number_of_the_index_are_no_proof(world: World, later: int) -> None:
    copy = copied(world)
    updated(world, "xylophone", "yacht")
    put_back(world, copy)
    (world.folder / "xylophone.txt").unlink()
    (world.folder / "yacht.txt").unlink()
    for number in range(later):
        world.put(f"later{number}", f"Report later{number}\n\nThe council met about tramline{number}.\n")
    world.add()
    for said in told(world):
        assert any(OLDER in sentence for sentence in said)
    assert "xylophone" in world.build().notes[0]
    assert told(world) == ([], [UNTOLD], [])
    assert world.found("xylophone", Mode.LEXICAL) == []
    assert [world.found(f"tramline{number}", Mode.LEXICAL) for number in range(later)] == [
        [f"Report later{number}"] for number in range(later)
    ]


def test_numbers_go_on_above_those_of_the_index(world: World) -> None:
    copy = copied(world)
    updated(world, "xylophone", "yacht", "zebra")
    before = manifest(world).change
    put_back(world, copy)
    world.build()
    assert manifest(world).change > before


def test_a_copy_as_new_as_the_index_belongs_to_it(world: World) -> None:
    updated(world, "xylophone")
    copy = copied(world)
    world.put("later", "Later\n\nThe council met later.\n")
    world.add()
    put_back(world, copy)
    assert told(world) == ([], [], [])
    assert not world.build().built


def manifest(world: World) -> manifests.Manifest:
    with Archive.open(world.root) as archive:
        current = read_current(archive.layout)
        assert current is not None
        path = archive.layout.generation(current.number) / manifests.NAME
        return manifests.from_bytes(path.read_bytes(), path)


def as_format_6(world: World) -> None:
    """Let an archive be one that an earlier build made: no names of states, no identifier in the catalog."""
    with Archive.open(world.root) as archive:
        layout = archive.layout
        with archive._catalog.transaction() as writing:
            writing.delete("DELETE FROM meta WHERE name IN ('indexed states', 'archive')")
    current = read_current(layout)
    assert current is not None
    path = layout.generation(current.number) / manifests.NAME
    data = json.loads(path.read_bytes())
    del data["token"]
    raw = json.dumps({**data, "format": 6}).encode()
    path.write_bytes(raw)
    write_current(layout, Current(current.number, manifests.digest(raw)))


def test_an_archive_of_an_earlier_build_is_taken_over(world: World) -> None:
    as_format_6(world)
    assert told(world) == ([], [], [])
    assert not world.build().built
    updated(world, "xylophone")
    assert manifest(world).token
    with Archive.open(world.root) as archive:
        assert archive.owner == archive.id
    assert told(world) == ([], [], [])


def test_an_archive_of_an_earlier_build_whose_catalog_is_older_is_told(world: World) -> None:
    copy = copied(world)
    updated(world, "xylophone")
    as_format_6(world)
    put_back(world, copy)
    for said in told(world):
        assert any(OLDER in sentence for sentence in said)
    updated(world, "zebra")
    assert told(world) == ([], [], [])
    assert world.found("zebra", Mode.LEXICAL) == ["Report zebra"]


def lost_rows(world: World) -> None:
    """Take an article out of the catalog without a trace, as a log that is applied to another file may."""
    with Archive.open(world.root) as archive:
        one = min(article.id for article in archive.articles())
        with archive._catalog.transaction() as writing:
            for table, key in (("articles", "id"), ("versions", "article"), ("passages", "article")):
                writing.delete(f"DELETE FROM {table} WHERE {key} = ?", (one,))
            for table in ("places", "derivations"):
                writing.delete(f"DELETE FROM {table} WHERE article = ?", (one,))


@pytest.mark.parametrize("later", [0, 1])
def test_articles_that_went_without_a_change_are_told_and_the_next_build_is_full(world: World, later: int) -> None:
    lost_rows(world)
    for number in range(later):
        world.put(f"later{number}", f"Report later{number}\n\nThe council met about tramline{number}.\n")
    world.add()
    with Archive.open(world.root) as archive:
        assert [problem.what for problem in verify(archive).problems] == [
            "The indexed passages are not those of the catalog."
        ]
    assert world.build().built
    assert told(world) == ([], [], [])


@pytest.mark.leaves_damage
def test_the_catalog_of_another_archive_is_told(world: World, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    other = World(tmp_path / "second", world.model)
    other.put_many(3)
    other.add()
    put_back(world, copied(other))
    for said in told(world):
        assert any("another archive" in sentence for sentence in said)
    with Archive.open(world.root) as archive:
        actions = {problem.remedy.action for problem in verify(archive).problems}
    assert Action.RESTORE in actions
