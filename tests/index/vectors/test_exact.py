from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from archive.core.errors import Damaged
from index.contracts.engines import Floats
from index.vectors.exact import ExactIndex
from index.vectors.row_forms import WRITTEN
from index.vectors.store import VectorStore

DIMENSION = 16
PASSAGES = 700


def unit(matrix: Floats) -> Floats:
    return np.asarray(matrix / np.linalg.norm(matrix, axis=-1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def vectors() -> Floats:
    """Unit vectors, a tenth of them copies of others."""
    rng = np.random.default_rng(5)
    found = unit(rng.standard_normal((PASSAGES, DIMENSION), dtype=np.float32))
    found[rng.integers(0, PASSAGES, 70)] = found[rng.integers(0, PASSAGES, 70)]
    return found


@pytest.fixture(scope="module")
def exact(vectors: Floats, tmp_path_factory: pytest.TempPathFactory) -> ExactIndex:
    """An index whose passages lie in three segments, in another order than their ordinals."""
    folder = tmp_path_factory.mktemp("vectors")
    rng = np.random.default_rng(6)
    keys = rng.integers(0, 256, (PASSAGES, 32), np.uint8)
    shuffled = rng.permutation(PASSAGES)
    for rows in np.array_split(shuffled, 3):
        with VectorStore.open(folder, DIMENSION) as store:
            store.append(keys[rows], vectors[rows])
    store = VectorStore.open(folder, DIMENSION)
    return ExactIndex(store, store.lookup(keys))


@pytest.fixture(scope="module")
def query() -> Floats:
    return unit(np.random.default_rng(7).standard_normal(DIMENSION, dtype=np.float32))


def test_the_nearest_are_those_of_a_plain_product(exact: ExactIndex, vectors: Floats, query: Floats) -> None:
    expected = vectors.astype(np.float64) @ query.astype(np.float64)
    found = exact.nearest(query, PASSAGES)
    np.testing.assert_allclose(found.scores, expected[found.ordinals], atol=5e-5)
    assert sorted(found.ordinals.tolist()) == list(range(PASSAGES))


def test_the_best_come_first_and_equals_in_the_order_of_ordinals(exact: ExactIndex, query: Floats) -> None:
    found = exact.nearest(query, PASSAGES)
    ranks = list(zip((-found.scores).tolist(), found.ordinals.tolist(), strict=True))
    assert ranks == sorted(ranks)
    assert len(np.unique(found.scores)) < PASSAGES


@pytest.mark.parametrize("limit", [1, 2, 50, 699])
def test_asking_for_fewer_gives_the_beginning_of_the_same_list(exact: ExactIndex, query: Floats, limit: int) -> None:
    whole, some = exact.nearest(query, PASSAGES), exact.nearest(query, limit)
    count = len(some.ordinals)
    assert count >= limit
    assert some.scores[limit - 1] == some.scores[-1]
    assert count == PASSAGES or whole.scores[count] < some.scores[-1]
    np.testing.assert_array_equal(some.ordinals, whole.ordinals[:count])
    np.testing.assert_array_equal(some.scores, whole.scores[:count])


@pytest.mark.parametrize("count", [1, 3, 200, 500])
def test_a_score_does_not_depend_on_what_else_is_scored(exact: ExactIndex, query: Floats, count: int) -> None:
    whole = exact.nearest(query, PASSAGES)
    some = np.random.default_rng(count).permutation(PASSAGES)[:count]
    np.testing.assert_array_equal(exact.scores(query, whole.ordinals[some]), whole.scores[some])


def test_vectors_come_in_the_order_of_ordinals(exact: ExactIndex, vectors: Floats) -> None:
    ordinals = np.array([5, 699, 0, 5])
    np.testing.assert_array_equal(exact.vectors(ordinals), WRITTEN.decode(WRITTEN.encode(vectors[ordinals])))


def test_more_than_there_is_gives_all_there_is(exact: ExactIndex, query: Floats) -> None:
    assert len(exact.nearest(query, 10 * PASSAGES).ordinals) == PASSAGES
    assert len(exact.nearest(query, 0).ordinals) == 0
    assert exact.scores(query, np.empty(0, np.int64)).shape == (0,)


def test_an_archive_without_passages_answers_with_nothing(tmp_path: Path, query: Floats) -> None:
    empty = ExactIndex(VectorStore.open(tmp_path, DIMENSION), np.empty(0, np.int64))
    assert len(empty.nearest(query, 5).ordinals) == 0


@pytest.mark.parametrize("slot", [-1, PASSAGES, 10**9])
def test_a_slot_without_a_vector_is_damage(tmp_path: Path, vectors: Floats, slot: int) -> None:
    with VectorStore(tmp_path, DIMENSION) as store:
        store.append(np.random.default_rng(1).integers(0, 256, (PASSAGES, 32), np.uint8), vectors)
        with pytest.raises(Damaged, match="lacks 1 of 3 vectors"):
            ExactIndex(store, np.array([0, slot, 1]))


def test_a_query_that_is_not_a_vector_is_refused(exact: ExactIndex) -> None:
    with pytest.raises(ValueError, match="not a number"):
        exact.nearest(np.full(DIMENSION, np.nan, np.float32), 3)
