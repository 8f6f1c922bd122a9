"""Dates as people write them into a question."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.contracts.conditions import Dated
from index.query.ast import Item, Word
from index.query.dates.ranges import KEYS, date_range
from index.query.parser import parse

DAY = Dated("2021-10-07", "2021-10-07")
MONTH = Dated("2021-10-01", "2021-10-31")


@pytest.mark.parametrize(
    "written",
    [
        "2021-10-07", "2021-10-7", "2021/10/07", "2021.10.07", "7.10.2021", "07.10.2021", "7 October 2021",
        "7 Oct 2021",
        "October 7, 2021", "Oct. 7th, 2021", "Thursday, 7 October 2021", "7th of October 2021", "2021-10-07T08:15:00Z",
        "7 octobre 2021", "7 de octubre de 2021", "7. Oktober 2021", "7 Ekim 2021", "7 ottobre 2021",
        "7 de outubro de 2021",
        "7 oktober 2021", "7 października 2021", "7 октября 2021", "7 жовтня 2021", "2021年10月7日", "2021년 10월 7일",
        "٧ أكتوبر ٢٠٢١", "7 Οκτωβρίου 2021",
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    assert date_range("date", written) == DAY
    assert parse(f'gas date:"{written}"').items == (Item(Word("gas")), Item(DAY))
    assert parse(f"gas date:{written} oil").items == (Item(Word("gas")), Item(DAY), Item(Word("oil")))


@pytest.mark.parametrize(
    "written",
    [
        "2021-10",
        "2021/10",
        "10/2021",
        "10.2021",
        "October 2021",
        "Oct 2021",
        "october-2021",
        "octobre 2021",
        "октябрь 2021",
    ],
)
def test_a_month_is_read_as_its_days(written: str) -> None:
    assert date_range("date", written) == MONTH
    assert date_range("until", written) == Dated(last="2021-10-31")
    assert date_range("since", written) == date_range("after", written) == Dated(first="2021-10-01")
    assert date_range("before", written) == Dated(last="2021-09-30")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("after:9 May 2021 gas", "date:2021-05-09.. gas"),
        ("gas until:May 2021", "gas date:..2021-05-31"),
        ("(gas AND since:9 May 2021)", "(gas AND date:2021-05-09..)"),
        ("-date:9 May 2021", "-date:2021-05-09"),
        ("date:March 2021..9 May 2021 gas", "date:2021-03-01..2021-05-09 gas"),
        ('date:"March 2021 .. 9 May 2021"', "date:2021-03-01..2021-05-09"),
        ("date:..May 2021 5 dead", "date:..2021-05-31 5 dead"),
        ("date:2021 May 5", "date:2021-01-01..2021-12-31 May 5"),
        ("до:x date:9 мая 2021 г. газ", "до:x date:2021-05-09 газ"),
        ("from:9 May 2021 gas", "date:2021-05-09.. gas"),
        ("to:May 2021", "date:..2021-05-31"),
        ("Date: 9 May 2021", "date:2021-05-09"),
    ],
)
def test_a_date_of_several_words_needs_no_quotation_marks(typed: str, read: str) -> None:
    assert str(parse(typed)) == read
    assert parse(read).items == parse(typed).items


@pytest.mark.parametrize(
    ("written", "either"),
    [
        ("03/04/2021", "2021-04-03 or 2021-03-04"),
        ("3-4-2021", "2021-04-03 or 2021-03-04"),
        ("listopad 2021", "2021-11"),
    ],
)
def test_what_may_be_two_days_is_left_open_and_told(written: str, either: str) -> None:
    query = parse(f"gas date:{written}")
    assert all(isinstance(item.what, Word) for item in query.items)
    assert len([note for note in query.notes if either in note and "or" in note]) == 1


@pytest.mark.parametrize("written", ["13/04/2021", "04/13/2021", "04/04/2021"])
def test_what_can_be_one_day_alone_is_read(written: str) -> None:
    assert date_range("date", written) is not None


@pytest.mark.parametrize(
    "written",
    ["7 October", "7.10.21", "7 October 21", "yesterday", "Monday", "2021-13", "spring 2021", "Q1 2021", "gas 2021"],
)
def test_what_lacks_a_part_is_no_date_and_told(written: str) -> None:
    assert date_range("date", written) is None
    assert [note for note in parse(f'date:"{written}"').notes if "is no date" in note]
    left_out = parse(f'gas -date:"{written}"')
    assert left_out.items == (Item(Word("gas")),)
    assert [note for note in left_out.notes if "left out" in note]


def test_what_was_read_is_told_unless_it_was_typed_so() -> None:
    assert parse("date:2021-10-07 after:2021-01 until:2022").notes == ()
    assert parse("date:7.10.2021").notes == ("“date:7.10.2021” is read as “date:2021-10-07”.",)
    assert parse("until:Oct 2021").notes == ("“until:Oct 2021” is read as “date:..2021-10-31”.",)


@given(st.sampled_from(KEYS), st.dates())
def test_every_day_is_read_as_itself(key: str, day: object) -> None:
    read = date_range(key, str(day))
    assert read is not None or (key == "before" and str(day) == "0001-01-01")
    assert key in ("before", "after", "since", "until") or read == Dated(str(day), str(day))


def test_languages_are_loaded_for_dates_in_them_alone() -> None:
    """A question is read with every key; loading them takes a third of a second."""
    code = (
        "import sys; from index.query.parser import parse; "
        "parse('gas date:2021-10 date:7.10.2021 after:7 October 2021 from:guardian outlet:post'); "
        "assert 'dateparser' not in sys.modules; "
        "parse('date:7 octobre 2021'); "
        "assert 'dateparser' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.timeout(60)
def test_of_very_many_dates_the_first_are_read_in_every_language_and_the_rest_is_told() -> None:
    dates = " ".join(f"date:{day} octobre 2021" for day in range(1, 13))
    note = "Dates behind the first 10 are read in numbers and in English alone."
    assert len([item for item in parse(dates).items if isinstance(item.what, Dated)]) == 10
    assert note in parse(dates).notes
    assert note not in parse("date:7 octobre 2021 after:7.10.2021").notes
    hostile = " ".join(f"after:mä{number} x {2000 + number} yö 2022 z" for number in range(160))
    assert note in parse(hostile).notes
