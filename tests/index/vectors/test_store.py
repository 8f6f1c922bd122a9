from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from archive.core.errors import ArchiveError, Damaged
from index.contracts.engines import Floats
from index.vectors.row_forms import WRITTEN
from index.vectors.segment import CAPACITY, Keys, verified
from index.vectors.store import VectorStore

DIMENSION = 8


def keys_of(*numbers: int) -> Keys:
    return np.array([np.frombuffer(sha256(str(number).encode()).digest(), np.uint8) for number in numbers])


def vectors_of(*numbers: int) -> Floats:
    """Unit vectors that tell their number."""
    found = np.ones((len(numbers), DIMENSION), np.float32)
    found[:, 0] = numbers
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def stored_of(*numbers: int) -> Floats:
    """The same as they are read again."""
    return WRITTEN.decode(WRITTEN.encode(vectors_of(*numbers)))


def problems(folder: Path) -> list[str]:
    """What a store finds wrong when it reads every byte."""
    with VectorStore.open(folder, DIMENSION, verify=True) as store:
        return [problem for segment in store.segments() for problem in segment.problems]


def fill(folder: Path, *batches: range) -> None:
    with VectorStore.open(folder, DIMENSION) as store:
        for batch in batches:
            store.append(keys_of(*batch), vectors_of(*batch))


def held(folder: Path, numbers: range, *, verify: bool = False) -> list[int]:
    """Which numbers the store holds; the vectors of those it holds are compared."""
    store = VectorStore.open(folder, DIMENSION, verify=verify)
    slots = store.lookup(keys_of(*numbers))
    found = [number for number, slot in zip(numbers, slots, strict=True) if slot >= 0]
    np.testing.assert_array_equal(store.gather(slots[slots >= 0]), stored_of(*found))
    return found


def test_what_was_appended_is_found_by_its_key_and_nothing_else_is(tmp_path: Path) -> None:
    fill(tmp_path / "e", range(5), range(5, 7))
    assert held(tmp_path / "e", range(10)) == list(range(7))


def test_vectors_are_found_before_the_store_is_closed(tmp_path: Path) -> None:
    with VectorStore(tmp_path, DIMENSION) as store:
        for number in range(3):
            store.append(keys_of(number), vectors_of(number))
            assert (store.lookup(keys_of(*range(number + 1))) >= 0).all()
            assert len(store) == number + 1
        assert (store.lookup(keys_of(3)) == -1).all()


def test_a_store_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    store = VectorStore.open(tmp_path / "none", DIMENSION)
    assert len(store) == 0
    assert store.lookup(keys_of(1)).tolist() == [-1]
    assert store.segments() == ()
    assert not (tmp_path / "none").exists()


def test_missing_keys_come_once_and_in_order(tmp_path: Path) -> None:
    fill(tmp_path, range(3))
    missing = VectorStore.open(tmp_path, DIMENSION).missing(keys_of(9, 1, 8, 9, 2, 8, 7))
    np.testing.assert_array_equal(missing, keys_of(9, 8, 7))


def test_keys_with_the_same_beginning_or_zeros_at_the_end_are_told_apart(tmp_path: Path) -> None:
    keys = np.zeros((4, 32), np.uint8)
    keys[1:, 31] = [1, 2, 3]
    with VectorStore(tmp_path, DIMENSION) as store:
        store.append(keys[[2, 0, 1]], vectors_of(2, 0, 1))
        slots = store.lookup(keys)
        assert slots[3] == -1
        np.testing.assert_array_equal(store.gather(slots[:3]), stored_of(0, 1, 2))


def test_of_two_vectors_for_a_key_the_newest_counts(tmp_path: Path) -> None:
    with VectorStore(tmp_path, DIMENSION) as store:
        store.append(keys_of(1, 2), vectors_of(1, 2))
        store.append(keys_of(1), vectors_of(7))
        np.testing.assert_array_equal(store.gather(store.lookup(keys_of(1))), stored_of(7))


def test_a_later_run_leaves_the_files_of_earlier_ones_alone(tmp_path: Path) -> None:
    fill(tmp_path, range(3))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    fill(tmp_path, range(3, 6))
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert len(list(tmp_path.iterdir())) == 2 * len(before)


def test_a_reader_keeps_what_it_saw_while_others_append(tmp_path: Path) -> None:
    with VectorStore(tmp_path, DIMENSION) as writer:
        writer.append(keys_of(1), vectors_of(1))
        reader = VectorStore.open(tmp_path, DIMENSION)
        writer.append(keys_of(2), vectors_of(2))
        assert reader.lookup(keys_of(1, 2)).tolist() == [0, -1]
        assert VectorStore.open(tmp_path, DIMENSION).lookup(keys_of(1, 2)).tolist() == [0, 1]


def test_slots_stay_when_an_earlier_segment_is_lost(tmp_path: Path) -> None:
    fill(tmp_path, range(3))
    fill(tmp_path, range(3, 6))
    slots = VectorStore.open(tmp_path, DIMENSION).lookup(keys_of(3, 4, 5))
    assert slots.tolist() == [CAPACITY, CAPACITY + 1, CAPACITY + 2]
    for path in tmp_path.glob("000001.*"):
        path.unlink()
    store = VectorStore.open(tmp_path, DIMENSION)
    np.testing.assert_array_equal(store.gather(slots), stored_of(3, 4, 5))
    with pytest.raises(Damaged, match="lacks"):
        store.gather(np.array([0]))


