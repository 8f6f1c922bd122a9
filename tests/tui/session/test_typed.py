"""What is asked while somebody types."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.query.parser import parse
from tui.session.request import Request
from tui.session.typed import as_asked


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("sanc", "sanc*"),
        ("sanctions thre", "sanctions thre*"),
        ("sanctions af", "sanctions af"),
        ("sanctions threats ", "sanctions threats "),
        ("+mosc", "+mosc*"),
        ("gas -price", "gas -price"),
        ("gas AND NOT pric", "gas AND NOT pric"),
        ("gas AND pric", "gas AND pric*"),
        ("cease-fire", "cease-fire"),
        ("sanct*", "sanct*"),
        ("zelensky~", "zelensky~"),
        ('"gas pipeline"', '"gas pipeline"'),
        ("(coal OR gas)", "(coal OR gas)"),
        ("outlet:times", "outlet:times"),
        ("date:2022-01", "date:2022-01"),
        ("gas date:5 April 2022", "gas date:5 April 2022"),
        ("date:5 April 2022 pric", "date:5 April 2022 pric*"),
        ("title: price", "title: price"),
        ("title: price gass", "title: price gass*"),
        ("über", "über*"),
    ],
)
def test_the_last_word_is_asked_as_a_beginning(written: str, asked: str) -> None:
    assert as_asked(written) == asked


@pytest.mark.parametrize(
    "written",
    [
        '"',
        '"gas pip',
        "“gas pip",
        "gas +",
        "gas -",
        ")(",
        "(coal OR ga",
        "gas AND",
        "NOT",
        "outlet:",
        "date:feb",
        "gas date:5 Apr",
    ],
)
def test_half_an_operator_is_waited_for(written: str) -> None:
    assert as_asked(written) is None


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='ab gasé漢"“”()+-~*:.ANDORT\t', max_size=30))
def test_what_is_finished_is_asked_as_it_is_written(text: str) -> None:
    request = Request().retyped(text).finished()

    assert request.asked == text
    asked = as_asked(text)
    if asked is not None:
        assert asked in (text, f"{text}*")
        assert asked == text or parse(asked) != parse(text)
