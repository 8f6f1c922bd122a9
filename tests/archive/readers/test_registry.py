"""A format is one row: a file of it goes the same way as any other, in a sandbox or out of it, and ahead."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from archive import Archive, word_rule
from archive.core.article import Draft, Refusal
from archive.core.errors import UsageError
from archive.ingest.prefetch import Prefetcher
from archive.ingest.prepare import Preparation, prepare
from archive.readers import READERS, Limits, Reader, named_for, read, release, suffixes
from archive.readers.common import digest
from tests.archive.readers.toy import MAGIC, TOY, WITH_TOYS, toy_file

ROOT = Path(__file__).resolve().parents[3]
PROSE = "The harbour master said on Thursday that nine ships had left. Crews searched the piers again. "
HERE = replace(TOY, sandboxed=False)
ENDS = (("single", ".gz"), ("double", ".toy.gz"))


@pytest.fixture(scope="module", autouse=True)
def _workers() -> Iterator[None]:
    yield
    release()


def write(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def items(path: Path, reader: Reader = TOY, limits: Limits | None = None) -> list[Draft | Refusal]:
    return list(read(path, limits or Limits(), (*READERS, reader)))


def codes(found: list[Draft | Refusal]) -> list[str]:
    return [item.code if isinstance(item, Refusal) else "read" for item in found]


@pytest.mark.parametrize("reader", [TOY, HERE], ids=["sandboxed", "here"])
def test_a_new_row_reads_its_files(tmp_path: Path, reader: Reader) -> None:
    found = items(write(tmp_path, "a.toy", toy_file("One.", "", "Three.")), reader)
    assert codes(found) == ["read", "no-text", "read"]
    drafts = [item for item in found if isinstance(item, Draft)]
    assert [(draft.text, draft.record) for draft in drafts] == [("One.", "1"), ("Three.", "3")]
    name, process = drafts[0].reader.split(" ")
    assert name == "toy/3"
    assert (process == str(os.getpid())) is not reader.sandboxed


def test_a_file_of_a_format_without_a_row_is_unsupported(tmp_path: Path) -> None:
    (item,) = read(write(tmp_path, "a.toy", toy_file("One.")), Limits())
    assert codes([item]) == ["unsupported"]


def test_a_file_that_does_not_begin_as_its_format_must_is_refused(tmp_path: Path) -> None:
    found = items(write(tmp_path, "a.toy", b"Some plain words."))
    assert codes(found) == ["unsupported"]
    assert isinstance(found[0], Refusal)
    assert "toy" in found[0].reason


def test_how_a_file_begins_counts_more_than_a_name_that_leaves_it_open(tmp_path: Path) -> None:
    assert codes(items(write(tmp_path, "a.txt", toy_file("One.", "Two.")))) == ["read", "read"]
    page = b"<!doctype html><html><body><p>The harbour was closed on Monday.</p></body></html>"
    (draft,) = items(write(tmp_path, "b.toy", page))
    assert isinstance(draft, Draft)
    assert draft.reader.startswith("html/")


def test_a_name_that_leaves_nothing_open_is_believed(tmp_path: Path) -> None:
    assert codes(items(write(tmp_path, "a.md", toy_file("One.")))) == ["binary"]
    (draft,) = items(write(tmp_path, "b.md", b"<html> is a tag.\n"))
    assert isinstance(draft, Draft)
    assert draft.reader.startswith("markdown/")


def row_in_contributing() -> Reader:
    """Return the row of the guide's worked example as it is printed, with a reader of RTF that strips the markup."""
    (printed,) = re.findall(r"`(Reader\(.*\))`", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    rtf = SimpleNamespace(read=read_rtf)
    row = eval(printed, {"Reader": Reader, "re": re, "rtf": rtf})
    assert isinstance(row, Reader)
    return row


def read_rtf(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    raw = path.read_bytes()[: limits.max_text]
    yield Draft(raw.removeprefix(rb"{\rtf1 ").decode().rstrip("}"), path.stem, "file name", digest(raw))


def test_the_row_of_the_guide_reads_files_whose_beginning_other_readers_refuse(tmp_path: Path) -> None:
    row, path = row_in_contributing(), write(tmp_path, "a.rtf", rb"{\rtf1 The harbour was closed.}")
    (draft,) = items(path, row)
    assert isinstance(draft, Draft)
    assert (draft.text, draft.reader) == ("The harbour was closed.", row.label)
    assert codes(items(write(tmp_path, "a.md", path.read_bytes()), row)) == ["binary"]
    assert codes(items(write(tmp_path, "b.rtf", path.read_bytes() + bytes(99)), row)) == ["binary"]


def test_more_records_than_a_batch_come_in_order_and_once(tmp_path: Path) -> None:
    records = [f"Record {number}." for number in range(1, 130)]
    found = items(write(tmp_path, "a.toy", toy_file(*records)))
    assert [item.text for item in found if isinstance(item, Draft)] == records
    large = [f"{number} " * 400_000 for number in range(1, 6)]
    found = items(write(tmp_path, "b.toy", toy_file(*large)), limits=Limits(max_text=10_000_000))
    assert [item.text for item in found if isinstance(item, Draft)] == large


def test_two_files_read_at_once_do_not_mix(tmp_path: Path) -> None:
    paths = [write(tmp_path, f"{name}.toy", toy_file(*(f"{name}{n}." for n in range(100)))) for name in "ab"]
    pairs = zip(*(read(path, Limits(), WITH_TOYS) for path in paths), strict=True)
    told = [(a.text, b.text) for a, b in pairs if isinstance(a, Draft) and isinstance(b, Draft)]
    assert told == [(f"a{n}.", f"b{n}.") for n in range(100)]


@pytest.mark.parametrize(
    ("record", "limits"),
    [
        ("!raise", Limits()),
        ("!die", Limits()),
        ("!hang", Limits(seconds=1.0)),
        pytest.param(
            "!grow",
            Limits(),
            marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit of address space"),
        ),
    ],
)
def test_what_ends_a_sandboxed_reader_is_told_and_the_next_file_is_read(
    tmp_path: Path, record: str, limits: Limits
) -> None:
    before = [f"Record {number}." for number in range(1, 33)]
    found = items(write(tmp_path, "a.toy", toy_file(*before, record, "After.")), limits=limits)
    assert codes(found) == ["read"] * 32 + ["too-complex"]
    assert codes(items(write(tmp_path, "b.toy", toy_file("One.")))) == ["read"]


def test_a_reader_may_have_limits_of_its_own(tmp_path: Path) -> None:
    path = write(tmp_path, "a.toy", toy_file("!hang"))
    (item,) = items(path, replace(TOY, seconds=1.0), Limits(seconds=500.0))
    assert isinstance(item, Refusal)
    assert "1 seconds" in item.reason


@pytest.mark.parametrize("field", ["read", "load"])
def test_a_sandboxed_row_whose_functions_cannot_travel_is_refused(field: str) -> None:
    functions: dict[str, Any] = {field: lambda *_: iter(())}
    with pytest.raises(UsageError, match="functions of a module"):
        replace(TOY, **functions)
    assert replace(HERE, **functions).name == "toy"


@pytest.mark.parametrize(("name", "reader"), [("a.b.TOY.gz", "double"), ("a.gz", "single"), ("a.toy", "toy")])
def test_the_longest_suffix_that_a_row_names_counts(name: str, reader: str) -> None:
    single, double = (replace(HERE, name=called, suffixes=(end,)) for called, end in ENDS)
    named = named_for(Path(name), (single, double, HERE))
    assert named is not None
    assert named.name == reader


PAGE = b"<!DOCTYPE html><html><body><article><p>The ferry was late, its owner said.</p></article></body></html>"


@pytest.mark.parametrize("name", ["story.php", "D.aspx", "a.shtml", "index.html?p=12", "b.php?id=7", "a.htm@x=1.5"])
def test_pages_of_a_mirrored_site_are_read_under_the_names_of_its_server(tmp_path: Path, name: str) -> None:
    (draft,) = read(write(tmp_path, name, PAGE), Limits())
    assert isinstance(draft, Draft)
    assert draft.text == "The ferry was late, its owner said."


@pytest.mark.parametrize("name", ["story.php", "b.asp?id=7"])
def test_programs_of_a_server_are_no_pages(tmp_path: Path, name: str) -> None:
    assert codes(list(read(write(tmp_path, name, b"<?php include('head.php'); ?>\n<p>Hello</p>"), Limits()))) == [
        "unsupported"
    ]


@pytest.mark.parametrize("name", ["12345", "story.orig", "a.bak"])
def test_a_page_without_the_name_of_one_is_refused_with_what_to_name_it(tmp_path: Path, name: str) -> None:
    (item,) = read(write(tmp_path, name, PAGE), Limits())
    assert isinstance(item, Refusal)
    assert (item.code, item.reason.endswith("begins like a file of the format html, read when named *.html.")) == (
        "unsupported",
        True,
    )


def test_the_first_row_of_a_suffix_reads_it(tmp_path: Path) -> None:
    mine = replace(HERE, name="mine", suffixes=(".txt",), needs_magic=False)
    (draft,) = read(write(tmp_path, "a.txt", MAGIC + b"One."), Limits(), (mine, *READERS))
    assert isinstance(draft, Draft)
    assert draft.reader.startswith("mine/3")


def test_every_row_has_a_name_and_suffixes_of_its_own() -> None:
    named = [suffix for reader in READERS for suffix in reader.suffixes]
    assert len(named) == len(set(named)) == len(suffixes())
    assert len({reader.name for reader in READERS}) == len(READERS)
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in named)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.toy").write_bytes(toy_file(f"{PROSE * (number + 1)}", f"Second {number}. {PROSE}"))
        (folder / f"{number}.txt").write_text(f"Text {number}\n\n{PROSE}")
    (folder / "bad.toy").write_bytes(toy_file("!die"))
    (folder / "records.jsonl").write_text("\n".join(json.dumps({"id": n, "text": PROSE}) for n in range(9)))
    return folder


def taken(root: Path, news: Path, readers: tuple[Reader, ...], jobs: int) -> tuple[object, ...]:
    with Archive.create(root, readers=readers) as archive:
        archive.add([news], word_rule(), jobs=jobs)
        articles = list(archive.articles())
        labels = [archive.version(one.id, one.version).reader.split()[0] for one in articles]
        return articles, labels, [(one.code, one.path) for one in archive.refusals()]


@pytest.mark.parametrize("many", [True, False], ids=["many", "one"])
def test_an_archive_reads_a_new_row_alone_and_ahead(
    tmp_path: Path, news: Path, many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = (*READERS, replace(TOY, many=many))
    alone = taken(tmp_path / "alone", news, readers, 1)
    articles, labels, refused = alone
    assert len(articles) == 12 + 6 + 9  # type: ignore[arg-type]
    assert labels.count("toy/3") == 12  # type: ignore[attr-defined]
    assert refused == [("too-complex", str(news / "bad.toy"))]
    monkeypatch.setattr("archive.ingest.prefetch._ALONE", 0.0)
    assert taken(tmp_path / "ahead", news, readers, 2) == alone


def test_a_new_row_of_one_article_is_read_and_prepared_in_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.ingest.prefetch._ALONE", 0.0)
    files = [tmp_path / f"{number}.toy" for number in range(6)]
    for file in files:
        file.write_bytes(toy_file(f"The ferry {file.stem} stayed in the harbour on Monday."))
    prefetcher = Prefetcher(Preparation(word_rule()), Limits(seconds=60.0), 2, (*READERS, replace(TOY, many=False)))
    try:
        turns = prefetcher.files(files, lambda _: True)
        found = [item for path in turns if isinstance(path, Path) for item in prefetcher.read(path)]
    finally:
        prefetcher.close()
    drafts = [item for item in found if isinstance(item, Draft)]
    assert len(drafts) == 6
    assert all(draft.prepared == prepare(draft, Preparation(word_rule())) for draft in drafts)
    assert all(draft.reader.startswith("toy/3 ") for draft in drafts)


def test_files_refused_for_want_of_a_reader_are_read_when_there_is_one(tmp_path: Path, news: Path) -> None:
    root = tmp_path / "archive"
    with Archive.create(root) as archive:
        assert archive.add([news], word_rule(), jobs=1).added == 15
    with Archive.open(root, readers=(*READERS, TOY)) as archive:
        assert archive.update(word_rule(), jobs=1).added == 12
