"""Work in pieces gives what it gives in one piece."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from index.runtime import threads
from index.runtime.threads import in_pieces


@pytest.mark.parametrize("cores", [1, 2, 3, 64])
@pytest.mark.parametrize("rows", [0, 1, 99, 100, 199, 200, 1_001])
def test_rows_are_worked_on_once_each_and_in_order(monkeypatch: pytest.MonkeyPatch, cores: int, rows: int) -> None:
    monkeypatch.setattr(threads, "_WORTH", 100)
    monkeypatch.setattr(threads, "usable_cores", lambda: cores)
    values = np.random.default_rng(rows).integers(0, 1_000, rows)
    workers, parts = set(), []
    together = threading.Barrier(max(1, min(cores, 4, rows // 100)))

    def work(part: slice) -> np.ndarray:
        together.wait(60)
        workers.add(threading.get_ident())
        parts.append(part)
        return values[part] * 2

    np.testing.assert_array_equal(in_pieces(work, rows), values * 2)
    assert len(parts) == len(workers) == together.parties


def test_what_goes_wrong_in_another_thread_is_raised_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_WORTH", 100)
    monkeypatch.setattr(threads, "usable_cores", lambda: 2)

    def work(part: slice) -> np.ndarray:
        if part.start:
            raise MemoryError
        return np.zeros(part.stop)

    with pytest.raises(MemoryError):
        in_pieces(work, 1_000)
