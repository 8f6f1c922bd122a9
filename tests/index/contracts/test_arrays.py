"""Arrays on disk: what was saved comes back, and damage anywhere in a file is one plain error."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from index.contracts.arrays import load, places, save


@pytest.mark.parametrize("mapped", [True, False])
def test_what_was_saved_comes_back(tmp_path: Path, mapped: bool) -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    save(tmp_path / "a.npy", values)
    assert np.array_equal(load(tmp_path / "a.npy", mapped=mapped), values)


def test_what_is_missing_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "a.npy")


@pytest.mark.filterwarnings("ignore:Data type alias:DeprecationWarning")
@pytest.mark.parametrize(("kind", "mapped"), [(np.int64, True), (np.float32, False)])
def test_no_bit_of_a_header_makes_another_array_of_it(tmp_path: Path, kind: type[np.generic], mapped: bool) -> None:
    values = np.arange(30).reshape(10, 3).astype(kind)
    save(tmp_path / "whole.npy", values)
    whole, path = (tmp_path / "whole.npy").read_bytes(), tmp_path / "a.npy"
    same = 0
    for bit in range(8 * (len(whole) - values.nbytes)):
        raw = bytearray(whole)
        raw[bit // 8] ^= 1 << bit % 8
        path.write_bytes(raw)
        with suppress(ValueError):
            held = load(path, mapped=mapped)
            assert held.dtype == values.dtype, raw[:128]
            assert np.array_equal(held, values), raw[:128]
            same += 1
    assert 0 < same < 200  # a blank for a control character, and the like


def test_damage_is_a_plain_error_or_another_array(tmp_path: Path) -> None:
    save(tmp_path / "whole.npy", np.arange(30, dtype=np.int64))
    whole = (tmp_path / "whole.npy").read_bytes()
    rng, refused = random.Random(5), 0
    for turn in range(600):
        raw = bytearray(whole)
        for _ in range(3):
            raw[rng.randrange(140)] ^= 1 << rng.randrange(8)
        path = tmp_path / f"{turn}.npy"
        path.write_bytes(raw[: rng.randrange(len(raw))] if turn % 3 == 0 else raw)
        try:
            held = load(path, mapped=turn % 2 == 0)
        except ValueError:
            refused += 1
        else:
            assert held.nbytes <= len(raw)
    assert refused > 300


def test_places_are_of_the_values_that_are_there() -> None:
    at, known = places(np.array([9, 2, 5, 1]), np.array([1, 5, 7, 9]))
    assert at.tolist() == [3, 1, 0]
    assert known.tolist() == [True, False, True, True]


def test_nothing_has_a_place_in_nothing() -> None:
    at, known = places(np.array([9, 2]), np.empty(0, np.int64))
    assert at.tolist() == []
    assert known.tolist() == [False, False]
