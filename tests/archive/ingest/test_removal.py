"""Articles and sources that are removed by command, and come back."""

from __future__ import annotations

import os

import pytest

from tests.archive.conftest import World, counts, page

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def test_an_article_that_was_removed_stays_out_when_its_file_is_read_again(world: World) -> None:
    world.tell("a.txt", "Monday")
    world.tell("b.txt", "Tuesday")
    world.add()
    ids = world.ids()
    world.archive.remove(ids["a.txt"])
    world.update()
    world.tell("a.txt", "Friday")
    world.add()
    (world.folder / "a.txt").rename(world.folder / "c.txt")
    world.add()
    assert world.ids() == {"b.txt": ids["b.txt"]}
    world.archive.restore(ids["a.txt"])
    assert world.ids() == {"b.txt": ids["b.txt"], "c.txt": ids["a.txt"]}
    assert "Friday" in world.text("c.txt")


def test_a_removed_source_is_not_looked_at_and_comes_back_when_it_is_added(world: World) -> None:
    world.tell("a.txt", "Monday")
    world.tell("b.txt", "Tuesday")
    world.add()
    ids = world.ids()
    world.archive.remove(ids["a.txt"])
    (source,) = world.archive.sources()
    assert world.archive.remove(source.id).articles == (ids["b.txt"],)
    assert (world.ids(), world.archive.sources()) == ({}, ())
    world.tell("c.txt", "Friday")
    assert counts(world.update()) == {}
    world.add()
    assert set(world.ids()) == {"b.txt", "c.txt"}
    assert world.archive.sources() == (source,)


def test_restoring_a_source_leaves_out_what_was_removed_by_itself(world: World) -> None:
    world.tell("a.txt", "Monday")
    world.tell("b.txt", "Tuesday")
    world.add()
    ids = world.ids()
    world.archive.remove(ids["a.txt"])
    (source,) = world.archive.sources()
    world.archive.remove(source.id)
    assert world.archive.restore(source.id).articles == (ids["b.txt"],)
    assert set(world.ids()) == {"b.txt"}


def test_adding_a_part_of_a_removed_source_brings_back_that_part(world: World) -> None:
    world.tell("a/1.txt", "Monday")
    world.tell("b/2.txt", "Tuesday")
    world.add()
    ids = world.ids()
    (source,) = world.archive.sources()
    world.archive.remove(source.id)
    world.add(world.folder / "a")
    assert world.ids() == {"a/1.txt": ids["a/1.txt"]}
    world.archive.restore(source.id)
    assert world.ids() == ids


def test_an_article_that_another_source_holds_too_stays(world: World) -> None:
    world.lines("a/1.jsonl", page("https://news.example/talks", "They talked."))
    world.lines("b/2.jsonl", page("https://news.example/talks", "They talked."))
    world.add(world.folder / "a", world.folder / "b")
    first, second = sorted(world.archive.sources(), key=lambda source: source.root)
    assert list(world.ids()) == ["a/1.jsonl#1"]
    assert world.archive.remove(first.id).articles == ()
    assert list(world.ids()) == ["b/2.jsonl#1"]
    assert len(world.archive.remove(second.id).articles) == 1
    world.add(world.folder / "a")
    assert list(world.ids()) == ["a/1.jsonl#1"]


def test_a_removed_source_that_was_renamed_comes_back_under_its_new_name(world: World) -> None:
    world.tell("old/a.txt", "Monday")
    world.add(world.folder / "old")
    ids = world.ids()
    world.archive.remove(world.archive.sources()[0].id)
    (world.folder / "old").rename(world.folder / "new")
    assert counts(world.add(world.folder / "new")) == {"moved": 1}
    assert world.ids() == {"new/a.txt": ids["old/a.txt"]}
