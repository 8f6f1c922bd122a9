"""What older readers and rules made is made anew, once, from the stored text or from a file of the same bytes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive, Draft, IngestReport, Outdated, Passage, Refusal, Span, Step, Version, word_rule
from archive.catalog.tables import versions
from archive.catalog.transaction import Transaction
from archive.cleaning import boilerplate
from archive.core.derivation import Origin
from archive.ingest import reprocess
from archive.readers import READERS, Limits, Reader, plain, titles

PROSE = "The ministers met on {} and agreed to meet again. The river towns will get their money in spring."
RESIDUE = "Brought to you by the river towns gazette"


def yes(outdated: Outdated) -> bool:
    assert outdated.articles <= outdated.of
    return True


class Tale:
    """A folder of articles and an archive that was made of it by the rules before they are changed."""

    def __init__(self, root: Path) -> None:
        self.news = root / "news"
        self.news.mkdir(parents=True)
        for day in ("Monday", "Tuesday", "Friday"):
            (self.news / f"{day}.txt").write_text(f"Talks on {day}\n\n{PROSE.format(day)}\n\n{RESIDUE}\n", "utf-8")
        self.root = root / "archive"
        with Archive.create(self.root) as archive:
            archive.add([self.news], word_rule(), jobs=1)

    def update(self, readers: Sequence[Reader] = READERS) -> IngestReport:
        with Archive.open(self.root, readers=readers) as archive:
            return archive.update(word_rule(), jobs=1, confirm=yes)

    def state(self) -> dict[str, tuple[object, ...]]:
        with Archive.open(self.root) as archive:
            assert list(archive.check()) == []
            return {Path(one.path).name: _facts(archive, one.id, one.version) for one in archive.articles()}


def _facts(archive: Archive, article: str, digest: str) -> tuple[object, ...]:
    one, version = archive.article(article), archive.version(article, digest)
    spans = [(passage.start, passage.end) for passage in archive.passages(article, digest)]
    return one.title, one.published, one.language, version.text, version.hidden, spans


@pytest.fixture
def tale(tmp_path: Path) -> Tale:
    return Tale(tmp_path)


def fresh(tale: Tale, tmp_path: Path, readers: Sequence[Reader] = READERS) -> dict[str, tuple[object, ...]]:
    """Give what an archive holds that is made of the same files now."""
    root = tmp_path / "fresh"
    with Archive.create(root, readers=readers) as archive:
        archive.add([tale.news], word_rule(), jobs=1)
        return {Path(one.path).name: _facts(archive, one.id, one.version) for one in archive.articles()}


@pytest.fixture
def cleaning(tale: Tale, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the lines of residue by a new rule, when the archive is made."""
    before = boilerplate.hidden_spans

    def hide(text: str, title: str = "", given: Sequence[Span] = ()) -> tuple[Span, ...]:
        start = text.find(RESIDUE)
        more = (Span(start, start + len(RESIDUE)),) if start >= 0 else ()
        return (*before(text, title, given), *more)

    monkeypatch.setattr(boilerplate, "hidden_spans", hide)
    monkeypatch.setattr(boilerplate, "CLEANING_VERSION", boilerplate.CLEANING_VERSION + 1)


def newer(old: str = "", new: str = "") -> tuple[Reader, ...]:
    """Give the readers, that of plain text being one version newer and replacing a word of the text."""
    (text,) = (reader for reader in READERS if reader.name == "text")

    def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
        for item in text.read(path, limits):
            yield replace(item, text=item.text.replace(old, new)) if isinstance(item, Draft) and old else item

    made = replace(text, version=text.version + 1, read=read)
    return tuple(made if reader is text else reader for reader in READERS)


def test_an_archive_is_left_alone_when_no_rule_has_changed(tale: Tale) -> None:
    before = tale.state()
    with Archive.open(tale.root) as archive:
        assert archive.outdated() == Outdated(0, 0, 3)
    report = tale.update()
    assert (report.reprocessed, report.kept, report.waiting) == (0, 0, Outdated())
    assert tale.state() == before


@pytest.mark.usefixtures("cleaning")
def test_a_new_cleaning_rule_reaches_what_is_stored_even_without_its_files(tale: Tale, tmp_path: Path) -> None:
    expected = fresh(tale, tmp_path)
    for path in tale.news.iterdir():
        path.unlink()
    report = tale.update()
    assert (report.reprocessed, report.reprocessed_passages, report.kept) == (3, 3, 0)
    assert tale.state() == expected
    assert tale.update().reprocessed == 0


