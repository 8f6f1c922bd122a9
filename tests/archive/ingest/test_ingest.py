"""What happens to articles as the files of a source are added, edited, moved and removed."""

from __future__ import annotations

import os
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive import Archive, IngestReport, Step, UnknownId, UsageError, word_rule
from archive.catalog import article_rows
from archive.catalog.tables import versions
from archive.catalog.transaction import Transaction
from archive.core.article import Refusal
from archive.text.chunking import named

if TYPE_CHECKING:
    from tests.archive.conftest import World

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def counts(report: IngestReport) -> dict[str, int]:
    names = ("added", "changed", "unchanged", "moved", "missing")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def codes(refusals: tuple[Refusal, ...]) -> list[tuple[str, str | None, str]]:
    return [(Path(one.path).name, one.record, one.code) for one in refusals]


def change(archive: Archive) -> int:
    with archive.snapshot() as snapshot:
        return snapshot.change


# Again, edited, back.


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


# Lines that move within their file.


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


# Moved and vanished.


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


# Several roots.


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


# One article in two places.


def page(url: str, text: str) -> dict[str, str]:
    return {"title": "Talks", "url": url, "text": text}


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


# Removed by command.


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


# Refused.


def test_refusals_are_in_every_report_and_new_ones_once(world: World) -> None:
    world.write("empty.txt", "")
    world.write("a.jsonl", '{"id": "1", "text": "Fine."}\n{"id": "2", "text": \n')
    world.write("film.mp4", "pixels")
    expected = [("a.jsonl", "2", "broken-record"), ("empty.txt", None, "empty"), ("film.mp4", None, "unsupported")]
    report = world.add()
    assert counts(report) == {"added": 1}
    assert codes(report.refusals) == codes(report.new_refusals) == expected
    world.write("b.txt", "")
    for new in ([("b.txt", None, "empty")], []):
        report = world.update()
        assert codes(report.new_refusals) == new
        assert sorted(codes(report.refusals)) == sorted([*expected, ("b.txt", None, "empty")])
        assert sorted(codes(world.archive.refusals())) == sorted(codes(report.refusals))


@posix
def test_a_refusal_ends_with_its_cause(world: World) -> None:
    link = world.folder / "link.txt"
    link.symlink_to("nowhere")
    world.write("empty.txt", "")
    world.write("gone.txt", "")
    world.write("a.jsonl", '{"id": "1", "text": "Fine."}\n{"id": "2"\n')
    world.add()
    assert len(world.archive.refusals()) == 4
    link.unlink()
    (world.folder / "gone.txt").unlink()
    world.tell("empty.txt", "Monday")
    world.lines("a.jsonl", {"id": "1", "text": "Fine."}, {"id": "2", "text": "Mended."})
    assert counts(world.update()) == {"added": 2, "unchanged": 1}
    assert world.archive.refusals() == ()


def test_a_record_that_breaks_is_refused_and_its_article_gone(world: World) -> None:
    world.lines("a.jsonl", {"id": "1", "text": "Fine."}, {"id": "2", "text": "Fine too."})
    world.add()
    world.write("a.jsonl", '{"id": "1", "text": "Fine."}\n{"id": "2", "text": \n')
    report = world.update()
    assert counts(report) == {"unchanged": 1, "missing": 1}
    assert codes(report.new_refusals) == [("a.jsonl", "2", "broken-record")]


def test_a_raised_limit_reads_what_was_too_large(world: World) -> None:
    world.write("a.txt", "A long text. " * 1000)
    small = Archive(world.archive.root, replace(world.archive.settings, max_text=1000), world.archive._catalog)
    assert codes(small.add([world.folder], word_rule()).refusals) == [("a.txt", None, "too-large")]
    assert codes(small.update(word_rule()).refusals) == [("a.txt", None, "too-large")]
    assert counts(world.update()) == {"added": 1}
    assert world.archive.refusals() == ()


def test_files_that_no_reader_takes_are_not_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write("film.mp4", "pixels")
    monkeypatch.setattr("archive.ingest.scan.sha256_file", lambda path: pytest.fail(f"read {path}"))
    assert codes(world.add().refusals) == [("film.mp4", None, "unsupported")]


@posix
def test_names_are_kept_composed_and_found_as_they_are_on_disk(world: World) -> None:
    name = unicodedata.normalize("NFD", "café.txt")
    path = world.tell(name, "Monday")
    world.add()
    (one,) = world.archive.articles()
    assert Path(one.path) == path
    shutil.copy2(path, world.folder / "z.txt")
    assert counts(world.update()) == {"added": 1, "unchanged": 1}
    path.rename(world.folder / unicodedata.normalize("NFC", name))
    assert counts(world.update()) == {"unchanged": 2}


@posix
def test_a_name_that_is_no_text_is_refused(world: World) -> None:
    Path(os.fsdecode(os.fsencode(world.folder) + b"/\xff.txt")).write_text("Text.")
    report = world.add()
    assert [one.code for one in report.refusals] == ["unreadable"]
    folder = Path(os.fsdecode(os.fsencode(world.folder) + b"/\xff"))
    folder.mkdir()
    with pytest.raises(UsageError, match="rename"):
        world.add(folder)


# Stopped and watched.


def test_an_interrupted_add_keeps_what_was_finished_and_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.lines("a.jsonl", *({"id": str(number), "text": f"This is text {number}."} for number in range(6)))
    calls = iter(range(10))

    def stopping(*given: object) -> object:
        if next(calls) == 4:
            raise KeyboardInterrupt
        return named(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("archive.ingest.upsert.named", stopping)
    with pytest.raises(KeyboardInterrupt):
        world.add()
    assert set(world.ids()) == {f"a.jsonl#{number}" for number in range(4)}
    assert list(world.archive.check()) == []
    assert counts(world.add()) == {"added": 2, "unchanged": 4}


def test_progress_is_told_as_articles_are_read(world: World) -> None:
    world.lines("a.jsonl", *({"id": str(number), "text": f"This is text {number}."} for number in range(120)))
    steps: list[Step] = []
    world.archive.add([world.folder], word_rule(), steps.append)
    assert steps == [*(Step("reading", done, None) for done in range(10, 130, 10)), Step("reading", 120, 120)]


def test_passages_follow_a_changed_rule_and_an_interrupted_change_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = " ".join(f"Sentence number {number} speaks of the river towns and of their money." for number in range(40))
    for name in ("a.txt", "b.txt", "c.txt"):
        world.write(name, f"{name} {text}")
    small = word_rule(60)
    world.add()
    wide = {one.id: len(world.archive.passages(one.id, one.version)) for one in world.archive.articles()}
    before, calls = change(world.archive), iter(range(10))

    recut = versions.recut

    def stopping(*given: object) -> None:
        if next(calls) == 1:
            raise KeyboardInterrupt
        recut(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(versions, "recut", stopping)
    with pytest.raises(KeyboardInterrupt):
        world.archive.update(small)
    touched: list[str] = []

    def counting(writing: Transaction, article: str) -> None:
        touched.append(article)
        article_rows.touch(writing, article)

    monkeypatch.setattr(versions, "recut", recut)
    monkeypatch.setattr("archive.ingest.rechunk.touch", counting)
    world.archive.update(small)
    assert len(touched) == 2
    narrow = {one.id: len(world.archive.passages(one.id, one.version)) for one in world.archive.articles()}
    assert all(narrow[one] > wide[one] for one in wide)
    assert world.archive.behind(before) == 3
    world.update()
    assert {one.id: len(world.archive.passages(one.id, one.version)) for one in world.archive.articles()} == wide
