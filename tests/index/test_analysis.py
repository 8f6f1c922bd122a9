from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from index.analysis import BREAK, query_stems, stem, words
from index.folding import fold

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("abcXYZ .,'’ʼ-_\n\"éßİıﬁΣσςü中文字かなカナー東京،عربнет́̈0１²½Ⅷ"),
        st.characters(codec="utf-8"),
    ),
    max_size=80,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("The minister's plan", ["the", "minister", "plan"]),
        ("the minister’s plan", ["the", "minister", "plan"]),
        ("THE MINISTER'S", ["the", "minister"]),
        ("the ministers' plan", ["the", "ministers", "plan"]),
        ("the U.S. and the U.S.'s allies", ["the", "us", "and", "the", "us", "allies"]),
        ("don't won’t O'Brien", ["dont", "wont", "obrien"]),
        ("Café Ångström naïve", ["cafe", "angstrom", "naive"]),
        ("cafe\u0301", ["cafe"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("İstanbul ISTANBUL", ["istanbul", "istanbul"]),
        ("ﬁnance oﬃce", ["finance", "office"]),
        ("１２ ½ Ⅷ", ["12", "12", "viii"]),
        ("ΟΔΟΣ οδος", ["οδοσ", "οδοσ"]),
        ("state-owned snake_case", ["state", "owned", "snake", "case"]),
        ("東京都", ["東京", "京都"]),
        ("港", ["港"]),
        ("東京tower東京", ["東京", "tower", "東京"]),
        ("'quoted' ’s", ["quoted", "s"]),
        ("...", []),
        ("", []),
    ],
)
def test_words_are_folded(text: str, folded: list[str]) -> None:
    assert words(text).folded == folded


def test_offsets_leave_the_possessive_out() -> None:
    found = words("Moscow's plan")
    assert list(zip(found.starts, found.ends, strict=True)) == [(0, 6), (9, 13)]


def test_offsets_of_an_acronym_take_its_last_dot_in() -> None:
    text = "in the U.S. today"
    found = words(text)
    assert text[found.starts[2] : found.ends[2]] == "U.S."


def test_bigrams_of_chinese_overlap_and_keep_their_offsets() -> None:
    found = words("a 東京都 b")
    assert found.folded == ["a", "東京", "京都", "b"]
    assert list(zip(found.starts, found.ends, strict=True)) == [(0, 1), (2, 4), (3, 5), (6, 7)]


def test_a_part_of_a_text_is_read_with_offsets_into_the_whole() -> None:
    found = words("one two three", 4, 7)
    assert (found.folded, found.starts, found.ends) == (["two"], [4], [7])


def test_very_long_words_are_clipped_to_64_characters() -> None:
    assert words("x" * 500).folded == ["x" * 64]
    assert words("x" * 500).ends == [500]


@given(TEXTS)
@example("İ'S")
@example("a.b.c'sx")
@example("ﬁ’s東京's")
def test_offsets_ascend_and_lie_inside_the_text(text: str) -> None:
    found = words(text)
    assert len(found.folded) == len(found.starts) == len(found.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(found.starts, found.ends, strict=True))
    assert found.starts == sorted(set(found.starts))
    assert found.ends == sorted(set(found.ends))
    assert all(token and BREAK not in token and " " not in token for token in found.folded)


@given(TEXTS)
def test_what_a_token_stands_for_folds_to_it(text: str) -> None:
    found = words(text)
    for token, start, end in zip(found.folded, found.starts, found.ends, strict=True):
        assert fold(text[start:end]) == token


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    for token in words(text).folded:
        assert fold(token) == token


@given(
    TEXTS.map(lambda text: text.replace(".", " ")),
    st.sampled_from(["", " ", "\n", ", ", " (", '"', "— ", "_"]),
    st.sampled_from(["", " ", ", ", ")", '" ', "!", "_"]),
)
def test_a_word_gives_the_same_token_whatever_surrounds_it(text: str, before: str, after: str) -> None:
    assume(not text or not unicodedata.category(text[0]).startswith("M"))  # a mark belongs to what it follows
    assert words(f"{before}{text}{after}").folded == words(text).folded


def test_no_text_can_produce_the_break() -> None:
    assert BREAK not in words(f"a{BREAK}b").folded


def test_stems_follow_the_language() -> None:
    assert stem("sanctioned", "en") == stem("sanctions", "en") == "sanction"
    assert stem("the", "en") is None
    assert stem("the", "de") == "the"
    assert stem("casas", "es") == stem("casa", "es")
    assert stem("sanctions", None) == "sanctions"
    assert stem("sanctions", "xx") == "sanctions"


def test_a_querys_word_is_stemmed_in_every_language_of_the_archive() -> None:
    assert query_stems("sanctions", ("en",)) == ("sanction",)
    assert set(query_stems("sanctions", ("en", "es"))) >= {"sanction", "sanctions"}
    assert query_stems("the", ("en", "es")) == ()
    assert query_stems("sanctions", ()) == ("sanctions",)
