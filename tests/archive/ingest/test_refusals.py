"""What is refused, until its cause has gone."""

from __future__ import annotations

import os
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive, UsageError, word_rule
from tests.archive.conftest import World, codes, counts

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


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
