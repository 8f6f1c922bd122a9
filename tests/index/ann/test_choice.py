from __future__ import annotations

from dataclasses import replace

import pytest

from archive.folder.settings import VectorSearch
from index.ann.choice import SMALL, Proposer, deepest, explained, is_worth_keeping, proposer, wants_chroma
from index.ann.measured import Measured

MEASURED = Measured(
    recall=0.995,
    ef_search=200,
    chroma_ms=5.0,
    coded_ms=0.05,
    questions=100,
    complete=97,
    vectors=900_000,
    passages=1_000_000,
)
WHOLE = replace(MEASURED, recall=1.0, complete=100, chroma_ms=3.4)


@pytest.mark.parametrize(
    ("measured", "passages", "expected"),
    [
        (MEASURED, 1_000, Proposer.CODES),
        (WHOLE, 1_000, Proposer.CODES),
        (WHOLE, 8_000, Proposer.CHROMA),
        (WHOLE, 10_000, Proposer.CHROMA),
        (WHOLE, 10_001, Proposer.CODES),
        (replace(WHOLE, complete=99), 8_000, Proposer.CODES),
        (replace(WHOLE, chroma_ms=3.6), 10_000, Proposer.CODES),
        (MEASURED, 100_000, Proposer.CODES),
        (MEASURED, 100_001, Proposer.CHROMA),
        (MEASURED, 1_000_000, Proposer.CHROMA),
        (None, 1_000_000, Proposer.CODES),
    ],
)
def test_a_small_archive_asks_what_misses_nothing_and_a_large_one_what_is_quicker(
    measured: Measured | None, passages: int, expected: Proposer
) -> None:
    assert proposer(measured, passages) is expected


@pytest.mark.parametrize(
    ("setting", "passages", "expected"),
    [
        ("auto", 0, False),
        ("auto", 1, True),
        ("auto", SMALL, True),
        ("auto", SMALL + 1, False),
        ("exact", 100, False),
        ("chroma", 100, True),
        ("chroma", 1_000_000, True),
        ("chroma", 0, False),
    ],
)
def test_vectors_go_into_chroma_where_the_setting_says_so_or_the_archive_is_small(
    setting: VectorSearch, passages: int, expected: bool
) -> None:
    assert wants_chroma(setting, passages) is expected


@pytest.mark.parametrize(
    ("setting", "measured", "expected"),
    [
        ("auto", WHOLE, True),
        ("auto", replace(WHOLE, complete=99), False),
        ("auto", replace(WHOLE, chroma_ms=30), False),
        ("chroma", replace(WHOLE, complete=99, chroma_ms=30), True),
        ("chroma", replace(WHOLE, recall=0.98), False),
    ],
)
def test_an_index_asked_for_by_name_is_kept_with_fewer_of_the_nearest(
    setting: VectorSearch, measured: Measured, expected: bool
) -> None:
    assert is_worth_keeping(setting, measured, SMALL) is expected


def test_settings_that_differ_from_the_index_in_use_are_told() -> None:
    settings: dict[VectorSearch, bool] = {"auto": False, "chroma": False, "exact": True}
    for setting, differs in settings.items():
        told = explained(setting, WHOLE, 8_000, is_kept=True)
        assert "asks Chroma" in told
        assert ('vectors = "exact"' in told) is differs


@pytest.mark.parametrize(
    ("measured", "passages", "expected"),
    [
        (WHOLE, SMALL, 100),
        (replace(WHOLE, depth=200), SMALL, 200),
        (replace(MEASURED, depth=200), SMALL + 1, 5_000),
        (None, 1_000, 5_000),
    ],
)
def test_what_misses_nothing_is_asked_as_deep_as_that_was_measured(
    measured: Measured | None, passages: int, expected: int
) -> None:
    assert deepest(measured, passages) == expected
