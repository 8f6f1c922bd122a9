"""A process that does our work apart and stands still ends itself; one that works or waits for another does not."""

from __future__ import annotations

import errno
from pathlib import Path
from time import monotonic, sleep

import pytest

from index.runtime.subprocess import ChildProcess, Verdict

CHILD = "tests.index.runtime.subprocess_child"
FAILED = f"The process that works on the index failed in {CHILD}"


def test_a_child_that_stands_still_is_given_up() -> None:
    began = monotonic()
    found = ChildProcess(CHILD, "still", 60).answer()
    assert monotonic() - began < 30
    assert found.problems == (f"{FAILED}: it has stood still for 1 seconds",)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_child_that_cannot_say_so_is_given_up_too() -> None:
    began = monotonic()
    found = ChildProcess(CHILD, "full", 60).answer()
    assert monotonic() - began < 30
    assert found.problems == (f"{FAILED}: no message",)


def test_a_child_that_crashes_is_told_by_its_signal() -> None:
    found = ChildProcess(CHILD, "crashes", 0).answer()
    assert found.problems == (f"The process that works on the index crashed: SIGABRT in {CHILD}.",)


def test_what_a_child_refuses_is_its_verdict_in_the_words_of_the_error() -> None:
    assert ChildProcess(CHILD, "refuses", 0).answer() == Verdict(("The index is damaged.",))


def test_what_the_system_refuses_a_child_is_refused_here() -> None:
    with pytest.raises(OSError, match="Too many open files") as refused:
        ChildProcess(CHILD, "lacks", 0).answer()
    assert refused.value.errno == errno.EMFILE


@pytest.mark.parametrize("kind", ["busy", "asks"])
def test_a_child_that_works_or_whose_own_child_works_is_not(kind: str) -> None:
    assert ChildProcess(CHILD, kind, 3).answer() == Verdict(())


def test_a_child_that_waits_to_be_told_is_not() -> None:
    child = ChildProcess(CHILD, "waits", 0)
    sleep(3)
    child.send(b"told")
    assert child.answer() == Verdict(("told",))
