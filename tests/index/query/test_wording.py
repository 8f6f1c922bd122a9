"""What the words of a question stand for: stems by language, designators and compounds in their spellings."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.contracts.conditions import AllOf, AnyOf, Field, Phrase, Term
from index.query.compiler import plan
from index.query.parser import parse
from index.query.spelling import Lexicon
from index.query.vocabulary import Vocabulary
from index.query.wording import rows
from tests.index.world import indexed


def tokens(typed: str, *languages: str) -> list[list[str]]:
    return [[term.token for term in group] for group in plan(parse(typed), Lexicon(languages)).groups]


@pytest.mark.parametrize("typed", ["T-80", "T80", "t‑80"])
def test_a_designator_is_one_word(typed: str) -> None:
    assert tokens(typed, "en") == [["en:t80"]]


def test_a_designator_typed_as_two_words_is_either() -> None:
    assert tokens("MH 370 wing", "en") == [["en:mh", "en:mh370"], ["en:370", "en:mh370"], ["en:wing"]]
    assert tokens("On 24 boats", "en") == [["en:24"], ["en:boat"]]


def test_a_phrase_has_its_designators_written_in_any_way() -> None:
    assert rows("the T-80 tanks") == (("the", "t", "80", "tanks"), ("the", "t80", "tanks"))
    assert set(rows("T80")) == {("t80",), ("t", "80")}
    assert set(rows("T 80")) == {("t", "80"), ("t80",)}
    assert rows("gas pipeline") == (("gas", "pipeline"),)


def test_words_joined_by_a_hyphen_may_be_written_as_one() -> None:
    assert tokens("Anne-Marie", "und") == [["anne", "annemarie"], ["marie", "annemarie"]]
    weights = {one.term.token: one.weight for one in plan(parse("Anne-Marie Marie"), Lexicon(("und",))).terms}
    assert weights["anne"] == weights["marie"] == 1 > weights["annemarie"]
    made = plan(parse("+sea-wall"), Lexicon(("und",)))
    assert made.required == AllOf((AnyOf((Phrase(("sea", "wall")), Term(Field.STEMMED, "seawall"))),))


def test_a_name_with_an_ending_is_read_as_each_language_reads_it() -> None:
    assert tokens("Rize'de", "und", "tr") == [["rizede", "tr:riz"]]
    assert rows("Rize'de çay") == (("rizede", "cay"), ("rize", "'de", "cay"))


def test_an_elision_tells_the_languages_of_a_word() -> None:
    weights = {one.term.token: one.weight for one in plan(parse("l'Ukraine"), Lexicon(("fr", "pl", "ca"))).terms}
    assert weights["fr:ukrain"] == weights["ca:ukrain"] == 1 > weights["pl:ukrain"] > 0
    for typed, languages in (
        ("l'Ukraine", ("en", "pl")),
        ("l'Ukraine", ("fr", "und")),
        ("Ukraine", ("fr", "pl")),
        ("D'Angelo", ("fr", "en")),
    ):
        assert {one.weight for one in plan(parse(typed), Lexicon(languages)).terms} == {1}


def test_a_quotation_mark_within_a_hebrew_word_begins_no_quotation() -> None:
    for typed in ('קציני צה"ל', "קציני צה״ל"):
        made = plan(parse(typed), Lexicon(("he",)))
        assert ([[term.token for term in group] for group in made.groups], made.phrases) == ([["קציני"], ["צהל"]], ())
    assert plan(parse('"קציני צה"ל" גז'), Lexicon(("he",))).phrases == (Phrase(("קציני", "צהל")),)
    assert plan(parse('outlet:="גל צה"ל"'), Lexicon(("he",))).known is not None
    quoted = plan(parse('ה"ניו יורק טיימס" אמר'), Lexicon(("he",)))
    assert quoted.phrases == (Phrase(("ניו", "יורק", "טיימס")),)


def test_an_acronym_that_no_article_has_is_said_to_be_read_as_a_word(tmp_path: Path) -> None:
    def notes(typed: str, *documents: str) -> tuple[str, ...]:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        return plan(parse(typed), Lexicon(("und",), Vocabulary(indexed(folder, list(documents))))).notes

    assert notes("MAY visit", "may visit") == ("No article has “MAY” in capitals; it is read as “may”.",)
    assert notes("MAY visit", "MAY visit") == ()
    assert notes("IS fighters", "fighters") == (
        "No article has “IS” in capitals; “is”, one of the most frequent words, was left out.",
    )
    for typed in ("+IS fighters", "IS AND fighters", "-IS fighters"):
        assert notes(typed, "fighters") == ("No article has “IS” in capitals; it is read as “is”.",)
    assert notes('"IS fighters"', "fighters") == ()
    assert notes("IS", "is") == ("No article has “IS” in capitals; it is read as “is”.",)
