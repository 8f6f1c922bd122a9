"""Both legs of a question at once answer as one after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.core.errors import Damaged
from index import Mode, Searcher
from index.ranking import local_candidates
from index.ranking.local_candidates import LocalCandidates
from index.runtime import threads
from index.runtime.threads import both

QUESTIONS = ("sanctions threats", "pipeline -gas", "after:2021-12-01 sanctions", "zzzz", "lang:en")
LEGS = ("by_words", "by_meaning")


@pytest.fixture
def cores(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    return lambda count: monkeypatch.setattr(threads, "usable_cores", lambda: count)


def test_the_second_is_done_on_another_thread_where_a_core_is_free(cores: Callable[[int], None]) -> None:
    here = threading.get_ident()
    cores(2)
    first, second = both(threading.get_ident, threading.get_ident)
    assert first == here != second
    cores(1)
    assert both(threading.get_ident, threading.get_ident) == (here, here)


def test_an_interpreter_that_ends_does_both_one_after_the_other(
    cores: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ending:
        def submit(self, work: object) -> None:
            raise RuntimeError("cannot schedule new futures after interpreter shutdown")

    cores(2)
    monkeypatch.setattr(threads, "_pool", lambda job, most: Ending())
    assert both(lambda: "first", lambda: "second") == ("first", "second")


@pytest.mark.parametrize("mode", list(Mode))
def test_legs_at_once_answer_as_one_after_the_other(
    seed_archive: Path, cores: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, mode: Mode
) -> None:
    threads = {leg: noted(monkeypatch, leg) for leg in LEGS}
    cores(2)
    with Searcher.open(seed_archive) as searcher:
        before = [searcher.search(question, mode=mode) for question in QUESTIONS]
        assert set.union(*threads.values()) == {threading.get_ident()}
        monkeypatch.setattr(local_candidates, "_MANY", 0)
        after = [searcher.search(question, mode=mode) for question in QUESTIONS]
    assert any(before)
    assert [answer.hits for answer in after] == [answer.hits for answer in before]
    assert (len(threads["by_meaning"]) > 1) == (mode == Mode.HYBRID)
    assert len(threads["by_words"]) == 1, "one thread at a time looks for words, and finds none in the mode of meaning"


def noted(monkeypatch: pytest.MonkeyPatch, leg: str) -> set[int]:
    """Note the threads in which a leg is looked for."""
    threads: set[int] = set()
    work = getattr(LocalCandidates, leg)

    def noting(*of: object) -> object:
        threads.add(threading.get_ident())
        return work(*of)

    monkeypatch.setattr(LocalCandidates, leg, noting)
    return threads


@pytest.mark.parametrize("failing", LEGS)
def test_a_leg_that_fails_is_told_when_the_other_has_ended(
    seed_archive: Path, cores: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    cores(2)
    begun, ended = threading.Event(), threading.Event()

    def fail(*of: object) -> None:
        assert begun.wait(60), "the other leg was not begun beside this one"
        raise Damaged("it broke")

    def slow(*of: object) -> None:
        begun.set()
        threading.Event().wait(0.1)
        ended.set()

    (other,) = set(LEGS) - {failing}
    monkeypatch.setattr(local_candidates, "_MANY", 0)
    monkeypatch.setattr(LocalCandidates, failing, fail)
    monkeypatch.setattr(LocalCandidates, other, slow)
    with Searcher.open(seed_archive) as searcher, pytest.raises(Damaged, match="it broke"):
        searcher.search("sanctions threats")
    assert ended.is_set()
