from __future__ import annotations

import errno
import os
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.folder.files import faults
from index.contracts.engines import Ordinals
from index.vectors.compaction import carry_out, due_for_merging, fewest, small_step
from index.vectors.segment import CAPACITY
from index.vectors.store import VectorStore, segments_named
from tests.index.vectors.test_store import DIMENSION, fill, keys_of, problems, stored_of, vectors_of


def slots_of(store: VectorStore, *numbers: int) -> Ordinals:
    return store.lookup(keys_of(*numbers))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


RUNS = st.one_of(st.integers(1, 40), st.integers(1, CAPACITY), st.integers(8_000, CAPACITY // 2))
"""How many vectors a run makes."""


@settings(deadline=None, max_examples=300)
@given(st.lists(RUNS, min_size=1, max_size=60))
@example([10_000, 31_000, 31_500, 31_900, 32_000, 32_000, 32_000])
def test_after_each_run_a_segment_has_more_than_three_times_the_rows_of_all_smaller(runs: list[int]) -> None:
    rows: dict[int, int] = {}
    for run in runs:
        rows[max(rows, default=0) + 1] = run
        due = due_for_merging(rows)
        merged = sum(rows.pop(number) for number in due)
        assert merged <= CAPACITY
        if merged:
            rows[max(rows, default=0) + 100] = merged
        sizes = sorted(size for size in rows.values() if size < CAPACITY // 2)
        assert all(size > 3 * sum(sizes[:place]) for place, size in enumerate(sizes) if place)
        assert len(sizes) <= 8
    assert sum(rows.values()) == sum(runs)


def test_a_vector_is_copied_as_rarely_and_segments_are_as_few_as_is_said() -> None:
    rows, copied, most = {}, 0, 0
    for run in range(1, CAPACITY + 1):
        rows[run] = 1
        due = due_for_merging(rows)
        merged = sum(rows.pop(number) for number in due)
        copied += merged
        if merged:
            rows[run] = merged
        most = max(most, len(rows))
    assert copied / CAPACITY < 39
    assert most <= 9


def test_segments_that_earlier_builds_left_become_few_within_some_runs() -> None:
    rows, runs = dict.fromkeys(range(200), 700), 0
    while due := due_for_merging(rows):
        rows[1_000 + runs] = sum(rows.pop(number) for number in due)
        runs += 1
    assert runs <= 4
    assert len(rows) <= 4


def test_large_segments_and_what_has_no_room_together_stay() -> None:
    assert due_for_merging({1: CAPACITY, 2: CAPACITY // 2, 3: 5}) == ()
    assert due_for_merging({1: 30_000, 2: 30_000, 3: 30_000}) == (2, 3)
    assert due_for_merging({}) == due_for_merging({4: 1}) == ()


def test_what_is_merged_is_found_under_its_new_slots(tmp_path: Path) -> None:
    for number in range(6):
        fill(tmp_path, range(number * 2, number * 2 + 2))
    before = files(tmp_path)
    with VectorStore.open(tmp_path, DIMENSION) as store:
        slots = slots_of(store, *range(12))
        merge = small_step(store, slots)
        assert merge is not None
        moved = carry_out(store, merge, slots)
        np.testing.assert_array_equal(store.gather(moved), stored_of(*range(12)))
        np.testing.assert_array_equal(store.keys_of(moved), keys_of(*range(12)))
        np.testing.assert_array_equal(store.gather(slots), stored_of(*range(12)))
        assert segments_named(moved) == (7,)
    assert before.items() <= files(tmp_path).items(), "finished segments never change"
    with VectorStore.open(tmp_path, DIMENSION, numbers=segments_named(moved)) as store:
        assert [segment.number for segment in store.segments()] == [7]
        np.testing.assert_array_equal(store.gather(moved), stored_of(*range(12)))


def test_of_a_vector_that_was_made_again_only_the_newest_is_copied(tmp_path: Path) -> None:
    fill(tmp_path, range(3))
    old = VectorStore.open(tmp_path, DIMENSION).lookup(keys_of(1))
    with VectorStore(tmp_path, DIMENSION) as store:
        store.append(keys_of(1), vectors_of(77))
    with VectorStore.open(tmp_path, DIMENSION) as store:
        slots = np.concatenate([old, slots_of(store, 0, 1, 2)])
        merge = small_step(store, slots)
        assert merge is not None
        moved = carry_out(store, merge, slots)
        np.testing.assert_array_equal(store.gather(moved), stored_of(77, 0, 77, 2))
        assert [segment.rows for segment in store.segments()] == [3, 1, 3]


def test_segments_whose_slots_must_stay_are_left_alone(tmp_path: Path) -> None:
    for number in range(4):
        fill(tmp_path, range(number, number + 1))
    with VectorStore.open(tmp_path, DIMENSION) as store:
        slots = slots_of(store, *range(4))
        for choose in (small_step, fewest):
            merge = choose(store, slots, (1, 2))
            assert merge is not None
            assert [segment.number for segment in merge.segments] == [3, 4]


def test_what_is_damaged_is_never_copied(tmp_path: Path) -> None:
    for number in range(3):
        fill(tmp_path, range(number * 2, number * 2 + 2))
    path = tmp_path / "000002.i16"
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
    with VectorStore.open(tmp_path, DIMENSION) as store:
        slots = slots_of(store, *range(6))
        for choose in (small_step, fewest):
            merge = choose(store, slots)
            assert merge is not None
            assert set(slots_of(store, 2, 3).tolist()).isdisjoint(merge.own.tolist())
        assert merge is not None
        moved = carry_out(store, merge, slots)
        np.testing.assert_array_equal(moved[2:4], slots[2:4])
        np.testing.assert_array_equal(store.gather(moved[[0, 1, 4, 5]]), stored_of(0, 1, 4, 5))
    assert len(problems(tmp_path)) == 1, "the damage stays known"


def test_vectors_that_no_passage_has_are_left_out_when_that_is_asked_for(tmp_path: Path) -> None:
    fill(tmp_path, range(10))
    with VectorStore.open(tmp_path, DIMENSION) as store:
        slots = slots_of(store, 2, 5, 5)
        assert fewest(store, slots) is None
        merge = fewest(store, slots, drop_unnamed=True)
        assert merge is not None
        moved = carry_out(store, merge, slots)
        np.testing.assert_array_equal(store.gather(moved), stored_of(2, 5, 5))
        assert [segment.rows for segment in store.segments()] == [10, 2]
        assert merge.spared >= 8 * store.row_bytes
    with VectorStore.open(tmp_path, DIMENSION, numbers=[2]) as store:
        assert fewest(store, moved, drop_unnamed=True) is None, "nothing more is gained"


def test_many_segments_become_as_few_as_hold_them(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    sizes = (30_000, 31_000, 200, 32_000, 5)
    for size in sizes:
        with VectorStore.open(tmp_path, 2) as store:
            angles = rng.uniform(0, 6, size)
            vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
            store.append(rng.integers(0, 256, (size, 32), np.uint8), vectors)
    with VectorStore.open(tmp_path, 2) as store:
        keys = np.concatenate([segment.keys for segment in store.segments()])
        slots = store.lookup(keys)
        expected = store.gather(slots)
        merge = fewest(store, slots)
        assert merge is not None
        moved = carry_out(store, merge, slots)
        np.testing.assert_array_equal(store.gather(moved), expected)
        np.testing.assert_array_equal(store.keys_of(moved), keys)
        assert len(segments_named(moved)) == ceil(sum(sizes) / CAPACITY)


@pytest.mark.parametrize("stop", range(1, 20))
def test_a_merge_that_is_cut_short_is_made_up_for_by_the_next(tmp_path: Path, stop: int) -> None:
    for number in range(4):
        fill(tmp_path, range(number * 3, number * 3 + 3))
    passed = 0

    def fault(operation: str, path: Path) -> None:
        nonlocal passed
        passed += 1
        if passed == stop:
            raise OSError(28, "No space left on device")

    slots = slots_of(VectorStore.open(tmp_path, DIMENSION), *range(12))
    with VectorStore.open(tmp_path, DIMENSION) as store, faults(fault):
        merge = small_step(store, slots)
        assert merge is not None
        try:
            carry_out(store, merge, slots)
        except OSError:
            assert store.newest == 4, "nothing of the new segment stays"
            np.testing.assert_array_equal(store.lookup(keys_of(*range(12))), slots)
        else:
            assert passed < stop, "the merge passes fewer points"
    with VectorStore.open(tmp_path, DIMENSION) as store:
        np.testing.assert_array_equal(store.gather(slots), stored_of(*range(12)))
        merge = small_step(store, slots)
        moved = slots if merge is None else carry_out(store, merge, slots)
        np.testing.assert_array_equal(store.gather(moved), stored_of(*range(12)))
    assert problems(tmp_path) == []


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="reads what cannot be read from /proc")
def test_vectors_on_a_disk_that_fails_end_a_merge_and_not_the_process(tmp_path: Path) -> None:
    for number in range(2):
        fill(tmp_path, range(number * 2_000, number * 2_000 + 2_000))
    before = files(tmp_path)
    with VectorStore.open(tmp_path, DIMENSION) as store:
        slots = slots_of(store, *range(4_000))
        merge = small_step(store, slots)
        assert merge is not None
        (tmp_path / "000002.i16").rename(tmp_path / "aside")  # what is mapped of it stays
        (tmp_path / "000002.i16").symlink_to("/proc/self/mem")  # whose first bytes no read gets
        with pytest.raises(OSError, match=f"{os.strerror(errno.EIO)}.*000002.i16"):
            carry_out(store, merge, slots)
        (tmp_path / "aside").replace(tmp_path / "000002.i16")
        assert files(tmp_path) == before, "nothing is lost, and nothing of the new segment stays"
        np.testing.assert_array_equal(store.gather(slots), stored_of(*range(4_000)))


def test_rows_far_apart_are_copied_without_reading_all_between_them_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.vectors.compaction._BATCH", 100)
    fill(tmp_path, range(2_000))
    wanted = (0, 3, 99, 100, 350, 351, 1_203, 1_999)
    with VectorStore.open(tmp_path, DIMENSION) as store:
        slots = slots_of(store, *wanted)
        merge = fewest(store, slots, drop_unnamed=True)
        assert merge is not None
        moved = carry_out(store, merge, slots)
        np.testing.assert_array_equal(store.gather(moved), stored_of(*wanted))
        np.testing.assert_array_equal(store.keys_of(moved), keys_of(*wanted))
