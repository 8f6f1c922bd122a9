from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archive.core.article import Span
from archive.core.spans import gaps, merged, without

TEXT = "0123456789"
spans = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)).map(lambda ends: Span(min(ends), max(ends))))


def covered(some: tuple[Span, ...] | list[Span]) -> set[int]:
    return {place for span in some for place in range(span.start, span.end)}


@given(spans)
def test_merged_spans_cover_the_same_and_are_disjoint(some: list[Span]) -> None:
    one = merged(some)
    assert covered(one) == covered(some)
    assert all(before.end <= after.start for before, after in pairwise(one))


@given(spans)
def test_gaps_are_what_the_spans_leave(some: list[Span]) -> None:
    hidden = merged(some)
    left = list(gaps(hidden, len(TEXT)))
    assert len(left) == len(hidden) + 1
    assert covered(left) == set(range(10)) - covered(hidden)
    assert without(TEXT, hidden) == "".join(TEXT[place] for place in sorted(covered(left)))


def test_spans_that_only_touch_stay_two() -> None:
    assert merged([Span(3, 5), Span(0, 3), Span(4, 6)]) == (Span(0, 3), Span(3, 6))
