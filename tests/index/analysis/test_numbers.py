"""Numbers in texts: one word whatever separates thousands, decimals kept together, years kept apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.analysis.analyzer import divides, joined, words

TYPED = (
    "250,000", "250.000", "250 000", "250\u00a0000", "250\u202f000", "250\u2009000", "250'000", "250’000", "250000",
    "٢٥٠٬٠٠٠", "２５０,０００", "2,50,000",
)  # fmt: skip


@pytest.mark.parametrize("typed", TYPED)
def test_a_number_is_one_word_whatever_separates_its_thousands(typed: str) -> None:
    found = words(f"some {typed}, they say")
    assert found.folded == ["some", "250000", "they", "say"]
    assert (found.starts[1], found.ends[1]) == (5, 5 + len(typed))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("7.80", "7.80"),
        ("7,80", "7.80"),
        ("17,80", "17.80"),
        ("0,375", "0.375"),
        ("1.250,50", "1250.50"),
        ("1,250.50", "1250.50"),
        ("1 250,50", "1250.50"),
        ("12,345,678.9", "12345678.9"),
        ("٧٫٨٠", "7.80"),
    ],
)
def test_decimals_belong_to_their_number(typed: str, expected: str) -> None:
    assert words(typed).folded == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in 2021 300 boats", ["in", "2021", "300", "boats"]),
        ("en 2021 250 000 voix", ["en", "2021", "250000", "voix"]),
        ("5.4.2021 10.0.0.1 1,2,3", ["5", "4", "2021", "10", "0", "0", "1", "1", "2", "3"]),
        ("2021,2022 12:30 7/8", ["2021", "2022", "12", "30", "7", "8"]),
        ("ten 737-800 jets, 10 737-800 jets", ["ten", "737", "800", "jets", "10", "737", "800", "jets"]),
        ("0 500 1 2345", ["0", "500", "1", "2345"]),
        ("250,000km 7.5m", ["250000", "km", "7.5", "m"]),
    ],
)
def test_what_is_no_number_is_left_in_its_parts(text: str, expected: list[str]) -> None:
    assert words(text).folded == expected


@given(
    st.lists(st.sampled_from(["12", "345", "678", "2021", "a", " ", " ", "\n", ",", ".", "-", "\u00a0"])).map("".join)
)
def test_where_a_text_may_be_divided_both_halves_give_the_words_of_the_whole(text: str) -> None:
    for offset in range(len(text) + 1):
        if divides(text, offset):
            halves = (joined(text, 0, offset, "en"), joined(text, offset, len(text), "en"))
            assert tuple(" ".join(filter(None, each)) for each in zip(*halves, strict=True)) == joined(
                text, 0, len(text), "en"
            )
