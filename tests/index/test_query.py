from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.query import MOST_WORDS, Query, literal, parse, plan
from index.ranking import AnyOf, Field, Phrase, Term

TYPED = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab +-\"“”„«»'’.:*~()[]\\/\n\t\u3000"), st.characters(codec="utf-8")
    ),
    max_size=60,
)


def test_each_kind_of_part_is_told_apart() -> None:
    assert parse('gas "nord stream" +moscow -sport -"world cup"') == Query(
        words=("gas",), phrases=("nord stream",), must=("moscow",), must_not_words=("sport",),
        must_not_phrases=("world cup",),
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["“nord stream”", "«nord stream»", '"nord   stream"', '+"nord stream"'])
def test_all_kinds_of_quotation_marks_quote(typed: str) -> None:
    assert parse(typed).phrases == ("nord stream",)


@given(TYPED)
@example('-"a" +"b" "c')
@example('a"b"c')
@example('+-a -+"b"')
@example('"" "-" +"."')
@example("“a„b”")
def test_what_a_query_prints_parses_to_the_same_query(typed: str) -> None:
    query = parse(typed)
    assert parse(str(query)) == query


@given(st.text(max_size=200))
@example("\ud800")
@example("\x00\x1f\x1b[31m")
def test_parsing_and_planning_never_raise(typed: str) -> None:
    query = parse(typed)
    plan(query, ("en", "es"))
    plan(literal(typed), ())
    assert query.text == typed


def test_an_unbalanced_quotation_mark_is_left_out_with_a_note() -> None:
    query = parse('gas "nord stream')
    assert (query.words, query.phrases) == (("gas", "nord", "stream"), ())
    assert "quotation mark" in query.notes[0]
    assert not parse('gas "nord stream"').notes


def test_exclusions_alone_are_told_in_a_note() -> None:
    assert "exclusions" in parse("-sport").notes[0]
    assert not parse("gas -sport").notes


def test_a_very_long_question_is_cut_with_a_note() -> None:
    query = parse(" ".join(f"w{number}" for number in range(MOST_WORDS + 50)))
    assert len(query.words) == MOST_WORDS
    assert str(MOST_WORDS) in query.notes[0]


def test_signs_inside_words_and_alone_are_words() -> None:
    assert parse("covid-19 - + state-owned").words == ("covid-19", "-", "+", "state-owned")


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", '""', '"..."'])
def test_nothing_typed_is_empty(typed: str) -> None:
    assert parse(typed).is_empty


def test_meaning_is_asked_of_everything_but_the_exclusions() -> None:
    assert parse('gas "nord stream" +moscow -sport').semantic_text == "gas moscow nord stream"


def test_stop_words_score_only_when_there_is_nothing_else() -> None:
    assert {one.term for one in plan(parse("the gas"), ("en",)).terms} == {Term(Field.STEMMED, "gas")}
    assert {one.term for one in plan(parse("to be"), ("en",)).terms} == {
        Term(Field.FOLDED, "to"),
        Term(Field.FOLDED, "be"),
    }


def test_phrases_and_signed_words_become_conditions() -> None:
    planned = plan(parse('gas "nord stream" -sport'), ("en",))
    assert planned.required is not None
    assert planned.phrases == (Phrase(("nord", "stream")),)
    assert planned.excluded == AnyOf((Term(Field.STEMMED, "sport"),))
    assert plan(parse("gas"), ("en",)).required is None


def test_a_literal_text_has_no_syntax() -> None:
    query = literal('-sport "a b')
    assert (query.must_not_words, query.phrases, query.notes) == ((), (), ())
    assert query.semantic_text == '-sport "a b'
