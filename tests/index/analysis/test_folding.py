"""Folding: letters that are typed one for the other, and digits of every script."""

from __future__ import annotations

import pytest

from index.analysis.folding import fold
from index.analysis.stemming import stems


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("کابل", "كابل"),
        ("یمن", "يمن"),
        ("مصطفى", "مصطفي"),
        ("غزة", "غزه"),
        ("أربيل", "اربيل"),
        ("إدلب", "ادلب"),
        ("ٱلقدس", "القدس"),
        ("بَيْرُوت", "بيروت"),
        ("بيـــروت", "بيروت"),
        ("٢٠١٩", "2019"),
        ("۲۰۱۹", "2019"),
        ("२०१९", "2019"),
    ],
)
def test_letters_that_are_typed_one_for_the_other_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_words_that_are_typed_with_either_letter_have_one_stem() -> None:
    assert stems("ar")[fold("الجريدة")] == stems("ar")[fold("الجريده")] == stems("ar")[fold("جريدة")]
    assert stems("fa")[fold("کارگرها")] == stems("fa")[fold("كارگر")]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("pl", "gazeta gazety gazecie gazetę gazetą"),
        ("cs", "noviny novin novinách"),
        ("hr", "novine novina novinama"),
        ("st", "batho"),
        ("eo", "gazeto gazetoj gazeton"),
    ],
)
def test_every_language_with_a_stemmer_has_stems(language: str, forms: str) -> None:
    found = {stems(language)[fold(word)] for word in forms.split()}
    assert len(found) == 1 + (language == "pl")
    assert all(stem is not None and ":" in stem for stem in found)
