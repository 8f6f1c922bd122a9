"""What a forked process computes and locks, it does by itself."""

from __future__ import annotations

import ast
import os
import signal
import sys
from pathlib import Path
from threading import Barrier, Event, Thread
from time import sleep

import pytest

from archive.core.forking import cached_property, unforked

ROOT = Path(__file__).resolve().parents[3]


class Slow:
    """Computes when it is told to."""

    def __init__(self) -> None:
        self.begun, self.go_on = Event(), Event()
        self.computed = 0

    @cached_property
    def value(self) -> object:
        """Something of which there is but one."""
        self.computed += 1
        self.begun.set()
        self.go_on.wait()
        return object()


def test_what_is_computed_once_is_kept() -> None:
    slow = Slow()
    slow.go_on.set()
    assert slow.value is slow.value
    assert slow.computed == 1
    assert isinstance(Slow.value, cached_property)
    assert Slow.value.__doc__ == "Something of which there is but one."


def test_threads_that_ask_at_once_get_the_same() -> None:
    slow, found, together = Slow(), [], Barrier(4)

    def ask() -> None:
        together.wait()
        found.append(slow.value)

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    slow.go_on.set()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(map(id, found))) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
def test_a_forked_process_waits_for_no_thread_that_computes() -> None:
    slow = Slow()
    thread = Thread(target=lambda: slow.value)
    thread.start()
    slow.begun.wait()
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        other = Slow()
        other.go_on.set()
        os._exit(0 if other.value is other.value else 1)
    try:
        assert os.waitpid(child, 0)[1] == 0
    finally:
        slow.go_on.set()
        thread.join()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
def test_a_fork_waits_for_the_calls_of_other_threads_and_not_for_its_own() -> None:
    begun, ended = Event(), list[str]()

    def call() -> None:
        with unforked, unforked:
            begun.set()
            sleep(0.3)
            ended.append("call")

    thread = Thread(target=call)
    with unforked:
        thread.start()
        begun.wait()
        child = os.fork()
        if child == 0:
            signal.alarm(20)
            with unforked:
                os._exit(0 if ended == ["call"] else 1)
        assert os.waitpid(child, 0)[1] == 0
    thread.join()
    with unforked:
        ended.append("another")
    assert ended == ["call", "another"]


def test_nothing_is_kept_under_a_lock_that_a_fork_leaves_taken() -> None:
    if sys.version_info >= (3, 12):
        pytest.skip("functools computes without a lock")
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("archive", "index")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "functools"
        if "cached_property" in {name.name for name in node.names}
    ]
    assert wrong == []
