from __future__ import annotations

import pytest

from archive.text.language.detection import code, detect

ENGLISH = (
    "The harbour master told reporters on Thursday that the ferry would not sail before the storm had passed, "
    "and that travellers should expect delays for the rest of the week."
)
FRENCH = (
    "Le capitaine du port a déclaré jeudi aux journalistes que le bateau ne partirait pas avant la fin de la tempête, "
    "et que les voyageurs devaient s'attendre à des retards toute la semaine."
)
RUSSIAN = "Капитан порта сообщил журналистам в четверг, что паром не выйдет в море, пока не закончится сильный шторм."
CHINESE = "港口负责人星期四对记者说，在暴风雨过去之前渡轮不会出航，旅客应当预计本周余下时间都会有延误。"


@pytest.mark.parametrize(("text", "expected"), [(ENGLISH, "en"), (FRENCH, "fr"), (RUSSIAN, "ru"), (CHINESE, "zh")])
def test_the_language_of_an_article_is_told(text: str, expected: str) -> None:
    assert detect(text) == expected


def test_capitals_and_a_wrong_declaration_do_not_mislead() -> None:
    assert detect(ENGLISH.upper()) == "en"
    assert detect(ENGLISH, "fr") == "en"


def test_a_declaration_that_fits_is_kept() -> None:
    assert detect(FRENCH, "fr-CA") == "fr"


@pytest.mark.parametrize("text", ["", "Kyiv", "Shr 4 dlrs", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22"])
def test_what_is_too_short_or_no_language_is_not_guessed(text: str) -> None:
    assert detect(text) is None
    assert detect(text, "DE") == "de"


@pytest.mark.parametrize(
    ("declared", "expected"),
    [("en", "en"), ("EN_us", "en"), ("pt-BR", "pt"), ("eng", None), ("", None), (None, None), ("\x1b[", None)],
)
def test_tags_are_reduced_to_two_letters(declared: str | None, expected: str | None) -> None:
    assert code(declared) == expected
