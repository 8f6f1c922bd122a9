from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from archive.core.errors import ArchiveError, Damaged
from archive.folder.user_folder import cache_folder
from index import Mode, Searcher
from index.ann import chroma
from index.ann.choice import Proposer
from index.contracts.engines import Floats, Scored
from index.embedding.model import Model, ModelEncoder

QUESTION = "sanctions threats"


def test_chroma_proposes_and_exact_scores_decide(seed_archive: Path) -> None:
    with Searcher.open(seed_archive) as searcher:
        exact = searcher.search(QUESTION)
        assert searcher.warm(Proposer.CHROMA)
        proposed = searcher.search(QUESTION)
    assert (exact.plan, proposed.plan) == ("exact", "chroma, scored exactly")
    assert proposed.degraded == ()
    assert [(hit.passage, hit.score, hit.semantic) for hit in proposed] == [
        (hit.passage, hit.score, hit.semantic) for hit in exact
    ]


def test_a_filtered_question_is_scored_exactly_beside_chroma(seed_archive: Path) -> None:
    with Searcher.open(seed_archive) as searcher:
        exact = searcher.search(f"{QUESTION} -pipeline")
        searcher.warm(Proposer.CHROMA)
        assert [hit.passage.id for hit in searcher.search(f"{QUESTION} -pipeline")] == [hit.passage.id for hit in exact]


class Hasty:
    """A proposer that knows of one passage alone; remembers how many it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def nearest(self, query: Floats, limit: int) -> Scored:
        self.asked.append(limit)
        return Scored(np.zeros(1, np.int64), np.ones(1, np.float32))

    def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize(("k", "is_asked"), [(20, True), (21, False)])
def test_no_more_is_proposed_than_was_measured(seed_archive: Path, k: int, is_asked: bool) -> None:
    hasty = Hasty()
    with Searcher.open(seed_archive) as searcher:
        exact = searcher.search(QUESTION, k=k, mode=Mode.SEMANTIC, nearest=True)
        searcher._ranker.proposals._index = hasty
        answer = searcher.search(QUESTION, k=k, mode=Mode.SEMANTIC, nearest=True)
    assert bool(hasty.asked) == is_asked
    assert is_asked or answer.hits == exact.hits


@pytest.mark.leaves_damage
def test_a_deleted_chroma_folder_degrades_and_answers_stay(fresh_archive: Callable[[], Path]) -> None:
    root = fresh_archive()
    with Searcher.open(root) as searcher:
        before = [hit.passage.id for hit in searcher.search(QUESTION)]
    (folder,) = root.glob("generations/*/chroma")
    shutil.rmtree(folder)
    with Searcher.open(root) as searcher:
        searcher.warm(Proposer.CHROMA)
        answer = searcher.search(QUESTION)
    assert [hit.passage.id for hit in answer] == before
    assert any("Chroma" in sentence and "rebuild=True" in sentence for sentence in answer.degraded)


class Broken:
    """An index that fails as Chroma's does, once all who are to ask it are there."""

    def __init__(self, asking: int = 1) -> None:
        self._all = Barrier(asking)
        self.closed = 0

    def nearest(self, query: Floats, limit: int) -> Scored:
        assert not self.closed, "asked when it was closed"
        self._all.wait(timeout=60)
        raise Damaged("The Chroma index failed.")

    def close(self) -> None:
        """Nothing is held."""
        self.closed += 1


def broken_chroma(patched: pytest.MonkeyPatch, asking: int = 1) -> Broken:
    """Let the Chroma index that is opened next be a broken one."""
    broken = Broken(asking)
    patched.setattr(chroma, "ChromaIndex", lambda folder, ef: broken)
    return broken


def test_chroma_failing_in_the_middle_is_told_and_answered_exactly(
    seed_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = broken_chroma(monkeypatch)
    with Searcher.open(seed_archive) as searcher:
        before = [hit.passage.id for hit in searcher.search(QUESTION)]
        assert searcher.warm(Proposer.CHROMA)
        answer = searcher.search(QUESTION)
        assert [hit.passage.id for hit in answer] == before
        assert any("Chroma" in sentence for sentence in answer.degraded)
        assert searcher.search(QUESTION).plan == "exact"
        assert searcher.warm(Proposer.CHROMA)
        assert searcher.search(QUESTION).plan == "exact", "what failed is not opened again"
    assert broken.closed == 1


def test_chroma_failing_under_two_questions_at_once_is_answered_exactly_twice(
    seed_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = broken_chroma(monkeypatch, asking=2)
    with Searcher.open(seed_archive) as searcher, ThreadPoolExecutor(2) as pool:
        before = [hit.passage.id for hit in searcher.search(QUESTION)]
        assert searcher.warm(Proposer.CHROMA)
        answers = list(pool.map(lambda _: searcher.search(QUESTION), range(2)))
        assert [[hit.passage.id for hit in answer] for answer in answers] == [before, before]
        assert len(searcher.search(QUESTION).degraded) == 1
    assert broken.closed == 1


class NoEncoder(ModelEncoder):
    """An encoder that cannot encode."""

    def encode(self, texts: Sequence[str]) -> Floats:
        raise ArchiveError("There is no encoder.")


def test_chroma_failing_takes_no_other_note_away(
    seed_archive: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_chroma(monkeypatch)
    with Searcher.open(seed_archive) as searcher:
        like = searcher.search(QUESTION).hits[0].passage.id
    with Searcher.open(seed_archive, encoder=NoEncoder(model)) as searcher:
        assert searcher.warm(Proposer.CHROMA)
        answer = searcher.search(f"{QUESTION} like:{like}")
        assert any("no encoder" in sentence for sentence in answer.degraded)
        assert any("Chroma" in sentence for sentence in answer.degraded)


def test_what_chroma_proposed_is_explained_when_it_has_failed(
    seed_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Searcher.open(seed_archive) as searcher:
        searcher.warm(Proposer.CHROMA)
        answer = searcher.search(QUESTION)
        monkeypatch.setattr(chroma.ChromaIndex, "nearest", Broken().nearest)
        sums = searcher.explain(answer)
        assert [one.score for one in sums] == pytest.approx([hit.score for hit in answer])


def test_what_is_closed_while_it_is_made_ready_opens_no_copy_any_more(seed_archive: Path) -> None:
    copies = cache_folder() / "chroma"
    with Searcher.open(seed_archive) as searcher:
        assert searcher.warm(Proposer.CHROMA)
        before = set(copies.iterdir())
    searcher._ranker.proposals.open()  # as a thread does that began before
    assert not searcher._ranker.proposals.is_open
    assert not searcher.warm(Proposer.CHROMA)
    assert set(copies.iterdir()) < before
