from __future__ import annotations

from datetime import datetime

import pytest

from archive.text import dates, written_dates


@pytest.mark.parametrize(
    "text",
    [
        *("17. Mai 2021", "17 mai 2021", "17 de mayo de 2021", "17 maggio 2021", "17 de maio de 2021", "17 mei 2021"),
        *("17 мая 2021 г.", "17 травня 2021", "17 Mayıs 2021 Pazartesi", "17 maja 2021", "17. května 2021"),
        *(
            "17 Μαΐου 2021",
            "17 مايو 2021",
            "17 במאי 2021",
            "17 मई 2021",
            "17 พฤษภาคม 2021",
            "2021年5月17日",
            "2021년 5월 17일",
        ),
    ],
)
def test_days_are_read_in_many_languages(text: str) -> None:
    assert written_dates.read(text) == datetime(2021, 5, 17)
    assert dates.parse(text) == "2021-05-17"


@pytest.mark.parametrize(
    "text", ["17. Mai 2021, 08:30 Uhr", "17 mai 2021 à 08h30", "17 de maio de 2021 às 8h30", "2021年5月17日 08:30"]
)
def test_a_time_is_kept(text: str) -> None:
    assert dates.parse(text) == "2021-05-17T08:30:00"


@pytest.mark.parametrize(
    "text",
    [
        *("mai 2021", "17 mai", "il y a 17 jours", "vor 17 Tagen 2021", "14-17 mai 2021", "17 mai 2021 - 20 mai 2021"),
        *(
            "Les 17 meilleurs films de 2021",
            "Die 17 besten Filme 2021",
            "2021",
            "17/05/2021",
            "Band 17, Mai 2021 Seite 4",
        ),
    ],
)
def test_what_names_no_one_day_is_none(text: str) -> None:
    assert written_dates.read(text) is None


def test_an_hour_in_a_zone_is_not_moved() -> None:
    assert written_dates.read("17 May 2021, 11:30pm PDT") == datetime(2021, 5, 17, 23, 30)