def test_a_new_title_rule_reads_the_files_again(tale: Tale, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(titles, "TITLES_VERSION", titles.TITLES_VERSION + 1)
    before = titles.text_title

    def loud(text: str, name: str = "") -> titles.Title:
        title = before(text, name)
        return replace(title, text=title.text.upper())

    monkeypatch.setattr(plain, "text_title", loud)
    report = tale.update()
    assert (report.unchanged, report.changed, report.reprocessed, report.kept) == (3, 0, 3, 0)
    assert tale.state() == fresh(tale, tmp_path)
    assert tale.update().reprocessed == 0


def test_a_text_that_is_read_otherwise_is_a_new_version_marked_so(tale: Tale, tmp_path: Path) -> None:
    readers = newer("ministers", "envoys")
    assert tale.update(readers).reprocessed == 3
    assert tale.state() == fresh(tale, tmp_path, readers)
    with Archive.open(tale.root) as archive:
        for one in archive.articles():
            old, new = archive.versions(one.id)
            assert ("ministers" in old.text, "envoys" in new.text, one.version) == (True, True, new.digest)
            made = [archive.derivation(one.id, version.digest) for version in (old, new)]
            assert [by.origin for by in made if by is not None] == [Origin.READ, Origin.READ_AGAIN]
    assert tale.update(readers).reprocessed == 0


def test_a_newer_reader_that_reads_the_same_changes_nothing(tale: Tale) -> None:
    before = tale.state()
    with Archive.open(tale.root) as archive, archive.snapshot() as snapshot:
        change = snapshot.change
    assert tale.update(newer()).reprocessed == 0
    assert tale.state() == before
    with Archive.open(tale.root, readers=newer()) as archive:
        assert archive.behind(change) == 0
        assert archive.outdated().articles == 0


def test_what_cannot_be_read_again_is_kept_and_told_once(tale: Tale, tmp_path: Path) -> None:
    before, readers = tale.state(), newer("ministers", "envoys")
    kept = (tale.news / "Monday.txt").rename(tmp_path / "Monday.txt")
    report = tale.update(readers)
    assert (report.reprocessed, report.kept, report.missing) == (2, 1, 1)
    assert tale.state()["Monday.txt"] == before["Monday.txt"]
    assert (tale.update(readers).kept, tale.update(readers).waiting) == (0, Outdated())
    kept.rename(tale.news / "Monday.txt")
    assert (report := tale.update(readers)).kept == 0
    assert report.reprocessed + tale.update(readers).reprocessed == 1
    assert tale.state() == fresh(tale, tmp_path, readers)


@pytest.mark.usefixtures("cleaning")
def test_much_is_left_until_somebody_agrees(tale: Tale) -> None:
    before, asked = tale.state(), list[Outdated]()

    def no(outdated: Outdated) -> bool:
        asked.append(outdated)
        return False

    (tale.news / "Sunday.txt").write_text(PROSE.format("Sunday"), "utf-8")
    with Archive.open(tale.root) as archive:
        report = archive.update(word_rule(), jobs=1, confirm=no)
        assert (report.added, report.reprocessed, report.waiting) == (1, 0, Outdated(3, 3, 4))
        assert archive.update(word_rule(), jobs=1).waiting == Outdated(3, 3, 4)
    assert asked == [Outdated(3, 3, 4)]
    assert {name: facts for name, facts in tale.state().items() if name in before} == before


@pytest.mark.usefixtures("cleaning")
def test_a_run_that_was_cut_short_is_continued_and_nothing_is_done_twice(
    tale: Tale, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reprocess, "_TOGETHER", 1)
    done: list[str] = []
    recut = versions.recut

    def stopping(writing: Transaction, version: Version, cut: Sequence[Passage]) -> None:
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(version.article_id)
        recut(writing, version, cut)

    monkeypatch.setattr(versions, "recut", stopping)
    with pytest.raises(KeyboardInterrupt):
        tale.update()

    def counting(writing: Transaction, version: Version, cut: Sequence[Passage]) -> None:
        done.append(version.article_id)
        recut(writing, version, cut)

    monkeypatch.setattr(versions, "recut", counting)
    assert tale.update().reprocessed == 2
    assert len(set(done)) == len(done) == 3
    assert tale.state() == fresh(tale, tmp_path)


@pytest.mark.usefixtures("cleaning")
def test_going_over_stored_texts_tells_how_far_it_is_and_can_be_stopped(
    tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reprocess, "_TOGETHER", 1)
    told: list[Step] = []

    def stop(step: Step) -> None:
        told.append(step)
        if step.done == 2:
            raise KeyboardInterrupt

    with Archive.open(tale.root) as archive:
        with pytest.raises(KeyboardInterrupt):
            archive.update(word_rule(), stop, jobs=1, confirm=yes)
        assert told[-2:] == [Step("reading", 1, 3), Step("reading", 2, 3)]
        assert archive.outdated().articles == 1


@pytest.mark.usefixtures("cleaning")
def test_adding_the_same_folder_again_brings_up_that_folder_only(tale: Tale, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with Archive.open(tale.root) as archive:
        assert archive.add([tale.news], word_rule(), jobs=1, confirm=yes).reprocessed == 3
        assert archive.outdated().articles == 0


@pytest.mark.usefixtures("cleaning")
def test_a_removed_article_is_brought_up_when_it_is_back(tale: Tale, tmp_path: Path) -> None:
    with Archive.open(tale.root) as archive:
        one = next(archive.articles()).id
        archive.remove(one)
        assert archive.update(word_rule(), jobs=1, confirm=yes).reprocessed == 2
        archive.restore(one)
        assert archive.update(word_rule(), jobs=1, confirm=yes).reprocessed == 1
    assert tale.state() == fresh(tale, tmp_path)


@pytest.mark.usefixtures("cleaning")
def test_a_passage_keeps_its_place_when_its_version_is_cut_otherwise(tale: Tale) -> None:
    with Archive.open(tale.root) as archive:
        (before,) = archive.passages(*_first(archive))
        assert archive.update(word_rule(), jobs=1, confirm=yes).reprocessed == 3
        (after,) = archive.passages(*_first(archive))
        assert RESIDUE in before.text
        assert RESIDUE not in after.text
        assert archive.passage(before.id) == before
        archive.purge(before.article_id)
        with pytest.raises(Exception, match="no passage"):
            archive.passage(before.id)


@pytest.mark.usefixtures("cleaning")
def test_a_purge_leaves_no_trace_of_what_made_a_version(tale: Tale) -> None:
    tale.update()
    with Archive.open(tale.root) as archive:
        for one in list(archive.articles()):
            archive.purge(one.id)
    with closing(sqlite3.connect(tale.root / "catalog.sqlite")) as connection:
        for table in ("derivations", "former_passages"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


FRONT = "---\nsection: harbour\ntags: nightwatch\n---\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("old.txt", f"{FRONT}Talks\n\n{PROSE}\n"),
        ("old.md", f"{FRONT}# Talks\n\n{PROSE}\n"),
        ("old.jsonl", json.dumps({"id": "1", "text": f"{FRONT}Talks\n\n{PROSE}"})),
    ],
)
def test_front_matter_that_cleaning_hid_once_stays_hidden_when_the_file_is_gone(
    tmp_path: Path, name: str, content: str
) -> None:
    root, file = tmp_path / "archive", tmp_path / name
    file.write_text(content, "utf-8")
    with Archive.create(root) as archive:
        archive.add([file], word_rule(), jobs=1)
    _forget_what_made_it(root)
    file.unlink()
    with Archive.open(root) as archive:
        assert archive.update(word_rule(), jobs=1, confirm=yes).kept == 1
        key = _first(archive)
        assert archive.version(*key).hidden[:1] == (Span(0, len(FRONT)),)
        assert not any("nightwatch" in passage.text for passage in archive.passages(*key))


def _forget_what_made_it(root: Path) -> None:
    """Leave an archive as the first rules made it: nothing is recorded of what made its versions."""
    with closing(sqlite3.connect(root / "catalog.sqlite")) as connection:
        connection.execute("DELETE FROM derivations")
        connection.execute("DELETE FROM meta WHERE name = 'rules'")
        connection.commit()


def _first(archive: Archive) -> tuple[str, str]:
    one = next(archive.articles())
    return one.id, one.version
