from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.contracts.engines import Scored
from index.vectors.sharing import PassagesByVector


@given(st.lists(st.integers(0, 9), max_size=60), st.lists(st.integers(-2, 12), unique=True))
def test_every_passage_of_a_vector_is_found_with_its_score_and_no_other(slots: list[int], asked: list[int]) -> None:
    by_vector = PassagesByVector(np.array(slots, np.int64))
    scores = -np.arange(len(asked), dtype=np.float32)
    expanded = by_vector.expanded(Scored(np.array(asked, np.int64), scores))
    expected = [
        (passage, float(score))
        for slot, score in zip(asked, scores, strict=True)
        for passage, own in enumerate(slots)
        if own == slot
    ]
    assert list(zip(expanded.ordinals.tolist(), expanded.scores.tolist(), strict=True)) == expected


@given(st.lists(st.integers(0, 9), max_size=60))
def test_each_vector_is_there_once_with_the_first_passage_that_has_it(slots: list[int]) -> None:
    by_vector = PassagesByVector(np.array(slots, np.int64))
    assert by_vector.slots.tolist() == sorted(set(slots))
    assert by_vector.first.tolist() == [slots.index(slot) for slot in sorted(set(slots))]
    assert by_vector.counts.tolist() == [slots.count(slot) for slot in sorted(set(slots))]
    assert len(by_vector) == len(set(slots))
