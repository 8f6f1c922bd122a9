"""Estimates say who can be left out, or that they cannot say it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.ranking import Floats
from index.vectors import coded as coding
from index.vectors import exact as scoring
from index.vectors.coded import CodedIndex
from index.vectors.exact import ExactIndex
from index.vectors.quantised import Quantised, can_quantise
from index.vectors.store import VectorStore

DIMENSION = 64
PASSAGES = 40_000
TOPICS = 400

pytestmark = pytest.mark.skipif(not can_quantise(DIMENSION), reason="faiss is not installed here")


def unit(matrix: Floats) -> Floats:
    return np.asarray(matrix / np.linalg.norm(matrix, axis=-1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> ExactIndex:
    """Vectors around topics, in three segments, some of them equal."""
    rng = np.random.default_rng(11)
    topics = rng.standard_normal((TOPICS, DIMENSION), dtype=np.float32)
    noise = rng.standard_normal((PASSAGES, DIMENSION), dtype=np.float32)
    vectors = unit(topics[rng.integers(0, TOPICS, PASSAGES)] + 0.5 * noise)
    vectors[rng.integers(0, PASSAGES, 60)] = vectors[3]
    keys = rng.integers(0, 256, (PASSAGES, 32), np.uint8)
    folder = tmp_path_factory.mktemp("vectors")
    for part in np.array_split(np.arange(PASSAGES), 3):
        with VectorStore.open(folder, DIMENSION) as store:
            store.append(keys[part], vectors[part])
    store = VectorStore.open(folder, DIMENSION)
    return ExactIndex(store, store.lookup(keys))


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note of each question whether its estimates were clear."""
    found: list[bool] = []
    clear = CodedIndex._clear

    def noted(*of: object) -> object:
        answer = clear(*of)  # type: ignore[arg-type]
        found.append(answer is not None)
        return answer

    monkeypatch.setattr(CodedIndex, "_clear", noted)
    return found


@pytest.mark.parametrize("admitted", [None, 0.9, 0.3])
def test_what_is_clear_is_right_and_what_is_not_is_scanned(
    exact: ExactIndex, ways: list[bool], monkeypatch: pytest.MonkeyPatch, admitted: float | None
) -> None:
    monkeypatch.setattr(coding, "_LEAST_ESTIMATED", 2_000)
    index = CodedIndex(exact, quantised=1_000)
    assert (index.estimates, CodedIndex(exact).estimates) == (True, False)
    rng = np.random.default_rng(5)
    admissible = None if admitted is None else rng.random(PASSAGES) < admitted
    own = exact.vectors(rng.integers(0, PASSAGES, 60))
    strange = unit(rng.standard_normal((60, DIMENSION), dtype=np.float32))
    shares = []
    for query in (*own, *strange):
        expected, found = (one.nearest(query, 20, admissible) for one in (exact, index))
        shares.append(np.isin(expected.ordinals, found.ordinals).mean())
        together = np.isin(found.ordinals, expected.ordinals)
        np.testing.assert_array_equal(found.scores[together], exact.scores(query, found.ordinals[together]))
    assert np.mean(shares) > 0.999
    assert set(ways) == (set() if admitted == 0.3 else {True, False})


def test_a_question_wants_more_than_estimates_are_worth(exact: ExactIndex, ways: list[bool]) -> None:
    index = CodedIndex(exact, quantised=1_000)
    query = exact.vectors(np.array([3]))[0]
    found, expected = index.nearest(query, 1_000), exact.nearest(query, 1_000)
    np.testing.assert_array_equal(found.ordinals, expected.ordinals)
    assert ways == [False]


def test_estimates_are_wrong_by_what_they_say(exact: ExactIndex) -> None:
    vectors = exact.vectors(np.arange(PASSAGES))
    quantised = Quantised(vectors[::4])
    quantised.add(vectors)
    query = vectors[17]
    found = quantised.nearest(query, PASSAGES)
    np.testing.assert_array_equal(found.ordinals, np.arange(PASSAGES))
    (scores,), (ordinals,) = quantised._index.search(query[None], PASSAGES)
    wrong = exact.scores(query, np.arange(PASSAGES))[ordinals] - scores
    assert np.std(wrong) == pytest.approx(found.deviation, rel=0.1)


def test_few_of_many_vectors_are_read_as_they_are_mapped(exact: ExactIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinals = np.random.default_rng(1).integers(0, PASSAGES, 500)
    mapped = exact.vectors(ordinals)
    monkeypatch.setattr(scoring, "_MANY", 0)
    np.testing.assert_array_equal(exact.vectors(ordinals), mapped)
    monkeypatch.delattr("os.pread", raising=False)
    np.testing.assert_array_equal(exact.vectors(ordinals), mapped)


def test_a_file_is_closed_with_its_segment(tmp_path: Path) -> None:
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("only Linux tells")
    with VectorStore.open(tmp_path / "v", 4) as store:
        store.append(np.zeros((1, 32), np.uint8), np.eye(4, dtype=np.float32)[:1])
    before = len(list(folder.iterdir()))
    held = VectorStore.open(tmp_path / "v", 4)
    assert len(list(folder.iterdir())) > before
    held.close()
    del held
    assert len(list(folder.iterdir())) == before
