from __future__ import annotations

import pytest

from archive.settings import Chroma
from index.manifest import Measured
from index.vectors.planner import LARGE, Proposer, quicker, wanted

MEASURED = Measured(recall=0.995, ef_search=200, chroma_ms=5.0, coded_ms=0.05)


@pytest.mark.parametrize(
    ("measured", "passages", "expected"),
    [
        (MEASURED, 1_000, Proposer.CODES),
        (MEASURED, 100_000, Proposer.CODES),
        (MEASURED, 100_001, Proposer.CHROMA),
        (MEASURED, 1_000_000, Proposer.CHROMA),
        (None, 1_000_000, Proposer.CODES),
    ],
)
def test_the_way_that_was_measured_to_be_quicker_is_taken(
    measured: Measured | None, passages: int, expected: Proposer
) -> None:
    assert quicker(measured, passages) is expected


@pytest.mark.parametrize(
    ("setting", "passages", "previous", "expected"),
    [
        (True, 1, None, True),
        (False, LARGE, None, False),
        ("auto", LARGE - 1, None, False),
        ("auto", LARGE, None, True),
        ("auto", LARGE, False, False),
        ("auto", 1, True, True),
    ],
)
def test_chroma_is_made_where_it_can_be_quicker_and_stays_as_it_is_until_a_rebuild(
    setting: Chroma, passages: int, previous: bool | None, expected: bool
) -> None:
    assert wanted(setting, passages, previous) is expected
