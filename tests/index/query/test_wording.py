"""What the words of a question stand for: stems by language, designators and compounds in their spellings."""

from __future__ import annotations

import pytest

from index.contracts.conditions import AllOf, AnyOf, Field, Phrase, Term
from index.query.compiler import plan
from index.query.parser import parse
from index.query.spelling import Lexicon
from index.query.wording import rows


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
