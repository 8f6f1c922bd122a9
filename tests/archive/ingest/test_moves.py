"""What happens to articles as files move, vanish and come back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.archive.conftest import World, change, codes, counts

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def test_a_moved_file_stays_the_same_article(world: World) -> None:
    path = world.tell("a.txt", "Monday")
    world.tell("b.txt", "Tuesday")
    world.add()
    ids = world.ids()
    (world.folder / "old").mkdir()
    path.rename(world.folder / "old" / "z.txt")
    assert counts(world.update()) == {"moved": 1, "unchanged": 1}
    assert world.ids() == {"old/z.txt": ids["a.txt"], "b.txt": ids["b.txt"]}


def test_a_renamed_folder_keeps_every_article_even_equal_ones(world: World) -> None:
    for name in ("x.txt", "y.txt"):
        world.tell(f"in/{name}", "Monday")
    world.tell("in/deep/z.txt", "Tuesday")
    world.add()
    ids = world.ids()
    (world.folder / "in").rename(world.folder / "out")
    assert counts(world.update()) == {"moved": 3}
    assert world.ids() == {name.replace("in/", "out/"): one for name, one in ids.items()}


def test_a_renamed_root_that_is_added_keeps_every_article(world: World) -> None:
    world.tell("a.txt", "Monday")
    world.write("empty.txt", "")
    world.add()
    ids = world.ids()
    elsewhere = world.folder.rename(world.folder.with_name("elsewhere"))
    report = world.add(elsewhere)
    assert counts(report) == {"moved": 1}
    assert [one.id for one in world.archive.articles()] == list(ids.values())
    assert (codes(report.refusals), report.new_refusals) == ([("empty.txt", None, "empty")], ())
    assert counts(world.update()) == {"unchanged": 1}
    assert [Path(one.path).parent for one in world.archive.refusals()] == [elsewhere]


def test_a_copy_is_an_article_of_its_own(world: World) -> None:
    path = world.tell("a.txt", "Monday")
    world.add()
    shutil.copy2(path, world.folder / "b.txt")
    assert counts(world.update()) == {"added": 1, "unchanged": 1}
    assert len(set(world.ids().values())) == 2


def test_a_new_file_at_the_place_of_a_moved_one_is_a_new_article(world: World) -> None:
    path = world.tell("a.txt", "Monday")
    world.add()
    old = world.ids()["a.txt"]
    path.rename(world.folder / "b.txt")
    world.update()
    world.tell("a.txt", "Tuesday")
    assert counts(world.update()) == {"added": 1, "unchanged": 1}
    assert world.ids()["b.txt"] == old
    assert world.ids()["a.txt"] != old


def test_a_vanished_file_stays_searchable_and_comes_back(world: World) -> None:
    path = world.tell("a.txt", "Monday")
    world.tell("b.txt", "Tuesday")
    world.add()
    ids, before = world.ids(), change(world.archive)
    text = path.read_text()
    path.unlink()
    for _ in range(2):
        assert counts(world.update()) == {"unchanged": 1, "missing": 1}
    assert world.articles()["a.txt"].gone
    assert world.archive.behind(before) == 1
    with world.archive.snapshot() as snapshot:
        assert {item.article.id for item in snapshot} == set(ids.values())
    world.write("a.txt", text)
    assert counts(world.update()) == {"unchanged": 2}
    assert not world.articles()["a.txt"].gone
    assert world.ids() == ids


def test_a_file_that_comes_back_changed_is_the_same_article(world: World) -> None:
    path = world.tell("a.txt", "Monday")
    world.add()
    ids = world.ids()
    path.unlink()
    world.update()
    world.tell("a.txt", "Tuesday")
    assert counts(world.update()) == {"changed": 1}
    assert world.ids() == ids


def test_a_file_that_vanished_and_turns_up_elsewhere_has_moved(world: World) -> None:
    path = world.lines("a.jsonl", {"text": "First."}, {"text": "Second."}, {"text": "Third."})
    world.add()
    world.lines("a.jsonl", {"text": "First."}, {"text": "Second."})
    world.update()
    ids, raw = world.ids(), path.read_bytes()
    path.unlink()
    assert counts(world.update()) == {"missing": 3}
    (world.folder / "b.jsonl").write_bytes(raw)
    assert counts(world.update()) == {"moved": 2, "missing": 1}
    assert {name: one for name, one in world.ids().items() if not world.articles()[name].gone} == {
        "b.jsonl#1": ids["a.jsonl#1"],
        "b.jsonl#2": ids["a.jsonl#2"],
    }


def test_a_source_that_is_a_file_can_vanish_and_come_back(world: World) -> None:
    path = world.tell("a.txt", "Monday")
    world.add(path)
    text = path.read_text()
    path.unlink()
    report = world.update()
    assert counts(report) == {"missing": 1}
    assert codes(report.new_refusals) == [("a.txt", None, "unreadable")]
    assert world.update().new_refusals == ()
    path.write_text(text)
    assert counts(world.update()) == {"unchanged": 1}
    assert world.archive.refusals() == ()


def test_a_root_that_is_not_there_is_told_and_its_articles_stay(world: World) -> None:
    world.tell("a.txt", "Monday")
    world.add()
    away = world.folder.rename(world.folder.with_name("away"))
    report = world.update()
    assert counts(report) == {"missing": 1}
    assert "not mounted" in report.new_refusals[0].reason
    away.rename(world.folder)
    assert counts(world.update()) == {"unchanged": 1}
