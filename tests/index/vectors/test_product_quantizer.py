"""Estimates say who can be left out, or that they cannot say it."""

from __future__ import annotations

import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from archive.core.errors import Damaged
from index.contracts.engines import Floats, Scored
from index.runtime import threads
from index.vectors import exact as scoring
from index.vectors import int8 as coding
from index.vectors.exact import ExactIndex
from index.vectors.int8 import CodedIndex
from index.vectors.product_quantizer import quantised
from index.vectors.segment import Segment
from index.vectors.store import VectorStore

DIMENSION = 64
PASSAGES = 40_000
TOPICS = 400

with_faiss = pytest.mark.skipif(sys.platform != "linux", reason="faiss is for Linux")


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

    def noted(index: CodedIndex, query: Floats, limit: int, admissible: NDArray[np.bool_] | None) -> Scored | None:
        answer = clear(index, query, limit, admissible)
        found.append(answer is not None)
        return answer

    monkeypatch.setattr(CodedIndex, "_clear", noted)
    return found


def strange_questions(count: int) -> Floats:
    return unit(np.random.default_rng(6).standard_normal((count, DIMENSION), dtype=np.float32))


@with_faiss
@pytest.mark.parametrize("admitted", [None, 0.9, 0.3])
def test_what_is_clear_is_right_and_what_is_not_is_scanned(
    exact: ExactIndex, ways: list[bool], monkeypatch: pytest.MonkeyPatch, admitted: float | None
) -> None:
    monkeypatch.setattr(coding, "_LEAST_LOOKED_AT", 2_000)
    index = CodedIndex(exact, estimated=1_000)
    assert (index.estimates, CodedIndex(exact).estimates) == (True, False)
    rng = np.random.default_rng(5)
    admissible = None if admitted is None else rng.random(PASSAGES) < admitted
    shares: dict[bool, list[float]] = {True: [], False: []}
    for query in (*exact.vectors(rng.integers(0, PASSAGES, 60)), *strange_questions(60)):
        expected, found = (one.nearest(query, 20, admissible) for one in (exact, index))
        clear = ways[-1] if admitted != 0.3 else False
        shares[clear].append(np.isin(expected.ordinals, found.ordinals).mean())
        together = np.isin(found.ordinals, expected.ordinals)
        np.testing.assert_array_equal(found.scores[together], exact.scores(query, found.ordinals[together]))
    assert shares[False] == [1.0] * len(shares[False])
    assert bool(shares[True]) == (admitted != 0.3)
    assert np.mean(shares[True] or [1.0]) > 0.995
    assert bool(ways) == (admitted != 0.3), "a filter that admits less than half is scanned"


@with_faiss
def test_a_question_wants_more_than_estimates_are_worth(exact: ExactIndex, ways: list[bool]) -> None:
    index = CodedIndex(exact, estimated=1_000)
    query = exact.vectors(np.array([3]))[0]
    found, expected = index.nearest(query, 1_000), exact.nearest(query, 1_000)
    np.testing.assert_array_equal(found.ordinals, expected.ordinals)
    assert ways == [False]


@with_faiss
def test_threads_share_an_index(exact: ExactIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "_LEAST_LOOKED_AT", 2_000)
    monkeypatch.setattr(threads, "_WORTH", 5_000)
    index = CodedIndex(exact, estimated=1_000)
    queries = [*exact.vectors(np.arange(100)), *strange_questions(100)]
    expected = [index.nearest(query, 20) for query in queries]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda query: index.nearest(query, 20), queries * 3))
    for one, other in zip(found, expected * 3, strict=True):
        np.testing.assert_array_equal(one.ordinals, other.ordinals)


@with_faiss
def test_how_far_apart_the_nearest_are_tells_how_many_are_missed(exact: ExactIndex) -> None:
    vectors = exact.vectors(np.arange(PASSAGES))
    made = quantised(vectors[::4])
    assert made is not None
    made.add(vectors)
    missed: dict[bool, list[float]] = {True: [], False: []}
    for query in (*vectors[:40], *strange_questions(40)):
        nearest = exact.nearest(query, 100).ordinals[:100]
        for count in (1_000, 4_000):
            found = made.nearest(query, count)
            assert (np.diff(found.ordinals) > 0).all()
            held = nearest[np.isin(nearest, found.ordinals)]
            missed[found.apart(held) >= 3].append(1 - len(held) / len(nearest))
    assert missed[True]
    assert np.mean(missed[True]) < 0.005 < np.mean(missed[False])


@pytest.mark.parametrize("sample", [np.ones((20, 30), np.float32), np.full((20, 32), np.nan, np.float32)])
def test_what_cannot_be_quantised_is_not(sample: Floats) -> None:
    assert quantised(sample) is None


def test_vectors_that_are_damaged_do_not_stop_an_index(exact: ExactIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "_sample", lambda index: np.full((300, DIMENSION), np.inf, np.float32))
    index = CodedIndex(exact, estimated=1_000)
    query = exact.vectors(np.array([3]))[0]
    np.testing.assert_array_equal(index.nearest(query, 10).ordinals, exact.nearest(query, 10).ordinals)
    assert not index.estimates


def test_few_of_many_vectors_are_read_as_they_are_mapped(exact: ExactIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinals = np.random.default_rng(1).integers(0, PASSAGES, 500)
    mapped = exact.vectors(ordinals)
    reads: list[int] = []
    read = Segment.rows_at

    def noted(segment: Segment, rows: NDArray[np.int64]) -> Floats:
        reads.append(len(rows))
        return read(segment, rows)

    monkeypatch.setattr(Segment, "rows_at", noted)
    monkeypatch.setattr(scoring, "_MANY", 0)
    np.testing.assert_array_equal(exact.vectors(ordinals), mapped)
    assert (len(reads), sum(reads)) == (3, 500)
    monkeypatch.delattr("os.pread", raising=False)
    np.testing.assert_array_equal(exact.vectors(ordinals), mapped)


@pytest.mark.parametrize("left", [None, 100])
def test_vectors_that_were_lost_are_told(
    exact: ExactIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: int | None
) -> None:
    folder = Path(shutil.copytree(exact._folder, tmp_path / "vectors"))
    store = VectorStore.open(folder, DIMENSION)
    index = ExactIndex(store, np.concatenate([np.arange(3), 65_536 + np.arange(3)]))
    monkeypatch.setattr(scoring, "_MANY", 0)
    for path in folder.glob("*.i16"):
        if left is None:
            path.unlink()
        else:
            os.truncate(path, left)
    with pytest.raises(Damaged, match="cannot be read"):
        index.vectors(np.arange(6))
