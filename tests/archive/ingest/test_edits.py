"""What happens to articles as records are edited, and as lines move within their file."""

from __future__ import annotations

import os

import pytest

from tests.archive.conftest import World, change, counts

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def test_adding_a_folder_twice_adds_nothing(world: World) -> None:
    for day in ("Monday", "Tuesday"):
        world.tell(f"{day}.txt", day)
    world.lines("more.jsonl", {"id": "a", "text": "One text."}, {"id": "b", "text": "Another text."})
    assert counts(world.add()) == {"added": 4}
    before, ids = change(world.archive), world.ids()
    assert counts(world.add()) == {"unchanged": 4}
    assert (change(world.archive), world.ids()) == (before, ids)


def test_a_file_that_was_touched_only_is_unchanged(world: World) -> None:
    path = world.tell("a.txt", "Monday")
    world.add()
    os.utime(path, ns=(1, 1))
    assert counts(world.update()) == {"unchanged": 1}


def test_an_edited_file_adds_a_version_and_keeps_the_old_one(world: World) -> None:
    world.tell("a.txt", "Monday")
    world.add()
    article = world.articles()["a.txt"]
    world.tell("a.txt", "Tuesday")
    assert counts(world.update()) == {"changed": 1}
    assert world.ids() == {"a.txt": article.id}
    old, new = world.archive.versions(article.id)
    assert "Monday" in old.text
    assert "Tuesday" in new.text
    assert world.archive.article(article.id).version == new.digest
    assert world.archive.version(article.id, article.version) == old


def test_a_text_that_comes_back_is_the_old_version_again(world: World) -> None:
    world.tell("a.txt", "Monday")
    world.add()
    first = world.articles()["a.txt"].version
    world.tell("a.txt", "Tuesday")
    world.update()
    world.tell("a.txt", "Monday")
    assert counts(world.update()) == {"changed": 1}
    assert world.articles()["a.txt"].version == first
    assert len(world.archive.versions(world.ids()["a.txt"])) == 2


def test_a_record_whose_text_stayed_changes_its_metadata_only(world: World) -> None:
    world.lines("a.jsonl", {"id": "1", "title": "Old", "text": "The same text."})
    world.add()
    world.lines("a.jsonl", {"id": "1", "title": "New", "author": "A. Reporter", "text": "The same text."})
    assert counts(world.update()) == {"changed": 1}
    one = world.articles()["a.jsonl#1"]
    assert (one.title, one.author) == ("New", "A. Reporter")
    assert len(world.archive.versions(one.id)) == 1


def test_only_the_edited_record_of_a_file_changes(world: World) -> None:
    records = [{"id": str(number), "text": f"This is text number {number}."} for number in range(5)]
    world.lines("a.jsonl", *records)
    world.add()
    world.lines("a.jsonl", *records[:3], {"id": "3", "text": "Corrected."}, records[4])
    assert counts(world.update()) == {"changed": 1, "unchanged": 4}
    assert world.text("a.jsonl#3") == "Corrected."


def test_a_line_put_in_front_leaves_all_other_articles_as_they_are(world: World) -> None:
    texts = [f"This is text number {number}." for number in range(4)]
    world.lines("a.jsonl", *({"text": text} for text in texts))
    world.add()
    before = {world.text(name): one for name, one in world.ids().items()}
    world.lines("a.jsonl", {"text": "Brand new."}, *({"text": text} for text in texts))
    assert counts(world.update()) == {"added": 1, "unchanged": 4}
    after = {world.text(name): one for name, one in world.ids().items()}
    assert {text: after[text] for text in texts} == before
    assert [len(world.archive.versions(one)) for one in after.values()] == [1] * 5
    assert counts(world.update()) == {"unchanged": 5}


def test_lines_that_swap_places_keep_their_articles(world: World) -> None:
    world.lines("a.jsonl", {"text": "First."}, {"text": "Second."}, {"text": "First."})
    world.add()
    ids = world.ids()
    world.lines("a.jsonl", {"text": "Second."}, {"text": "First."}, {"text": "First."})
    assert counts(world.update()) == {"unchanged": 3}
    assert world.ids() == {"a.jsonl#1": ids["a.jsonl#2"], "a.jsonl#2": ids["a.jsonl#1"], "a.jsonl#3": ids["a.jsonl#3"]}


def test_a_line_that_was_taken_out_and_comes_back_elsewhere_is_the_same_article(world: World) -> None:
    one, two, three = ({"text": text} for text in ("First.", "Second.", "Third."))
    world.lines("a.jsonl", one, two, three)
    world.add()
    ids = {world.text(name): article for name, article in world.ids().items()}
    world.lines("a.jsonl", one, two)
    assert counts(world.update()) == {"unchanged": 2, "missing": 1}
    world.lines("a.jsonl", three, one, two)
    assert counts(world.update()) == {"unchanged": 3}
    assert {world.text(name): article for name, article in world.ids().items()} == ids


def test_records_with_addresses_are_told_apart_by_them_when_lines_move_and_change(world: World) -> None:
    def record(name: str, text: str) -> dict[str, str]:
        return {"url": f"https://news.example/{name}", "text": text}

    world.lines("a.jsonl", record("one", "First."), record("two", "Second."))
    world.add()
    ids = {one.url: one.id for one in world.archive.articles()}
    world.lines("a.jsonl", record("two", "Second, corrected."), record("one", "First, corrected."))
    assert counts(world.update()) == {"changed": 2}
    assert {one.url: one.id for one in world.archive.articles()} == ids
