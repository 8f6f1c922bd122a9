"""Both legs of a question at once answer as one after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import Damaged
from index import Mode, Searcher, beside, retrieval
from index.beside import begun
from index.retrieval import Retriever

QUESTIONS = ("sanctions threats", "pipeline -gas", "after:2021-12-01 sanctions", "zzzz", "lang:en")


@pytest.fixture
def cores(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    return lambda count: monkeypatch.setattr(beside, "usable_cores", lambda: count)


def test_work_is_done_on_another_thread_where_a_core_is_free(cores: Callable[[int], None]) -> None:
    cores(2)
    assert begun(threading.get_ident)() != threading.get_ident()
    cores(1)
    assert begun(threading.get_ident)() == threading.get_ident()


@pytest.mark.parametrize("mode", list(Mode))
def test_legs_at_once_answer_as_one_after_the_other(
    seed_archive: Path, cores: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, mode: Mode
) -> None:
    cores(2)
    with Searcher.open(seed_archive) as searcher:
        before = [searcher.search(question, mode=mode) for question in QUESTIONS]
        monkeypatch.setattr(retrieval, "_MANY", 0)
        after = [searcher.search(question, mode=mode) for question in QUESTIONS]
    assert any(before)
    assert [answer.hits for answer in after] == [answer.hits for answer in before]


@pytest.mark.parametrize("leg", ["_lexical_leg", "_by_meaning"])
def test_a_leg_that_fails_is_told_when_the_other_has_ended(
    seed_archive: Path, cores: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, leg: str
) -> None:
    cores(2)
    ended: list[str] = []

    def failing(*of: object) -> None:
        raise Damaged("it broke")

    def slow(*of: object) -> None:
        threading.Event().wait(0.05)
        ended.append("other")

    other = "_by_meaning" if leg == "_lexical_leg" else "_lexical_leg"
    monkeypatch.setattr(retrieval, "_MANY", 0)
    monkeypatch.setattr(Retriever, leg, failing)
    monkeypatch.setattr(Retriever, other, slow)
    with Searcher.open(seed_archive) as searcher, pytest.raises(Damaged, match="it broke"):
        searcher.search("sanctions threats")
    assert ended == ["other"]
