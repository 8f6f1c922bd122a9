"""Files of many records, files unreadable for a while, and files that come back, read again by newer readers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive, Draft, IngestReport, Outdated, Part, Refusal, word_rule
from archive.readers import READERS, Limits, Reader
from archive.readers.common import refusal
from archive.readers.plain import load_text

PROSE = "The ministers met on day {} and agreed to meet again. The river towns will get their money in spring."
Change = Callable[[Draft], Draft]


def yes(outdated: Outdated) -> bool:
    assert outdated.is_much
    return True


def shouted(draft: Draft) -> Draft:
    return replace(draft, title=draft.title.upper())


def newer(name: str, read: Callable[[Reader, Path, Limits], Iterator[Draft | Refusal]]) -> tuple[Reader, ...]:
    """Give the readers, one of them a version newer and reading by another function, which is given the old one."""
    (old,) = (reader for reader in READERS if reader.name == name)
    made = replace(old, version=old.version + 1, sandboxed=False, read=lambda path, limits: read(old, path, limits))
    return tuple(made if reader is old else reader for reader in READERS)


def changed(name: str, change: Change) -> tuple[Reader, ...]:
    def read(old: Reader, path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
        for item in old.read(path, limits):
            yield change(item) if isinstance(item, Draft) else item

    return newer(name, read)


def record(number: int) -> str:
    return json.dumps({"title": f"Talks {number}", "text": PROSE.format(number)})


class Feed:
    """A folder with a file of records and some files of text, and an archive of it."""

    def __init__(self, root: Path) -> None:
        self.news = root / "news"
        self.news.mkdir()
        self.file = self.news / "feed.jsonl"
        self.write(*map(record, range(5)))
        for number in range(3):
            (self.news / f"{number}.txt").write_text(f"Report {number}\n\n{PROSE.format(number)}\n", "utf-8")
        self.root = root / "archive"
        with Archive.create(self.root) as archive:
            archive.add([self.news], word_rule(), jobs=1)

    def write(self, *records: str) -> None:
        self.file.write_text("".join(f"{each}\n" for each in records), "utf-8")

    def update(self, readers: Sequence[Reader] = READERS) -> IngestReport:
        with Archive.open(self.root, readers=readers) as archive:
            return archive.update(word_rule(), jobs=1, confirm=yes)

    def titles(self) -> list[str]:
        with Archive.open(self.root) as archive:
            assert list(archive.check()) == []
            return sorted(article.title for article in archive.articles())

    def waiting(self, readers: Sequence[Reader]) -> int:
        with Archive.open(self.root, readers=readers) as archive:
            return archive.outdated().articles


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return Feed(tmp_path)


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([*range(5), 5], id="appended"),
        pytest.param([9, *range(5)], id="put before"),
        pytest.param([4, 3, 2, 1, 0], id="in another order"),
        pytest.param([0, 1, None, 2, 3, 4], id="with a line that is refused"),
    ],
)
def test_records_of_a_file_that_has_changed_are_read_again_too(feed: Feed, records: list[int | None]) -> None:
    feed.write(*("{broken" if number is None else record(number) for number in records))
    readers = changed("jsonl", shouted)
    report = feed.update(readers)
    assert (report.reprocessed, report.kept) == (5, 0)
    assert [title for title in feed.titles() if title.startswith("Talks")] == []
    assert feed.waiting(readers) == 0
    assert feed.update(readers).reprocessed == 0


def test_a_refused_line_of_before_keeps_nothing_from_being_read_again(feed: Feed) -> None:
    feed.write(*map(record, range(5)), "{broken")
    assert len(feed.update().refusals) == 1
    report = feed.update(changed("jsonl", shouted))
    assert (report.reprocessed, report.kept, report.unchanged, len(report.refusals)) == (5, 0, 8, 1)
    assert report.new_refusals == ()


def test_records_that_a_newer_reader_finds_are_added(feed: Feed) -> None:
    def all_but_last(old: Reader, path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
        yield from list(old.read(path, limits))[:-1]

    few = feed.root.with_name("few")
    with Archive.create(few, readers=newer("jsonl", all_but_last)) as archive:
        assert archive.add([feed.file], word_rule(), jobs=1).added == 4
    feed.root = few
    latest = tuple(replace(reader, version=reader.version + 2) for reader in READERS)
    report = feed.update(latest)
    assert (report.added, report.unchanged, report.reprocessed, report.missing) == (1, 4, 0, 0)
    assert len(feed.titles()) == 5


def test_a_record_that_a_newer_reader_refuses_is_kept_as_it_was_read(feed: Feed) -> None:
    def wary(old: Reader, path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
        for item in old.read(path, limits):
            is_third = isinstance(item, Draft) and item.record == "3"
            yield refusal(path, "broken-record", "It is odd.", "3") if is_third else shouted_or_not(item)

    def shouted_or_not(item: Draft | Refusal) -> Draft | Refusal:
        return shouted(item) if isinstance(item, Draft) else item

    report = feed.update(newer("jsonl", wary))
    assert (report.reprocessed, report.kept, report.missing) == (4, 1, 0)
    assert [each.code for each in report.new_refusals] == ["broken-record"]


def test_a_file_that_cannot_be_read_for_a_while_stays_behind_and_is_told(feed: Feed) -> None:
    is_whole = False

    def failing(old: Reader, path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
        for item in old.read(path, limits):
            if not is_whole and path.name == "1.txt":
                yield refusal(path, "unreadable", "The disk is tired.")
                return
            yield shouted(item) if isinstance(item, Draft) else item

    readers = newer("text", failing)
    report = feed.update(readers)
    assert (report.reprocessed, report.kept, report.missing) == (2, 0, 0)
    assert [each.code for each in report.refusals] == ["unreadable"]
    assert feed.waiting(readers) == 1
    is_whole = True
    report = feed.update(readers)
    assert (report.reprocessed, report.refusals) == (1, ())
    assert feed.waiting(readers) == 0


def test_what_comes_back_is_counted_before_anybody_is_asked(feed: Feed) -> None:
    readers = changed("text", shouted)
    away = feed.news.rename(feed.news.with_name("away"))
    assert feed.update(readers).kept == 3
    away.rename(feed.news)
    with Archive.open(feed.root, readers=readers) as archive:
        report = archive.update(word_rule(), jobs=1)
        assert (report.reprocessed, report.waiting.articles) == (0, 3)
        assert archive.outdated().articles == 3
    assert feed.update(readers).reprocessed == 3
    assert feed.waiting(readers) == 0


def test_an_article_that_is_back_is_not_forgotten_because_nothing_was_waiting(feed: Feed) -> None:
    readers = changed("text", shouted)
    away = (feed.news / "1.txt").rename(feed.news.with_name("1.txt"))
    assert feed.update(readers).kept == 1
    with Archive.open(feed.root, readers=readers) as archive:
        restored = next(article for article in archive.articles() if article.path.endswith("2.txt"))
        archive.remove(restored.id)
        archive.restore(restored.id)
    away.rename(feed.news / "1.txt")
    assert feed.update(readers).reprocessed == 1
    assert "REPORT 1" in feed.titles()


def test_parts_reach_articles_whose_text_is_the_same(feed: Feed) -> None:
    def paged(draft: Draft) -> Draft:
        return replace(draft, parts=(Part(0, "page", "1"), Part(20, "page", "2")))

    readers = changed("text", paged)
    assert feed.update(readers).reprocessed == 3
    with Archive.open(feed.root, readers=readers) as archive:
        for article in archive.articles():
            pages = [part.label for part in archive.parts(article.id, article.version)]
            assert pages == (["1", "2"] if article.path.endswith(".txt") else [])
    assert feed.update(readers).reprocessed == 0


def test_records_behind_the_point_where_reading_was_cut_short_are_not_lost(feed: Feed) -> None:
    def short(old: Reader, path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
        yield from list(old.read(path, limits))[:2]
        yield refusal(path, "too-complex", "It took longer than a file may take.")

    feed.write(*map(record, range(6)))
    report = feed.update(newer("jsonl", short))
    assert (report.missing, report.kept) == (0, 3)
    assert len(feed.titles()) == 8


@pytest.mark.parametrize("code", ["too-complex", "unreadable", None])
def test_new_records_that_a_second_reading_does_not_reach_are_taken_in_by_the_next_run(
    feed: Feed, code: str | None
) -> None:
    readings = []

    def short(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
        readings.append(path)
        (old,) = (reader for reader in READERS if reader.name == "jsonl")
        items = list(old.read(path, limits))
        yield from items if len(readings) == 1 else items[:6]
        if len(readings) > 1 and code is not None:
            yield refusal(path, code, "Its time was up.")

    feed.write(*map(record, range(8)))
    readers = tuple(replace(one, read=short, sandboxed=False) if one.name == "jsonl" else one for one in READERS)
    report = feed.update(readers)
    assert len(readings) == 2
    assert (report.added, report.missing) == (1, 0)
    assert [one.code for one in report.new_refusals] == ([] if code is None else [code])
    report = feed.update(READERS)
    assert (report.added, report.missing, report.refusals) == (2, 0, ())
    assert len(feed.titles()) == 11


EXPORT = "\n\n".join(
    f"Report on the {name}\n\nBy Mia Holt\n\n231 words\n\n{day} November 2019\n\nGant Herald\n\nGANTH\n\nEnglish"
    f"\n\n{prose}\n\nDocument GANTH0002019110{day}efb50000{day}"
    for name, day, prose in (("ferry", 5, PROSE.format(5)), ("dam", 6, PROSE.format(6)), ("bridge", 7, PROSE.format(7)))
)


def as_one(_old: Reader, path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Read a file of text as one article, whatever it holds, as version 2 of the reader did."""
    whole = load_text(path, limits)
    assert not isinstance(whole, Refusal)
    yield Draft(whole.decoded.text, "Report on the ferry", "first line", whole.digest)


