"""What is said of fields that there are not, and of dates that end before they begin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import parse
from index.contracts.conditions import Attribute
from index.query.advice import FIELDS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('by:"Ida Krumm"', "There is no field “by”, so it was read as words; author:… may be meant."),
        ("-host:example.org", "There is no field “host”, so host:example.org was read as words; site:example.org may"),
        ("outlett:post", "There is no field “outlett”, so outlett:post was read as words; outlet:post may be meant."),
        ("(gas AND foo:bar)", "There is no field “foo”, so foo:bar was read as words; the fields are title, outlet,"),
        ("date:feb gas", "“feb” is no date, so date:feb was read as words; dates are 2022, 2022-01, 2022-01-20 or"),
        ('after:"last week"', "“last week” is no date, so after:last week was read as words; dates are"),
        (
            "date:2022-01..2021-12",
            "date:2022-01-01..2021-12-31 ends before it begins, so no day is in it; date:2021-12",
        ),
        ("gas -date:2022..2021-12-31", "date:2022-01-01..2021-12-31 ends before it begins"),
    ],
)
def test_what_was_meant_is_said(text: str, said: str) -> None:
    notes = [note for note in parse(text).notes if said in note]
    assert len(notes) == 1
    assert notes[0].endswith(".")
    assert not [note for note in parse(text).notes if "Read as plain words" in note]


@pytest.mark.parametrize(
    "text",
    [
        "gas",
        "outlet:post after:2022",
        "date:2021-12..2022-01",
        "date:2022..2022",
        "date:2022..",
        '"from:post"',
        "https://example.org/a",
        "at 10:30",
        "Ukraine: sanctions",
        "a:b",
        "like:3f9c1e0a7b52d684",
    ],
)
def test_nothing_is_said_of_what_is_as_it_should_be(text: str) -> None:
    assert parse(text).notes == ()


def test_of_many_fields_only_some_are_told() -> None:
    text = " ".join(f"field{'x' * number}:v" for number in range(9))
    notes = parse(text).notes
    assert len([note for note in notes if "There is no field" in note]) == 3
    assert notes[-1].endswith("fieldxxxxxx, fieldxxxxxxx, fieldxxxxxxxx.")


def test_every_field_that_there_is_is_known() -> None:
    assert set(FIELDS) == {*Attribute, "date", "after", "before", "since", "until", "like"}


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_advice_never_changes_how_a_question_is_read(text: str) -> None:
    query = parse(text)
    assert parse(str(query)) == query
    assert all(note.isprintable() for note in query.notes)


@pytest.mark.parametrize(
    ("text", "typed", "day"),
    [
        ("ferries on 7 June 2021", "7 June 2021", "2021-06-07"),
        ("June 7, 2021 strike?", "June 7, 2021", "2021-06-07"),
        ("strike of 2021-06-07", "2021-06-07", "2021-06-07"),
    ],
)
def test_of_a_day_among_the_words_it_is_said_how_to_ask_for_it(text: str, typed: str, day: str) -> None:
    (note,) = parse(text).notes
    assert note == f"“{typed}” is looked for as words; date:{day} asks for what was published on that day."


@pytest.mark.parametrize(
    "text",
    ["ferry in June 2021", "strike 06/07/2021", "20210607", "7 June", '"7 June 2021"', "7 June 2021 date:2021"],
)
def test_of_what_is_no_one_day_or_asked_for_nothing_is_said(text: str) -> None:
    assert not [note for note in parse(text).notes if "as words; date:" in note]
