from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive
from archive.core.article import Draft, Refusal
from archive.ingest.prefetch import Prefetcher
from archive.ingest.prepare import Preparation, prepare
from archive.readers import Limits, read, release
from archive.text.chunking import Rule, word_rule
from tests.archive.readers.toy import LATE, ROOMY, SMALL

PROSE = "The harbour master said on Thursday that nine ships had left. Crews searched the piers again. "


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("archive.ingest.prefetch._ALONE", 0.0)
    yield
    release()


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(12):
        page = f"<html><body><article><h1>Page {number}</h1><p>{PROSE * (number + 1)}</p></article></body></html>"
        (folder / f"{number}.html").write_text(page)
        (folder / f"{number}.txt").write_text(f"Text {number}\n\n{PROSE * (number + 1)}\n\nShare this article\n")
    lines = [json.dumps({"id": f"r{number}", "title": f"Record {number}", "text": PROSE}) for number in range(100)]
    (folder / "records.jsonl").write_text("\n".join([*lines, "{broken"]))
    (folder / "empty.txt").write_text("")
    (folder / "nothing.html").write_text("<html><body></body></html>")
    (folder / "deep.html").write_text("<div>" * 100_000)
    (folder / "binary.txt").write_bytes(b"%PDF-1.4 \x00\x01")
    return folder


def taken(root: Path, news: Path, rule: Rule, jobs: int) -> tuple[object, ...]:
    with Archive.create(root) as archive:
        archive.add([news], rule, jobs=jobs)
        articles = list(archive.articles())
        versions = [archive.version(one.id, one.version) for one in articles]
        passages = [archive.passages(one.id, one.version) for one in articles]
        texts = [(one.text, one.hidden, one.reader, one.raw_digest) for one in versions]
        return articles, texts, passages, sorted(archive.refusals(), key=repr)


def test_reading_ahead_gives_what_reading_alone_gives(news: Path, tmp_path: Path) -> None:
    alone = taken(tmp_path / "alone", news, word_rule(), 1)
    assert len(alone[0]) == 124  # type: ignore[arg-type]
    assert len(alone[3]) == 5  # type: ignore[arg-type]
    assert taken(tmp_path / "ahead", news, word_rule(), 2) == alone


def test_a_rule_that_cannot_travel_is_followed_here(news: Path, tmp_path: Path) -> None:
    rule = word_rule()
    here = Rule(rule.name, lambda texts: rule.count(texts), rule.limit)
    assert taken(tmp_path / "ahead", news, here, 2) == taken(tmp_path / "alone", news, rule, 1)


@pytest.fixture
def prefetcher() -> Iterator[Prefetcher]:
    made = Prefetcher(Preparation(word_rule()), Limits(seconds=60.0), 2)
    yield made
    made.close()


def test_what_was_read_ahead_is_prepared(prefetcher: Prefetcher, news: Path) -> None:
    turns = prefetcher.files([news / f"{number}.html" for number in range(12)], lambda _: True)
    found = [item for path in turns if isinstance(path, Path) for item in prefetcher.read(path)]
    drafts = [item for item in found if isinstance(item, Draft)]
    assert len(drafts) == 12
    assert all(draft.prepared == prepare(draft, Preparation(word_rule())) for draft in drafts)


def test_a_file_that_changed_meanwhile_is_read_anew(prefetcher: Prefetcher, news: Path) -> None:
    path = news / "3.txt"
    for turn in prefetcher.files([path], lambda _: True):
        path.write_text("Text 3\n\nThe news is another now.\n")
        assert isinstance(turn, Path)
        (item,) = prefetcher.read(turn)
        assert isinstance(item, Draft)
        assert "another now" in item.text
        assert item.prepared is None


def test_a_page_that_takes_too_much_memory_is_refused_and_the_others_are_read(news: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux keeps the limit of address space")
    (news / "0.html").write_text("<html><body>" + "<p>word <b>word</b></p>" * 600_000)
    prefetcher = Prefetcher(Preparation(word_rule()), Limits(memory=400 << 20), 2)
    try:
        turns = prefetcher.files([news / f"{number}.html" for number in range(6)], lambda _: True)
        first, *others = [next(prefetcher.read(path)) for path in turns if isinstance(path, Path)]
    finally:
        prefetcher.close()
    assert isinstance(first, Refusal)
    assert first.code == "too-complex"
    assert all(isinstance(item, Draft) and item.prepared for item in others)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit of address space")
def test_a_reader_has_the_memory_that_its_row_asks_for(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.{kind}" for number in range(4) for kind in ("roomy", "small")]
    for file in files:
        file.write_text(PROSE)
    prefetcher = Prefetcher(Preparation(word_rule()), Limits(seconds=60.0), 2, (ROOMY, SMALL))
    try:
        turns = prefetcher.files(files, lambda _: True)
        drafts = [item for path in turns if isinstance(path, Path) for item in prefetcher.read(path)]
    finally:
        prefetcher.close()
    assert all(isinstance(draft, Draft) and draft.prepared for draft in drafts)
    rooms = [draft.reader for draft in drafts if isinstance(draft, Draft)]
    assert rooms == [f"roomy/1 {3 << 30}", f"small/1 {1 << 30}"] * 4


def test_a_page_that_was_too_late_beside_others_is_read_alone(tmp_path: Path) -> None:
    file = tmp_path / "one.late"
    file.write_text(PROSE)
    prefetcher = Prefetcher(Preparation(word_rule()), Limits(seconds=5.0), 2, (LATE,))
    try:
        turns = prefetcher.files([file], lambda _: True)
        (draft,) = [item for path in turns if isinstance(path, Path) for item in prefetcher.read(path)]
    finally:
        prefetcher.close()
    assert file.with_suffix(".begun").exists()
    assert isinstance(draft, Draft)
    assert draft.text == PROSE


def test_where_no_process_can_be_started_everything_is_read_here(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Never:
        def __init__(self, *given: object) -> None:
            self.asked = 0

        def schedule(self, *given: object) -> None:
            self.asked += 1
            assert self.asked == 1
            raise OSError("no more processes")

        def stop(self) -> None:
            pass

    alone = taken(tmp_path / "alone", news, word_rule(), 1)
    monkeypatch.setattr("archive.ingest.prefetch.Workers", Never)
    assert taken(tmp_path / "ahead", news, word_rule(), 2) == alone


def test_drafts_keep_their_order(prefetcher: Prefetcher, news: Path) -> None:
    drafts = [item for item in read(news / "records.jsonl", Limits()) if isinstance(item, Draft)]
    found = list(prefetcher.prepare(news / "records.jsonl", iter(drafts)))
    assert [item.record for item in found] == [draft.record for draft in drafts]
    assert sum(isinstance(item, Draft) and item.prepared is not None for item in found) >= 64


def test_no_process_is_left(prefetcher: Prefetcher, news: Path) -> None:
    import psutil

    paths = list(prefetcher.files([news / f"{number}.html" for number in range(12)], lambda _: True))
    assert len(paths) == 12
    prefetcher.close()
    left = psutil.Process(os.getpid()).children(recursive=True)
    assert not [one for one in left if "spawn_main" in " ".join(one.cmdline())]
