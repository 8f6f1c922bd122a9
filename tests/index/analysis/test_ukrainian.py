"""The light stemmer of Ukrainian: the cases of names and things are one word."""

from __future__ import annotations

import pytest

from index.analysis.analyzer import words
from index.analysis.stemming import stems

FORMS = (
    "Одеса Одеси Одесі Одесу Одесою",
    "Київ Києва Києву Києві Києвом",
    "Харків Харкова Харкову Харкові Харковом",
    "Маріуполь Маріуполя Маріуполю Маріуполем Маріуполі",
    "Порошенко Порошенка Порошенку Порошенком",
    "Залужний Залужного Залужному Залужним",
    "Стефанчук Стефанчука Стефанчуку Стефанчуком",
    "Марченко Марченка Марченкові",
    "корабель",
    "порт порту портом порти портів портам портами портах",
    "міністр міністра міністрові міністром міністри міністрів",
    "генерал генерала генералом генерали генералів",
    "область області областю областей областям",
    "станція станції станцію станцій станціями",
    "газета газети газеті газету газетою газет газетами",
    "німецький німецька німецького німецькому німецьких німецькими",
    "розмова розмови розмову розмовою розмов",
    "голосував голосувала голосували голосувати голосує голосують",
)
APART = ("порт портрет", "Одеса Одра", "мир мирон", "міна мінус", "газ газета", "рада радар")


@pytest.mark.parametrize("forms", FORMS)
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stems("uk")[word] for word in words(forms).folded}) == 1


@pytest.mark.parametrize("pair", APART)
def test_different_words_have_different_stems(pair: str) -> None:
    one, other = (stems("uk")[word] for word in words(pair).folded)
    assert one != other
