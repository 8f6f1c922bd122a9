from __future__ import annotations

from pathlib import Path

import pytest

from index.vectors.epochs import begin, epoch_folder, epochs, finish, pending, unused

PRINT = "0123456789abcdef" * 4


def test_an_epoch_that_was_begun_is_pending_until_it_is_finished(tmp_path: Path) -> None:
    assert epoch_folder(tmp_path, PRINT, 1) == tmp_path / "0123456789abcdef" / "0001"
    epoch_folder(tmp_path, PRINT, 1).mkdir(parents=True)
    assert begin(tmp_path, PRINT) == 2
    finish(tmp_path, PRINT, 1)
    assert pending(tmp_path, PRINT) == 2
    finish(tmp_path, PRINT, 2)
    assert pending(tmp_path, PRINT) is None


def test_another_epoch_is_begun_above_all_there_are_and_the_one_in_use(tmp_path: Path) -> None:
    epoch_folder(tmp_path, PRINT, 2).mkdir(parents=True)
    assert begin(tmp_path, PRINT) == 3
    finish(tmp_path, PRINT, 3)
    assert begin(tmp_path, PRINT, 7) == 8


@pytest.mark.parametrize("mark", [b"", b"x", b"-3", b"\xff"])
def test_a_mark_that_cannot_be_read_is_no_mark(tmp_path: Path, mark: bytes) -> None:
    begin(tmp_path, PRINT)
    (tmp_path / PRINT[:16] / "PENDING").write_bytes(mark)
    assert pending(tmp_path, PRINT) is None


def test_what_no_generation_uses_may_go_unless_it_is_pending(tmp_path: Path) -> None:
    for number in (1, 2):
        epoch_folder(tmp_path, PRINT, number).mkdir(parents=True)
    epoch_folder(tmp_path, "f" * 64, 1).mkdir(parents=True)
    (tmp_path / "notes").mkdir()
    begin(tmp_path, PRINT)
    found = unused(tmp_path, {epoch_folder(tmp_path, PRINT, 2)})
    assert [(one.model, one.number) for one in found] == [(PRINT[:16], 1), ("f" * 16, 1)]
    assert epochs(tmp_path, PRINT) == (1, 2, 3)
    assert unused(tmp_path / "none", ()) == ()
