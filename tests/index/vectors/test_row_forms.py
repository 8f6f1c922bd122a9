"""Vectors of 16 bits beside the floats of earlier builds: how far figures may differ, and that both are read."""

from __future__ import annotations

import struct
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.contracts.engines import Floats
from index.vectors import compaction
from index.vectors.exact import ExactIndex
from index.vectors.row_forms import FLOATS, WRITTEN
from index.vectors.segment import Batch, Keys
from index.vectors.store import VectorStore

DIMENSION = 384


def unit(rng: np.random.Generator, count: int, *, peak: float = 1.0) -> Floats:
    """Unit vectors; one number of each is ``peak`` times as large as by chance."""
    found = rng.standard_normal((count, DIMENSION))
    found[np.arange(count), rng.integers(0, DIMENSION, count)] *= peak
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def keys_of(count: int) -> Keys:
    return np.random.default_rng(9).integers(0, 256, (count, 32), np.uint8)


def earlier(folder: Path, vectors: Floats, keys: Keys, number: int = 1) -> None:
    """Write a segment as earlier builds did: raw floats, by a log of the first form."""
    folder.mkdir(exist_ok=True)
    record = Batch(0, len(vectors), crc32(vectors.tobytes()), crc32(keys.tobytes()))
    start = b"MORGUEV1" + struct.pack("<I", DIMENSION)
    (folder / f"{number:06d}.f32").write_bytes(vectors.tobytes())
    (folder / f"{number:06d}.keys").write_bytes(keys.tobytes())
    (folder / f"{number:06d}.log").write_bytes(start + struct.pack("<I", crc32(start)) + record.to_bytes())


def test_no_score_is_wrong_by_more_than_half_of_what_may_change_an_order() -> None:
    rng = np.random.default_rng(1)
    vectors, queries = unit(rng, 5_000), unit(rng, 40)
    rows, scores = WRITTEN.encode(vectors), np.empty(len(vectors), np.float32)
    exact = vectors.astype(np.float64) @ queries.T.astype(np.float64)
    for number, query in enumerate(queries):
        WRITTEN.score(rows, query, scores)
        assert np.abs(scores - exact[:, number]).max() < 5e-5
        order = np.argsort(exact[:, number])
        apart = exact[order[1:], number] - exact[order[:-1], number] > 1e-4
        assert (scores[order[1:]] > scores[order[:-1]])[apart].all()


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 5.0, 100.0]))
def test_a_number_is_wrong_by_half_a_step_at_most(seed: int, peak: float) -> None:
    vectors = unit(np.random.default_rng(seed), 3, peak=peak)
    step = np.abs(vectors).max(axis=1, keepdims=True) / 32_767
    assert (np.abs(WRITTEN.decode(WRITTEN.encode(vectors)) - vectors) <= step * 0.51).all()


def test_a_score_depends_on_its_row_alone() -> None:
    rng = np.random.default_rng(2)
    vectors, (query,) = unit(rng, 3_000), unit(rng, 1)
    rows, scores, one = WRITTEN.encode(vectors), np.empty(3_000, np.float32), np.empty(1, np.float32)
    WRITTEN.score(rows, query, scores)
    for row in rng.integers(0, 3_000, 200):
        WRITTEN.score(rows[row : row + 1], query, one)
        assert one[0] == scores[row]


def test_floats_of_earlier_builds_are_read_beside_what_is_written_now(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    vectors, keys = unit(rng, 2_500), keys_of(2_500)
    earlier(tmp_path / "e", vectors[:1_500], keys[:1_500])
    with VectorStore.open(tmp_path / "e", DIMENSION) as store:
        store.append(keys[1_500:], vectors[1_500:])
    with VectorStore.open(tmp_path / "e", DIMENSION, verify=True) as store:
        assert [segment.form for segment in store.segments()] == [FLOATS, WRITTEN]
        assert not any(segment.problems for segment in store.segments())
        slots = np.concatenate([np.arange(1_500), 65_536 + np.arange(1_000)])
        np.testing.assert_array_equal(store.gather(slots)[:1_500], vectors[:1_500])
        index = ExactIndex(store, slots)
        query = vectors[7]
        np.testing.assert_allclose(index.scores(query, np.arange(2_500)), vectors @ query, atol=5e-5)
        np.testing.assert_array_equal(index.scores(query, np.arange(40)), index.scores(query, np.arange(2_500))[:40])


@pytest.mark.parametrize("count", [10, 60_000])
def test_a_rebuild_writes_floats_of_earlier_builds_anew(tmp_path: Path, count: int) -> None:
    rng = np.random.default_rng(4)
    vectors, keys = unit(rng, count), rng.integers(0, 256, (count, 32), np.uint8)
    earlier(tmp_path / "e", vectors, keys)
    with VectorStore.open(tmp_path / "e", DIMENSION) as store:
        slots = np.arange(count)
        merge = compaction.fewest(store, slots)
        assert merge is not None
        moved = compaction.carry_out(store, merge, slots)
        np.testing.assert_array_equal(store.gather(moved), WRITTEN.decode(WRITTEN.encode(vectors)))
        assert {segment.form for segment in store.segments() if segment.number > 1} == {WRITTEN}
        again = compaction.fewest(store, moved, fixed={1})
        assert again is None


def test_a_log_of_neither_form_loses_its_segment_and_says_so(tmp_path: Path) -> None:
    vectors = unit(np.random.default_rng(5), 4)
    earlier(tmp_path / "e", vectors, keys_of(4))
    log = tmp_path / "e" / "000001.log"
    log.write_bytes(log.read_bytes().replace(b"MORGUEV1", b"MORGUEV9"))
    with VectorStore.open(tmp_path / "e", DIMENSION) as store:
        ((segment),) = store.segments()
        assert segment.rows == 0
        assert "does not begin as it should" in segment.problems[0]
