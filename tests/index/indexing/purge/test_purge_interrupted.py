"""A purge that was cut short, or that a reader holds up, is completed by the next run."""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from pathlib import Path

import pytest

from archive import Archive, Busy, Step
from archive.folder.files import faults
from archive.purge.purge import Stage
from index import Mode, Searcher
from index.indexing.purge import purge
from index.vectors import epochs
from tests.archives import copied_archive
from tests.index.indexing.accused import (
    SECRETS,
    SENTENCE,
    article_id,
    backup,
    found_in,
    problems,
    purged,
    updated,
)
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")


class Killed(BaseException):
    """The process ends here."""


def purged_until(world: World, one: str, number: int | None = None) -> list[str]:
    """Purge up to the given operation on a file; return the operations passed."""
    passed: list[str] = []

    def fault(operation: str, path: Path) -> None:
        passed.append(operation)
        if len(passed) == number:
            raise Killed

    with suppress(Killed), faults(fault), Archive.open(world.root) as archive:
        purge(archive, one, encoder=CheapEncoder)
    return passed


def copied(world: World, root: Path) -> World:
    """Give a copy of an archive of the same folder."""
    made = copy(world)
    made.root = copied_archive(world.root, root)
    return made


def test_a_purge_that_was_cut_short_is_seen_and_the_next_build_goes_on(plain: World, tmp_path: Path) -> None:
    one = article_id(plain)
    backup(plain)
    passed = purged_until(copied(plain, tmp_path / "whole"), one)
    named = {passed.index("scrub") + 1, passed.index("rewrite") + 1, len(passed) - 3}
    for number in sorted({*named, *range(len(named), len(passed), len(passed) // 7)}):
        world = copied(plain, tmp_path / f"cut-{number}")
        assert len(purged_until(world, one, number)) >= number
        with Archive.open(world.root) as archive:
            begun = archive.purging is not None
        assert begun == ("purged" in {code for code, _ in problems(world)})
        assert begun == (number > passed.index("scrub"))
        if not begun:
            assert article_id(world) == one
            continue
        assert updated(world).added == 0
        world.build()
        assert world.encoder.encoded == []
        assert found_in(world.root, *SECRETS) == set(), number
        assert len(epochs.epochs(world.root / "vectors", world.model.fingerprint)) == 1
        assert problems(world) == []


def test_what_is_erased_is_gone_before_chroma_is_made(plain: World) -> None:
    plain.set('vectors = "exact"', 'vectors = "chroma"')
    one = article_id(plain)

    def tell(step: Step) -> None:
        if step.phase == "vectors":
            raise KeyboardInterrupt

    with Archive.open(plain.root) as archive:
        with pytest.raises(KeyboardInterrupt):
            purge(archive, one, encoder=CheapEncoder, progress=tell)
        assert archive.purging is None
    assert found_in(plain.root, *SECRETS) == set()
    assert len(epochs.epochs(plain.root / "vectors", plain.model.fingerprint)) == 1
    assert problems(plain) == []


def test_where_chroma_cannot_be_made_the_purge_is_whole_and_says_so(
    plain: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain.set('vectors = "exact"', 'vectors = "chroma"')
    (tmp_path / "file").touch()
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "file" / "state"))
    report = purged(plain, article_id(plain))
    assert report.whole
    assert "Not a directory" in report.notes[0]
    assert found_in(plain.root, *SECRETS) == set()
    assert problems(plain) == []
    assert len(epochs.epochs(plain.root / "vectors", plain.model.fingerprint)) == 1


def test_a_generation_that_a_reader_holds_goes_when_it_is_closed(plain: World) -> None:
    one = article_id(plain)
    with Searcher.open(plain.root) as reader:
        report = purged(plain, one)
        assert (report.index.held, report.whole) == ((1,), False)
        assert ("purged", "generations/000001/columns") in problems(plain)
        answer = reader.search("council met", mode=Mode.LEXICAL)
        assert {hit.article.title for hit in answer} == {"Report 0", "Report 1"}
        assert SENTENCE not in "".join(hit.passage.text for hit in reader.search("Quillfeather", mode=Mode.LEXICAL))
        assert plain.found("Quillfeather") == []
        plain.build()
        assert ("purged", "generations/000001/columns") in problems(plain)
    plain.build()
    assert problems(plain) == []
    assert found_in(plain.root, *SECRETS) == set()


def test_a_reader_of_the_catalog_is_named_and_the_next_run_goes_on(
    plain: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.catalog.connection.BUSY_MS", 50)
    one = article_id(plain)
    with Archive.open(plain.root) as other:
        reading = other.snapshot()
        reading.__enter__()
        with pytest.raises(Busy, match="log still holds"):
            purged(plain, one)
        assert other.purging == Stage.CATALOG
        reading.__exit__(None, None, None)
    plain.build()
    assert found_in(plain.root, *SECRETS) == set()
    assert problems(plain) == []


def test_vectors_of_an_unfinished_reembedding_are_kept_without_the_purged_one(plain: World) -> None:
    vectors, fingerprint = plain.root / "vectors", plain.model.fingerprint
    for number in range(8):
        plain.put(f"more{number}", f"More {number}\n\nThe bridge of town {number} was painted.\n")
    plain.add()
    plain.build()
    plain.killed_build(4, "{'reembed': True}")
    begun = epochs.pending(vectors, fingerprint)
    assert begun is not None
    purged(plain, article_id(plain))
    left = epochs.pending(vectors, fingerprint)
    assert left is not None
    assert left > begun
    assert len(epochs.epochs(vectors, fingerprint)) == 2
    assert plain.build(rebuild=True).embedded < 10
    assert problems(plain) == []
