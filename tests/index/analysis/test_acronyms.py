"""Acronyms that are words in small letters: what tells them, and where capitals say nothing."""

from __future__ import annotations

import pytest

from index.analysis.acronyms import calmed
from index.analysis.analyzer import joined, words
from index.contracts.conditions import BESIDE


def stemmed(text: str, language: str | None = "en") -> list[str]:
    return [stem.removeprefix(BESIDE) for stem in joined(text, 0, len(text), language)[1].split()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The US asked us.", ["en:us", "en:US", "en:ask", "en:us"]),
        ("IT is it", ["en:IT"]),
        ("the U.S.'s fleet", ["en:us", "en:US", "en:fleet"]),
        ("NATO and Nato", ["en:nato", "en:nato"]),
        ("a US-led force", ["en:us", "en:led", "en:US", "en:forc"]),
        ("I saw A and B", ["en:saw", "en:b"]),
    ],
)
def test_an_acronym_is_also_found_as_such(text: str, expected: list[str]) -> None:
    assert sorted(token for token in stemmed(text) if token != "en:usl") == sorted(expected)


def test_an_acronym_is_one_in_every_language() -> None:
    assert "fr:UN" in stemmed("Le UN a voté un texte", "fr")
    assert stemmed("Le UN", None) == ["le", "un", "UN"]


@pytest.mark.parametrize(
    ("text", "calm"),
    [
        ("WHO IS TO BLAME? The WHO", "who is to blame? The WHO"),
        ("The US and UN\nWHAT IT TAKES TO WIN\nIS it", "The US and UN\nwhat it takes to win\nIS it"),
        ("ALL OF IT IS OURS", "all of it is ours"),
        ("US, UN, WHO.", "US, UN, WHO."),
        ("FBI CIA NSA EPA said", "FBI CIA NSA EPA said"),
    ],
)
def test_a_stretch_of_capitals_says_nothing(text: str, calm: str) -> None:
    assert calmed(text) == calm


def test_words_are_where_they_were() -> None:
    found = words("ALL OF IT IS OURS. US")
    assert (found.folded[-1], found.starts[-1]) == ("us", 19)


def test_other_forms_of_a_word_stand_beside_it_and_forms_alone_do_not() -> None:
    told = "The US in IT: a cease-fire, F-16"
    assert joined(told, 0, len(told), "en")[1].split() == [
        "en:us", "+en:US", "en:IT", "en:ceas", "+en:ceasefir", "en:fire", "en:f16"
    ]  # fmt: skip
