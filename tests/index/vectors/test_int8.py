"""Nearest neighbours by codes are those of exact scoring, figure by figure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.contracts.engines import Floats
from index.runtime import threads
from index.vectors.exact import ExactIndex
from index.vectors.int8 import CodedIndex
from index.vectors.store import VectorStore

DIMENSION = 24
PASSAGES = 30_000


def unit(matrix: Floats) -> Floats:
    return np.asarray(matrix / np.linalg.norm(matrix, axis=-1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> ExactIndex:
    """Unit vectors in clusters, some very near to each other, some equal, one with a single component."""
    rng = np.random.default_rng(5)
    middles = rng.standard_normal((40, DIMENSION), dtype=np.float32)
    noise = rng.standard_normal((PASSAGES, DIMENSION), dtype=np.float32) * rng.choice([0.3, 1e-3], (PASSAGES, 1))
    vectors = unit(middles[rng.integers(0, 40, PASSAGES)] + noise)
    vectors[rng.integers(0, PASSAGES, 900)] = vectors[7]
    vectors[11] = np.eye(DIMENSION, dtype=np.float32)[3]
    keys = rng.integers(0, 256, (PASSAGES, 32), np.uint8)
    folder = tmp_path_factory.mktemp("vectors")
    with VectorStore.open(folder, DIMENSION) as store:
        store.append(keys, vectors)
    store = VectorStore.open(folder, DIMENSION)
    return ExactIndex(store, store.lookup(keys))


@pytest.fixture(scope="module")
def coded(exact: ExactIndex) -> CodedIndex:
    return CodedIndex(exact)


@given(
    st.integers(0, PASSAGES - 1),
    st.sampled_from([0.0, 1e-3, 0.5, 5.0]),
    st.sampled_from([0, 1, 10, 100, 1_500, PASSAGES]),
    st.sampled_from([None, 0.0, 1e-3, 0.05, 0.5, 1.0]),
)
def test_codes_find_what_exact_scoring_finds(
    exact: ExactIndex, coded: CodedIndex, near: int, apart: float, limit: int, admitted: float | None
) -> None:
    rng = np.random.default_rng(near)
    noise = rng.standard_normal(DIMENSION, dtype=np.float32) * np.float32(apart)
    query = unit(exact.vectors(np.array([near]))[0] + noise)
    admissible = None if admitted is None else rng.random(PASSAGES) < admitted
    expected, found = (index.nearest(query, limit, admissible) for index in (exact, coded))
    np.testing.assert_array_equal(found.ordinals, expected.ordinals)
    np.testing.assert_array_equal(found.scores, expected.scores)


@given(
    st.integers(0, PASSAGES - 1),
    st.one_of(st.floats(-1, 1, width=32), st.integers(0, PASSAGES - 1)),
    st.sampled_from([None, 0.01, 0.05, 0.5]),
)
def test_codes_find_all_that_lie_above_a_cosine_also_one_that_is_met_exactly(
    exact: ExactIndex, coded: CodedIndex, near: int, least: float | int, admitted: float | None
) -> None:
    query = exact.vectors(np.array([near]))[0]
    cosines = exact.scores(query, np.arange(PASSAGES))
    bound = float(cosines[least]) if isinstance(least, int) else least
    admissible = None if admitted is None else np.random.default_rng(near).random(PASSAGES) < admitted
    wanted = (cosines >= np.float32(bound)) & (True if admissible is None else admissible)
    for index in (exact, coded):
        np.testing.assert_array_equal(index.above(query, bound, admissible), np.flatnonzero(wanted))


def test_codes_in_pieces_are_those_of_one_piece(
    exact: ExactIndex, coded: CodedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "_WORTH", 1_000)
    monkeypatch.setattr(threads, "usable_cores", lambda: 3)
    for query in exact.vectors(np.arange(20)):
        expected, found = exact.nearest(query, 100), coded.nearest(query, 100)
        np.testing.assert_array_equal(found.ordinals, expected.ordinals)
        np.testing.assert_array_equal(found.scores, expected.scores)


def test_memory_that_was_given_back_is_read_again(exact: ExactIndex) -> None:
    before = np.array(exact.vectors(np.arange(100)))
    exact.forget()
    held = resident()
    exact.vectors(np.arange(len(exact)))
    assert resident() > held + 1
    exact.forget()
    assert resident() < held + 0.5
    np.testing.assert_array_equal(exact.vectors(np.arange(100)), before)


def resident() -> float:
    """Return how many MB of files are mapped into memory; those that lie in memory themselves count as shared."""
    told = Path("/proc/self/status")
    if not told.exists():
        pytest.skip("only Linux tells")
    lines = (line for line in told.read_text("ascii").splitlines() if line.startswith(("RssFile", "RssShmem")))
    return sum(int(line.split()[1]) for line in lines) / 1024


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    nothing = CodedIndex(ExactIndex(VectorStore.open(tmp_path / "none", DIMENSION), np.empty(0, np.int64)))
    assert len(nothing) == len(nothing.nearest(np.ones(DIMENSION, np.float32), 10).ordinals) == 0
