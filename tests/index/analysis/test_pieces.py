"""What stands between spaces: names with apostrophes, in every language and in Turkish."""

from __future__ import annotations

import pytest

from index.analysis.pieces import Reading, read


def row(piece: str, reading: Reading = Reading.PLAIN) -> list[str]:
    return [token.folded for token in read(piece, reading).row]


def also(piece: str, reading: Reading = Reading.PLAIN) -> list[str]:
    return [token.folded for token in read(piece, reading).also]


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("l'Europe", ["'l", "europe"]),
        ("L’OTAN", ["'l", "otan"]),
        ("qu'elles", ["'qu", "elles"]),
        ("lorsqu’on", ["'lorsqu", "on"]),
        ("dell'Unione", ["'dell", "unione"]),
        ("sull’isola", ["'sull", "isola"]),
        ("nell'acqua", ["'nell", "acqua"]),
        ("gl'italiani", ["'gl", "italiani"]),
        ("l'Hospitalet", ["'l", "hospitalet"]),
        ("aujourd'hui", ["aujourdhui"]),
        ("presqu'île", ["presquile"]),
        ("l'a", ["la"]),
        ("don't", ["dont"]),
    ],
)
def test_an_elided_article_is_no_part_of_the_word(piece: str, expected: list[str]) -> None:
    assert row(piece) == row(piece, Reading.TURKISH) == expected


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("Rize'de", ["rize", "'de"]),
        ("Trabzon’un", ["trabzon", "'un"]),
        ("Kıbrıs’taki", ["kibris", "'taki"]),
        ("Suudi'lerinki", ["suudi", "'lerinki"]),
        ("AB'ye", ["ab", "'ye"]),
        ("NATO’nunkilerden", ["nato", "'nunkilerden"]),
        ("1999'da", ["1999", "'da"]),
        ("5'inci", ["5", "'inci"]),
        ("Ayşe'ymiş", ["ayse", "'ymis"]),
        ("ANKARA'DA", ["ankara", "'da"]),
        ("Kur'an'dan", ["kuran", "'dan"]),
        ("Kurulu’nca", ["kurulu", "'nca"]),
        ("Rize'mizin", ["rize", "'mizin"]),
        ("Kur'an", ["kuran"]),
        ("O'Brien’ın", ["obrien", "'in"]),
        ("Xi'an", ["xian"]),
        ("kitap'ta", ["kitapta"]),
        ("Rize'Spor", ["rizespor"]),
    ],
)
def test_a_turkish_ending_is_no_part_of_the_name(piece: str, expected: list[str]) -> None:
    assert row(piece, Reading.TURKISH) == expected
    assert row(piece) == ["".join(expected).replace("'", "")]


@pytest.mark.parametrize("piece", ["Sana'a", "Hawai'i", "Shi'a", "Dar'a"])
def test_names_with_an_apostrophe_are_whole_where_the_language_ties_nothing_to_them(piece: str) -> None:
    assert row(piece) == [piece.replace("'", "").lower()]


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("D'Arcy", ["darcy"]),
        ("M’Bala", ["mbala"]),
        ("O'Hara", ["hara"]),
        ("O’Hara’s", ["hara"]),
        ("d'Arcy", []),
        ("It's", []),
    ],
)
def test_a_name_with_an_apostrophe_is_also_found_as_one_word_or_by_its_main_part(
    piece: str, expected: list[str]
) -> None:
    assert also(piece) == expected


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("กรุงเทพ", ["กรุ", "รุง", "งเ", "เท", "ทพ"]),
        ("ပဲခူး", ["ပဲခူး"]),
        ("ວຽງຈັນ", ["ວຽ", "ຽງ", "ງຈັ", "ຈັນ"]),
        ("បាត់ដំបង", ["បាត់", "ត់ដំ", "ដំប", "បង"]),
        ("กทม", ["กท", "ทม"]),
    ],
)
def test_scripts_without_spaces_become_overlapping_pairs(piece: str, expected: list[str]) -> None:
    assert row(piece) == expected


def test_the_last_character_of_a_run_is_found_by_itself() -> None:
    assert (row("大阪城"), also("大阪城")) == (["大阪", "阪城"], ["城"])
    assert (row("城"), also("城")) == (["城"], [])
    assert also("ភ្នំពេញ") == ["ញ"]


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("Böhme", ["boehme"]),
        ("Bo\u0308hme", ["boehme"]),
        ("ÖBB", ["oebb"]),
        ("Århus", ["aarhus"]),
        ("Jørgensen", ["joergensen"]),
        ("böse", []),
        ("Žižek", []),
    ],
)
def test_a_name_with_an_umlaut_is_also_spelled_out(piece: str, expected: list[str]) -> None:
    assert also(piece) == expected


def test_the_parts_of_a_persian_word_are_found_by_themselves() -> None:
    piece = "نمی\u200cرود"
    assert (row(piece), also(piece)) == (["نميرود"], ["نمي", "رود"])


@pytest.mark.parametrize(
    ("piece", "designators", "others"),
    [
        ("T-80", ["t80"], []),
        ("Tu\u201195MS", ["tu95ms"], []),
        ("MV-22", ["mv22"], []),
        ("MH\u202f370", [], ["mh370"]),
        ("sea-wall", [], ["seawall"]),
        ("man-of-war", [], []),
        ("2020-21", [], []),
        ("T80", [], []),
        ("Windows-11", [], []),
    ],
)
def test_what_is_written_in_one_word_too_is_found_as_one(piece: str, designators: list[str], others: list[str]) -> None:
    found = read(piece, Reading.PLAIN)
    assert [token.folded for token in found.designators] == designators
    assert [token.folded for token in found.also] == others
