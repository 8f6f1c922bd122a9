"""Several roots, one within another, and one article in two places."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive import Archive, UnknownId, UsageError
from tests.archive.conftest import World, change, counts, page

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def test_adding_a_part_of_a_source_looks_at_that_part_only(world: World) -> None:
    world.tell("a/1.txt", "Monday")
    world.tell("b/2.txt", "Tuesday")
    world.add()
    world.tell("a/3.txt", "Friday")
    (world.folder / "b" / "2.txt").unlink()
    assert counts(world.add(world.folder / "a")) == {"added": 1, "unchanged": 1}
    assert [Path(source.root) for source in world.archive.sources()] == [world.folder]
    assert counts(world.update()) == {"unchanged": 2, "missing": 1}


def test_adding_a_parent_widens_the_source_without_new_articles(world: World) -> None:
    world.tell("a/1.txt", "Monday")
    single = world.tell("b/2.txt", "Tuesday")
    world.write("a/empty.txt", "")
    world.tell("c/3.txt", "Friday")
    world.add(world.folder / "a")
    world.add(single)
    ids = world.ids()
    report = world.add()
    assert counts(report) == {"added": 1, "unchanged": 2}
    assert report.new_refusals == ()
    assert [Path(source.root) for source in world.archive.sources()] == [world.folder]
    assert {name: one for name, one in world.ids().items() if name in ids} == ids
    assert [Path(one.path) for one in world.archive.refusals()] == [world.folder / "a" / "empty.txt"]


def test_a_vanished_source_that_is_widened_keeps_its_articles(world: World) -> None:
    world.tell("a/1.txt", "Monday")
    world.add(world.folder / "a")
    ids = world.ids()
    away = (world.folder / "a").rename(world.folder.with_name("away"))
    world.tell("b.txt", "Tuesday")
    assert counts(world.add()) == {"added": 1, "missing": 1}
    away.rename(world.folder / "a")
    assert counts(world.update()) == {"unchanged": 2}
    assert world.ids()["a/1.txt"] == ids["a/1.txt"]


def test_overlapping_paths_in_one_call_are_read_once(world: World) -> None:
    world.tell("a/1.txt", "Monday")
    folder = world.folder / "a"
    assert counts(world.add(folder, world.folder, folder / ".." / "a", folder / "1.txt")) == {"added": 1}
    assert list(world.ids()) == ["a/1.txt"]
    assert len(world.archive.sources()) == 1


def test_one_source_can_be_updated_alone(world: World) -> None:
    world.tell("a/1.txt", "Monday")
    world.tell("b/2.txt", "Tuesday")
    world.add(world.folder / "a", world.folder / "b")
    world.tell("a/1.txt", "Friday")
    world.tell("b/2.txt", "Friday")
    first = next(one for one in world.archive.sources() if one.root.endswith("a"))
    assert counts(world.update(first.id)) == {"changed": 1}
    with pytest.raises(UnknownId, match="no source 'nope'"):
        world.update("nope")


def test_an_archive_cannot_read_itself(world: World) -> None:
    with pytest.raises(UsageError, match="contains the archive"):
        world.add(world.archive.root.parent)
    with pytest.raises(UsageError, match="lies inside the archive"):
        world.add(world.archive.layout.tmp)
    with pytest.raises(UsageError, match="no file or folder"):
        world.add(world.folder / "nothing")
    assert world.archive.sources() == ()


@posix
def test_an_archive_behind_a_link_is_seen(world: World) -> None:
    link = world.folder / "link"
    link.symlink_to(world.archive.root.parent)
    with pytest.raises(UsageError, match="contains the archive"):
        world.add(link)
    with pytest.raises(UsageError, match="lies inside the archive"):
        world.add(link / "archive")


def test_another_archive_is_no_source(world: World, tmp_path: Path) -> None:
    Archive.create(tmp_path / "other").close()
    with pytest.raises(UsageError, match="lies inside the archive"):
        world.add(tmp_path / "other")


def test_two_places_with_one_address_are_one_article_and_do_not_disturb_each_other(world: World) -> None:
    world.lines("a.jsonl", page("https://news.example/talks?utm_source=x", "They talked."))
    world.lines("b.jsonl", page("https://NEWS.example/talks", "They talked at length."))
    assert counts(world.add()) == {"added": 1, "changed": 1}
    (one,) = world.archive.articles()
    assert [version.text for version in world.archive.versions(one.id)] == ["They talked.", "They talked at length."]
    before = change(world.archive)
    for _ in range(2):
        os.utime(world.folder / "a.jsonl", ns=(1, change(world.archive) + 7))
        assert counts(world.update()) == {"unchanged": 2}
    assert change(world.archive) == before


def test_a_copy_of_a_page_elsewhere_changes_nothing(world: World) -> None:
    world.lines("a.jsonl", page("https://news.example/talks", "They talked."))
    world.add()
    before = change(world.archive)
    world.lines("b.jsonl", page("https://news.example/talks", "They talked."))
    assert counts(world.update()) == {"unchanged": 2}
    assert (list(world.ids()), change(world.archive)) == (["a.jsonl#1"], before)


def test_an_article_of_two_places_is_gone_only_when_both_are(world: World) -> None:
    first = world.lines("a.jsonl", page("https://news.example/talks", "They talked."))
    second = world.lines("b.jsonl", {**page("https://news.example/talks", "They talked."), "id": "x"})
    world.add()
    first.unlink()
    assert counts(world.update()) == {"unchanged": 1}
    assert list(world.ids()) == ["b.jsonl#x"]
    second.unlink()
    assert counts(world.update()) == {"missing": 1}


def test_the_address_of_a_whole_site_makes_no_articles_one(world: World) -> None:
    world.lines("a.jsonl", *(page("https://news.example/", f"Text {number}.") for number in range(3)))
    assert counts(world.add()) == {"added": 3}


def test_a_whole_file_stays_its_article_when_its_address_changes(world: World) -> None:
    def html(url: str) -> str:
        words = "The ministers met and agreed to meet again in the river town before the end of the year. " * 5
        head = f'<title>Talks</title><link rel="canonical" href="{url}">'
        return f"<html><head>{head}</head><body><article><p>{words}</p></article></body></html>"

    world.write("a.html", html("https://news.example/one"))
    assert counts(world.add()) == {"added": 1}
    ids = world.ids()
    world.write("a.html", html("https://news.example/two"))
    assert counts(world.update()) == {"changed": 1}
    assert world.ids() == ids
    assert world.articles()["a.html"].url == "https://news.example/two"
