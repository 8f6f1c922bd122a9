from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text import dates

NOW = datetime(2022, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021-12-10", "2021-12-10"),
        ("26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01"),
        (" 3-MAR-1987 09:18:21.26", "1987-03-03T09:18:21"),
        ("2022-01-20T10:15:00+01:00", "2022-01-20T10:15:00+01:00"),
        ("2022-01-20T10:15:00.123Z", "2022-01-20T10:15:00+00:00"),
        ("2021-02-11T00:00:00Z", "2021-02-11"),
        ("Thu, 20 Jan 2022 10:15:00 GMT", "2022-01-20T10:15:00+00:00"),
        ("Jan 20, 2022 at 10:15am EST", "2022-01-20T10:15:00-05:00"),
        ("20220120", "2022-01-20"),
        (20220120, "2022-01-20"),
        (1642673700, "2022-01-20T10:15:00+00:00"),
        ("1642673700", "2022-01-20T10:15:00+00:00"),
        (1642673700123, "2022-01-20T10:15:00+00:00"),
        (1642673700.5, "2022-01-20T10:15:00+00:00"),
        ("May 03 , 2013", "2013-05-03"),
        ("Friday, January 21, 2022", "2022-01-21"),
        ("12.10.2021", "2021-10-12"),
        ("2021 - 10 - 12", "2021-10-12"),
        ("2021. 10. 2.", "2021-10-02"),
        ("2021.10.12 18:05", "2021-10-12T18:05:00"),
        ("2021-W05-3", "2021-02-03"),
        ("Tue 12 Oct 2021 18.05 GMT", "2021-10-12T18:05:00+00:00"),
        ("2021-10-12 18.05", "2021-10-12T18:05:00"),
        ("13/5/2021", "2021-05-13"),
        ("5/13/2021", "2021-05-13"),
        ("4/4/2021", "2021-04-04"),
        ("2022-06-02", "2022-06-02"),
        ("1605-07-01", "1605-07-01"),
    ],
)
def test_dates_are_read_in_the_spellings_that_sources_use(value: object, expected: str) -> None:
    assert dates.parse(value, NOW) == expected


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, "", "yesterday", "Friday, January 21", "January 2021", "2021", 2021, "10:15", "Sunday", "12 Jan"),
        *("03/04/2021", "3-4-2021", "2022-06-03", "2099-01-01", "1599-12-31", "2021-02-30", "0000-00-00", "2021-W05"),
        *("12 - 14 Oct 2021", "2021 - 10 - 12 - 14", "2021 - 2022", "2021.10.1.2"),
        *(0, -1, 10**30, float("nan"), float("inf"), ["2021-12-10"], {"date": "2021-12-10"}, "n/a", "2021-12-10" * 20),
    ],
)
def test_what_names_no_one_day_is_no_date(value: object) -> None:
    assert dates.parse(value, NOW) is None


@given(
    st.one_of(st.text(max_size=40), st.text("0123456789-/.: TZ+ADJMPaenprbu,", max_size=30), st.integers(), st.floats())
)
def test_no_value_raises_and_every_answer_is_iso(value: object) -> None:
    found = dates.parse(value, NOW)
    assert found is None or datetime.fromisoformat(found).year >= 1600


def test_a_date_without_a_year_is_a_date_line_but_no_date() -> None:
    assert dates.is_date_line("Friday, January 21")
    assert dates.from_line("Friday, January 21") is None


@pytest.mark.parametrize("line", ["January 20, 2022", "Published: 20 January 2022", "Posted on Jan 20, 2022"])
def test_a_line_that_is_a_full_date_is_read(line: str) -> None:
    assert dates.from_line(line) == "2022-01-20"


@pytest.mark.parametrize(
    "line",
    [
        *("Publié le 20 janvier 2022", "Veröffentlicht am 20. Januar 2022", "Publicado el 20 de enero de 2022"),
        *("Опубликовано 20 января 2022", "Yayınlanma: 20 Ocak 2022", "Дата публикации: 20 января 2022"),
    ],
)
def test_a_label_of_another_language_says_that_a_day_of_publication_follows(line: str) -> None:
    assert dates.from_line(line) == "2022-01-20"
    assert dates.from_line(line.replace("20 ", "").replace("20. ", "")) is None


@pytest.mark.parametrize("line", ["Mis à jour le 20 janvier 2022", "Aktualisiert am 20. Januar 2022", "Data 2022"])
def test_a_line_that_names_another_day_or_none_is_no_day_of_publication(line: str) -> None:
    assert dates.from_line(line) is None
    assert not dates.is_date_line(line)


@pytest.mark.parametrize(
    "line", ["Talks on January 20, 2022 failed", "Sanctions", "The May election", "It happened in 2022"]
)
def test_a_line_of_text_is_no_date_line(line: str) -> None:
    assert not dates.is_date_line(line)
    assert dates.from_line(line) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example/2022/01/20/talks-fail", "2022-01-20"),
        ("https://news.example/world/2022/1/5/talks", "2022-01-05"),
        ("https://news.example/talks-2022-01-20.html", "2022-01-20"),
        ("https://news.example/a/20220120-talks", "2022-01-20"),
        ("https://news.example/2022/13/20/talks", None),
        ("https://news.example/2022/02/31/talks", None),
        ("https://news.example/2199/01/01/talks", None),
        ("https://news.example/id/120220120/", None),
        ("https://news.example/2022/01/", None),
        ("https://news.example/talks?day=2022/01/20", None),
        ("https://2022/01/20", None),
        (None, None),
    ],
)
def test_a_date_in_an_address_is_found_in_its_path_only(url: str | None, expected: str | None) -> None:
    assert dates.from_url(url) == expected
