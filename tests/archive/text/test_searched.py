from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.core.article import Span
from archive.text.searched import searched

ALPHABET = "aAé-‐\u00ad¬ \n\t.,'1中"


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("the inspec-\ntors came", "the inspectors came"),
        ("the inspec- \n  tors, who", "the inspectors,     who"),
        ("un\u00ad\nloaded", "unloaded  "),
        ("cli¬\nmate of", "climate   of"),
        ("north-\nern towns", "northern   towns"),
        ("Fäh-\nre blieb", "Fähre   blieb"),
        ("govern-\nment—promis-\ned it", "government—promis-   ed it"),
    ],
)
def test_a_word_that_a_line_end_divides_is_whole(text: str, joined: str) -> None:
    read = searched(text)
    assert read.text.split() == joined.split()
    assert len(read.text) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "a planet-warming gas",
        "the north-\neastern towns",
        "a well-\nknown man",
        "the NATO-\nled force",
        "Covid-\n19 and F-\n16",
        "state-of-the-\nart",
        "Anna-\nMaria",
        "mother-\nin-law",
        "he came -\nand went",
        "no hyphen\nhere",
        "dis-\n\nagree",
    ],
)
def test_real_hyphens_and_dashes_stay(text: str) -> None:
    assert searched(text).text == text


def test_offsets_in_and_behind_a_joined_word_lead_back_to_the_original() -> None:
    text = "Two inspec-\ntors, both tired, left un\u00ad\nloaded ships."
    read = searched(text)
    for word, original in (
        ("Two", "Two"),
        ("inspectors", "inspec-\ntors"),
        ("both", "both"),
        ("left", "left"),
        ("unloaded", "un\u00ad\nloaded"),
        ("ships", "ships"),
    ):
        start = read.text.index(word)
        first, last = read.original(start, start + len(word))
        assert text[first:last] == original


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("beside [the gate](https://gant.example/gate?ref=inline), where", "beside [the gate] , where"),
        (
            "![A ferry](https://img.example/ferry_(large).jpg 'x') came",
            "![A ferry](https://img.example/ferry_(large).jpg 'x') came",
        ),
        ('![A ferry](https://img.example/ferry_(large).jpg "Ferry") came', "![A ferry] came"),
        ("[next](../next.html) and [top](#top)", "[next] and [top]"),
        ("the list [1](which is long) says", "the list [1](which is long) says"),
    ],
)
def test_addresses_behind_links_are_no_words(text: str, words: str) -> None:
    read = searched(text)
    assert read.text.split() == words.split()
    assert len(read.text) == len(text)


def test_nothing_is_joined_with_what_is_hidden() -> None:
    text = "the inspec-\ntors came"
    assert searched(text, (Span(12, 16),)).text == text
    assert searched(text, (Span(0, 3),)).text != text
    assert searched(text, edges=(12,)).text == text
    assert searched(text, edges=(4, 16)).text != text


@given(st.text(ALPHABET, max_size=60))
def test_the_length_holds_and_every_word_leads_back_to_its_letters(text: str) -> None:
    read = searched(text)
    assert len(read.text) == len(text)
    start = 0
    for word in read.text.split():
        start = read.text.index(word, start)
        first, last = read.original(start, start + len(word))
        assert 0 <= first < last <= len(text)
        assert letters(text[first:last]) == letters(word)
        start += len(word)


@given(st.lists(st.sampled_from(("inspec", "-\n", "tors", "—", ",", " ", "¬\n", "(")), max_size=16).map("".join))
def test_words_that_divided_ones_lean_on_keep_their_place(text: str) -> None:
    read = searched(text)
    assert len(read.text) == len(text)
    assert sorted(letters(read.text)) == sorted(letters(text))
    for at, letter in enumerate(read.text):
        if letter.isalpha():
            first, last = read.original(at, at + 1)
            assert text[first:last] == letter


def letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
