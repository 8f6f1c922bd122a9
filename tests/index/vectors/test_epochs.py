from __future__ import annotations

from pathlib import Path

import pytest

from index.vectors.epochs import begin, choose, epoch_folder, epochs, finish, pending, unused

PRINT = "0123456789abcdef" * 4


def test_the_first_build_fills_the_first_epoch(tmp_path: Path) -> None:
    assert choose(tmp_path, PRINT, None) == 1
    assert epoch_folder(tmp_path, PRINT, 1) == tmp_path / "0123456789abcdef" / "0001"


def test_a_build_uses_the_epoch_in_use(tmp_path: Path) -> None:
    epoch_folder(tmp_path, PRINT, 1).mkdir(parents=True)
    epoch_folder(tmp_path, PRINT, 2).mkdir()
    assert choose(tmp_path, PRINT, 1) == 1
    assert choose(tmp_path, PRINT, 1, rebuild=True) == 1


def test_without_a_generation_the_newest_complete_epoch_is_used(tmp_path: Path) -> None:
    epoch_folder(tmp_path, PRINT, 2).mkdir(parents=True)
    assert begin(tmp_path, PRINT) == 3
    assert choose(tmp_path, PRINT, None) == 2


def test_an_interrupted_new_epoch_is_gone_on_with_by_the_next_rebuild_alone(tmp_path: Path) -> None:
    epoch_folder(tmp_path, PRINT, 1).mkdir(parents=True)
    assert choose(tmp_path, PRINT, 1, reembed=True) == 2
    assert pending(tmp_path, PRINT) == 2
    assert choose(tmp_path, PRINT, 1) == 1
    assert choose(tmp_path, PRINT, 1, rebuild=True) == 2
    assert choose(tmp_path, PRINT, 1, rebuild=True, reembed=True) == 2


def test_a_finished_epoch_is_no_longer_pending(tmp_path: Path) -> None:
    assert choose(tmp_path, PRINT, 1, reembed=True) == 2
    finish(tmp_path, PRINT, 1)
    assert pending(tmp_path, PRINT) == 2
    finish(tmp_path, PRINT, 2)
    assert pending(tmp_path, PRINT) is None


def test_embedding_again_begins_another_epoch_each_time(tmp_path: Path) -> None:
    assert choose(tmp_path, PRINT, None, reembed=True) == 1
    finish(tmp_path, PRINT, 1)
    assert pending(tmp_path, PRINT) is None
    assert choose(tmp_path, PRINT, 1, reembed=True) == 2


def test_a_mark_left_by_a_crash_after_the_switch_is_taken_for_done(tmp_path: Path) -> None:
    assert choose(tmp_path, PRINT, None, reembed=True) == 1
    assert choose(tmp_path, PRINT, 1, rebuild=True) == 1
    assert choose(tmp_path, PRINT, 1, reembed=True) == 2


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
