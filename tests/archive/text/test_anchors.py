"""A passage is found again by its own words, and not where they are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.anchors import find_again

WORDS = "The ministers met on Monday and agreed to meet again."


def test_words_are_found_wherever_they_have_gone_and_however_they_are_spaced() -> None:
    text = f"A new first line.\n\n{WORDS.replace(' ', chr(10))} And more."
    span = find_again(WORDS, text, 0)
    assert span is not None
    assert text[span.start : span.end].split() == WORDS.split()


def test_of_equal_words_the_nearest_are_taken() -> None:
    text = f"{WORDS} {WORDS} {WORDS}"
    second = len(WORDS) + 1
    span = find_again(WORDS, text, second + 3)
    assert span is not None
    assert span.start == second


def test_a_passage_that_has_lost_its_end_is_found_without_it() -> None:
    span = find_again(f"{WORDS} Share this on Twitter", f"Before. {WORDS} After.", 0)
    assert span is not None
    assert f"Before. {WORDS} After."[span.start : span.end] == WORDS


@pytest.mark.parametrize(
    ("words", "now"),
    [
        (WORDS, WORDS.replace("Monday", "Sunday")),
        (WORDS, WORDS.replace(" and", ", and")),
        (WORDS, WORDS.replace("The ministers", "The foreign ministers")),
        (f"{WORDS} Advertisement {WORDS.upper()}", f"{WORDS} {WORDS.upper()}"),
        ("部長は月曜日に会い、また会うことにした。", "部長は火曜日に会い、また会うことにした。"),
    ],
)
def test_a_passage_is_found_again_with_a_few_words_changed_within(words: str, now: str) -> None:
    text = f"A new first line.\n\n{now}\n\nAnd more of it."
    span = find_again(words, text, 0)
    assert span is not None
    assert text[span.start : span.end] == now


def test_words_that_are_scattered_are_not_the_passage() -> None:
    text = " and then quite other things were said of it ".join(WORDS.split())
    assert find_again(WORDS, text, 0) is None


def test_other_words_are_not_taken_for_a_passage() -> None:
    assert find_again(WORDS, "The ministers met on Tuesday and parted for good.", 0) is None
    assert find_again("", WORDS, 0) is None


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Budget vote", "The Budgetary law"),
        ("Budget vote", "The Budget voters"),
        ("met Tuesday", "The metal works"),
        ("met Tuesday", "They met Monday"),
        ("They met on Tuesday", "They met on Monday"),
        ("one two three four five six seven eight nine ten", "one two three four five 6 7 8 9 10"),
    ],
)
def test_a_few_words_and_parts_of_words_are_not_enough(words: str, text: str) -> None:
    assert find_again(words, text, 0) is None


@pytest.mark.parametrize(
    ("words", "text"), [("部長は会った。", "その部長は会った。"), ('"Yes," he said', 'x"Yes," he said')]
)
def test_words_need_no_space_before_them(words: str, text: str) -> None:
    assert find_again(words, text, 0) is not None


@given(st.text(), st.text(min_size=1), st.text())
def test_a_piece_of_a_text_is_found_in_it(before: str, piece: str, after: str) -> None:
    text = f"{before} {piece} {after}"
    span = find_again(piece, text, len(before))
    assert (span is None) == (not piece.split())
    if span is not None:
        assert text[span.start : span.end].split() == piece.split()