class Export:
    """A folder with an export of several articles, and an archive in which it is one."""

    def __init__(self, root: Path) -> None:
        self.file = root / "news" / "export.txt"
        self.file.parent.mkdir()
        self.file.write_text(EXPORT, "utf-8")
        self.root = root / "archive"
        (text,) = (reader for reader in READERS if reader.name == "text")
        older = replace(text, version=2, read=lambda path, limits: as_one(text, path, limits))
        with Archive.create(self.root, readers=(older,)) as archive:
            archive.add([self.file.parent], word_rule(), jobs=1)
            (self.article,) = archive.articles()

    def update(self) -> IngestReport:
        with Archive.open(self.root) as archive:
            report = archive.update(word_rule(), jobs=1, confirm=lambda _: True)
            assert list(archive.check()) == []
            return report


@pytest.mark.parametrize("edited", [False, True])
def test_an_export_that_was_one_article_becomes_its_articles(tmp_path: Path, edited: bool) -> None:
    export = Export(tmp_path)
    if edited:
        export.file.write_text(EXPORT + "\n", "utf-8")
    report = export.update()
    assert (report.added, report.missing, report.reprocessed + report.changed) == (2, 0, 1)
    assert report.changed == (1 if edited else 0)
    with Archive.open(export.root) as archive:
        known = {article.title: article for article in archive.articles()}
        assert sorted(known) == ["Report on the bridge", "Report on the dam", "Report on the ferry"]
        ferry = known["Report on the ferry"]
        assert (ferry.id, ferry.record, ferry.gone) == (export.article.id, "GANTH00020191105efb500005", False)
        assert len(archive.versions(ferry.id)) == 2
        assert known["Report on the dam"].published == "2019-11-06"
    assert (export.update().added, export.update().reprocessed) == (0, 0)
