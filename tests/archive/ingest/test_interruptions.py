"""Runs that are stopped and continued, and what is told of their progress."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from archive import Step, word_rule
from archive.catalog import article_rows
from archive.catalog.tables import versions
from archive.catalog.transaction import Transaction
from archive.core.article import Draft, Refusal
from archive.core.progress import Looked
from archive.ingest.prefetch import Prefetcher
from archive.text.chunking import named
from tests.archive.conftest import World, change, counts

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def test_an_interrupted_add_keeps_what_was_finished_and_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.lines("a.jsonl", *({"id": str(number), "text": f"This is text {number}."} for number in range(6)))
    calls = iter(range(10))

    def stopping(*given: object) -> object:
        if next(calls) == 4:
            raise KeyboardInterrupt
        return named(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("archive.ingest.upsert.named", stopping)
    monkeypatch.setattr("archive.ingest.file_records._TOGETHER", 2)
    with pytest.raises(KeyboardInterrupt):
        world.add()
    assert set(world.ids()) == {f"a.jsonl#{number}" for number in range(4)}
    assert list(world.archive.check()) == []
    assert counts(world.add()) == {"added": 2, "unchanged": 4}


def test_records_that_were_read_before_the_reading_ended_are_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.lines("a.jsonl", *({"id": str(number), "text": f"This is text {number}."} for number in range(6)))
    read = Prefetcher.prepare

    def stopping(self: Prefetcher, file: Path, drafts: Iterator[Draft]) -> Iterator[Draft | Refusal]:
        yield from islice(read(self, file, drafts), 4)
        raise KeyboardInterrupt

    monkeypatch.setattr(Prefetcher, "prepare", stopping)
    with pytest.raises(KeyboardInterrupt):
        world.add()
    monkeypatch.undo()
    assert set(world.ids()) == {f"a.jsonl#{number}" for number in range(4)}
    assert counts(world.add()) == {"added": 2, "unchanged": 4}


def test_progress_is_told_as_articles_are_read(world: World) -> None:
    world.lines("a.jsonl", *({"id": str(number), "text": f"This is text {number}."} for number in range(120)))
    steps: list[Step] = []
    world.archive.add([world.folder], word_rule(), steps.append)
    told = [*((done, None) for done in (32, 64, 96, 120)), (120, 120)]
    assert steps == [Step("reading", done, total, looked=Looked(1, added=done)) for done, total in told]


def test_progress_tells_what_was_found(world: World) -> None:
    for number in range(30):
        world.write(f"{number:02}.txt", f"This is text {number}.")
    world.add()
    world.write("00.txt", "This is another text.")
    for number in range(30, 45):
        world.write(f"{number:02}.txt" if number % 3 else f"{number:02}.xyz", f"This is text {number}.")
    steps: list[Step] = []
    world.archive.add([world.folder], word_rule(), steps.append)
    assert steps[-1].looked == Looked(45, added=10, changed=1, unchanged=29, refused=5)
    files = [step.looked.files for step in steps if step.looked is not None]
    assert files == sorted(files)
    assert len(files) == len(steps)


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