def test_a_full_segment_is_followed_by_another(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    keys = rng.integers(0, 256, (CAPACITY + 300, 32), np.uint8)
    vectors = np.eye(4, dtype=np.float32)[rng.integers(0, 4, len(keys))]
    with VectorStore(tmp_path, 4) as store:
        store.append(keys[:100], vectors[:100])
        store.append(keys[100:], vectors[100:])
    store = VectorStore.open(tmp_path, 4)
    assert [segment.rows for segment in store.segments()] == [CAPACITY, 300]
    np.testing.assert_array_equal(store.gather(store.lookup(keys)), WRITTEN.decode(WRITTEN.encode(vectors)))
    assert not any(segment.problems for segment in VectorStore.open(tmp_path, 4, verify=True).segments())


@pytest.mark.parametrize("bad", [np.zeros(DIMENSION), np.full(DIMENSION, np.nan), np.full(DIMENSION, 3.0)])
def test_what_is_no_unit_vector_is_refused(tmp_path: Path, bad: NDArray[np.float64]) -> None:
    with VectorStore(tmp_path, DIMENSION) as store:
        with pytest.raises(ArchiveError, match="no direction"):
            store.append(keys_of(1, 2), np.stack([vectors_of(1)[0], bad]).astype(np.float32))
        assert len(store) == 0


def test_vectors_of_another_length_are_refused(tmp_path: Path) -> None:
    fill(tmp_path, range(3))
    with pytest.raises(Damaged, match="8 numbers, not 9"):
        VectorStore.open(tmp_path, 9)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(["i16", "keys", "log"]), st.floats(0, 1))
def test_a_file_cut_anywhere_loses_whole_batches_only(
    tmp_path_factory: pytest.TempPathFactory, kind: str, part: float
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    fill(folder, range(4), range(4, 6), range(6, 10))
    path = folder / f"000001.{kind}"
    with path.open("r+b") as file:
        file.truncate(int(part * path.stat().st_size))
    found = held(folder, range(10))
    assert found in ([], list(range(4)), list(range(6)), list(range(10)))
    fill(folder, range(10, 12))
    assert held(folder, range(12)) == [*found, 10, 11]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(["i16", "keys", "log"]), st.floats(0, 1, exclude_max=True), st.integers(0, 7))
def test_a_flipped_bit_costs_its_batch_and_is_reported(
    tmp_path_factory: pytest.TempPathFactory, kind: str, part: float, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("flip")
    fill(folder, range(4), range(4, 6), range(6, 10))
    path = folder / f"000001.{kind}"
    raw = bytearray(path.read_bytes())
    raw[int(part * len(raw))] ^= 1 << bit
    path.write_bytes(raw)
    found = held(folder, range(10), verify=True)
    last = kind == "log" and found == list(range(6))  # as if killed while writing the last record
    assert last or problems(folder)
    assert found in ([], [*range(4, 10)], [*range(4), *range(6, 10)], [*range(6)])


def test_a_damaged_batch_is_mended_by_appending_it_again(tmp_path: Path) -> None:
    fill(tmp_path, range(4), range(4, 8))
    with (tmp_path / "000001.i16").open("r+b") as file:
        file.seek(5 * WRITTEN.dtype(DIMENSION).itemsize + 5)
        file.write(b"\xff")
    with VectorStore.open(tmp_path, DIMENSION, verify=True) as store:
        np.testing.assert_array_equal(store.missing(keys_of(*range(8))), keys_of(4, 5, 6, 7))
        store.append(keys_of(4, 5, 6, 7), vectors_of(4, 5, 6, 7))
    assert held(tmp_path, range(8)) == list(range(8))
    assert len(problems(tmp_path)) == 1


def test_a_failed_append_leaves_what_was_there_and_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with VectorStore(tmp_path, DIMENSION) as store:
        store.append(keys_of(1), vectors_of(1))
        monkeypatch.setattr("index.vectors.store.sync_file", fail)
        with pytest.raises(OSError, match="No space"):
            store.append(keys_of(2), vectors_of(2))
        monkeypatch.undo()
        store.append(keys_of(3), vectors_of(3))
    assert held(tmp_path, range(5)) == [1, 3]


def fail(path: Path) -> None:
    raise OSError(28, "No space left on device")


CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.index.vectors.test_store import DIMENSION, keys_of, vectors_of
from index.vectors.store import VectorStore
with VectorStore.open(Path(sys.argv[2]), DIMENSION) as store:
    start = len(store)
    for number in range(start, start + 100_000, 3):
        store.append(keys_of(number, number + 1, number + 2), vectors_of(number, number + 1, number + 2))
        print(number + 3, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    acknowledged = 0
    for count in (1, 7, 40):
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, str(root), str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            for _ in range(count):
                acknowledged = int(child.stdout.readline())
            child.send_signal(signal.SIGKILL)
            acknowledged = max([acknowledged, *(int(line) for line in child.stdout if line.endswith("\n"))])
        found = held(tmp_path, range(acknowledged + 30))
        assert len(found) >= acknowledged
        assert found == list(range(len(found)))
        assert len(found) % 3 == 0
        assert problems(tmp_path) == []


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="reads what cannot be read from /proc")
@pytest.mark.parametrize("name", ["000001.keys", "000001.i16"])
def test_a_disk_that_fails_is_no_damage(tmp_path: Path, name: str) -> None:
    fill(tmp_path, range(2_000))
    (segment,) = VectorStore.open(tmp_path, DIMENSION).segments()
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to("/proc/self/mem")  # whose first bytes no read gets
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        verified(segment)


def test_a_file_that_lost_its_end_after_it_was_opened_is_damaged(tmp_path: Path) -> None:
    fill(tmp_path, range(2_000))
    (segment,) = VectorStore.open(tmp_path, DIMENSION).segments()
    os.truncate(tmp_path / "000001.keys", 100)
    with pytest.raises(Damaged, match="lost its end"):
        verified(segment)
