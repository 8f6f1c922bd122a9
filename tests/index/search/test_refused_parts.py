"""A part of an index that the system refuses is told as that; the other part answers, and nothing is called damaged."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import RuntimeException

from archive import Archive
from index import Mode, Searcher, verify
from index.embedding.query_encoding import QueryEncoding
from index.generations import open as opening

QUESTION = "Ukraine sanctions"


def refusing(number: int) -> Callable[..., NoReturn]:
    def refuse(*given: object, **named: object) -> NoReturn:
        raise OSError(number, os.strerror(number), "/some/file")

    return refuse


@pytest.mark.parametrize("number", [errno.EMFILE, errno.EIO, errno.EACCES, errno.ENOMEM], ids=errno.errorcode.get)
@pytest.mark.parametrize(("part", "name"), [("engine", "word index"), ("open_vectors", "vectors")])
def test_the_other_part_answers_and_the_reason_is_told(
    seed_archive: Path, monkeypatch: pytest.MonkeyPatch, part: str, name: str, number: int
) -> None:
    monkeypatch.setattr(opening, part, refusing(number))
    with Searcher.open(seed_archive) as searcher:
        answer = searcher.search(QUESTION, nearest=True)
    assert answer.hits
    (said,) = [sentence for sentence in answer.degraded if name in sentence and "refused" in sentence]
    assert os.strerror(number) in said
    assert "damaged" not in said
    assert getattr(said, "remedy", None) is None
    with Archive.open(seed_archive) as archive, pytest.raises(OSError, match=os.strerror(number)):
        verify(archive)


def test_where_both_are_refused_nothing_is_answered(seed_archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "engine", refusing(errno.EMFILE))
    monkeypatch.setattr(opening, "open_vectors", refusing(errno.EMFILE))
    with pytest.raises(OSError, match="Too many open files"):
        Searcher.open(seed_archive)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("std::bad_alloc"),
        RuntimeException("Failed to allocate memory for requested buffer of size 8"),
        OSError(errno.EMFILE, "No more"),
    ],
)
def test_a_question_that_cannot_be_encoded_for_want_of_something_is_asked_by_words(
    seed_archive: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def vector(self: QueryEncoding, text: str, fingerprint: str) -> NoReturn:
        raise error

    monkeypatch.setattr(QueryEncoding, "vector", vector)
    with Searcher.open(seed_archive) as searcher:
        answer = searcher.search(QUESTION)
    assert answer.hits
    assert any("system refused" in sentence for sentence in answer.degraded)


def test_few_vectors_are_read_through_the_mapping_where_no_file_can_be_opened(
    seed_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Searcher.open(seed_archive) as searcher:
        usual = [hit.passage.id for hit in searcher.search(QUESTION, mode=Mode.SEMANTIC)]
        monkeypatch.setattr(Path, "open", refusing(errno.EMFILE))
        assert [hit.passage.id for hit in searcher.search(QUESTION, mode=Mode.SEMANTIC)] == usual
