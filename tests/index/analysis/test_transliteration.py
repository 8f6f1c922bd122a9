"""Names carried over by the habits of several languages come out alike."""

from __future__ import annotations

import pytest

from index.analysis.transliteration import initials, latin, spelled_out


@pytest.mark.parametrize(
    "names",
    [
        "zelensky zelenskiy zelenskyy zelinsky selenskyj зеленский",
        "gaddafi qaddafi kadhafi gadhafi qadhafi",
        "yanukovych ianoukovitch janukowitsch янукович",
        "tchaikovsky chaikovskii tschaikowski чайковский",
        "lukashenko loukachenko lukaschenko лукашенко",
        "navalny nawalny навальный",
        "shoigu schoigu choigou",
        "kiev kyiv kiew київ",
        "netanyahu netanjahu",
        "khrushchev хрущев",
    ],
)
def test_spellings_of_a_name_are_one(names: str) -> None:
    assert len({spelled_out(name) for name in names.split()}) == 1


def test_other_names_stay_apart() -> None:
    names = ["putin", "merkel", "macron", "biden", "johnson", "moscow", "london", "berlin", "paris", "sanction", "gas"]
    assert len({spelled_out(name) for name in names}) == len(names)


def test_other_scripts_are_transliterated() -> None:
    assert latin("зеленский") == "zelenskiy"
    assert latin("gas") == "gas"
    assert initials("зеленский").startswith("z")
    assert {"k", "q", "g"} <= set(initials("gaddafi"))
    assert (spelled_out(""), initials("")) == ("", "")
