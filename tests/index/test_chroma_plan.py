from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Damaged
from index import Searcher
from index.ranking import Floats, Scored
from index.vectors.planner import Proposer

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


@pytest.mark.leaves_damage
def test_a_deleted_chroma_folder_degrades_and_answers_stay(fresh_archive: Callable[[], Path]) -> None:
    root = fresh_archive()
    with Searcher.open(root) as searcher:
        before = [hit.passage.id for hit in searcher.search(QUESTION)]
    shutil.rmtree(root / "generations" / "000001" / "chroma")
    with Searcher.open(root) as searcher:
        searcher.warm(Proposer.CHROMA)
        answer = searcher.search(QUESTION)
    assert [hit.passage.id for hit in answer] == before
    assert any("Chroma" in sentence and "morgue rebuild" in sentence for sentence in answer.degraded)


class Broken:
    """A proposer that fails as Chroma does."""

    def nearest(self, query: Floats, limit: int) -> Scored:
        raise Damaged("The Chroma index failed.")

    def close(self) -> None:
        """Nothing is held."""


def test_chroma_failing_in_the_middle_is_told_and_answered_exactly(seed_archive: Path) -> None:
    with Searcher.open(seed_archive) as searcher:
        before = [hit.passage.id for hit in searcher.search(QUESTION)]
        searcher._ranker._retriever.proposer = Broken()
        answer = searcher.search(QUESTION)
        assert [hit.passage.id for hit in answer] == before
        assert any("Chroma" in sentence for sentence in answer.degraded)
        assert searcher.search(QUESTION).plan == "exact"
