from __future__ import annotations

import pytest

from index.ann.choice import Proposer, quicker
from index.ann.measured import Measured

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
