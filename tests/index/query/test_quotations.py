"""Quotations that leave something out, as people copy them."""

from __future__ import annotations

import pytest

from index.contracts.conditions import ANYWHERE, AllOf, Field, Phrase, Term
from index.query.ast import Quoted
from index.query.compiler import plan
from index.query.expansion import extent
from index.query.parser import parse
from index.query.quotations import parts, puts_in
from index.query.spelling import Lexicon


@pytest.mark.parametrize(
    ("quotation", "expected"),
    [
        ("no ship will leave", ("no ship will leave",)),
        ("no ship ... will leave", ("no ship", "will leave")),
        ("no ship … will leave", ("no ship", "will leave")),
        ("no ship . . . will leave", ("no ship", "will leave")),
        ("no ship, [...] will leave", ("no ship", "will leave")),
        ("no ship (…) will leave", ("no ship", "will leave")),
        ("no ship.... It will leave", ("no ship", "It will leave")),
        ("she [Krumm] will leave", ("she", "will leave")),
        ("there [sic] ship", ("there", "ship")),
        ("[N]o ship will leave", ("No ship will leave",)),
        ("...and no ship…", ("and no ship",)),
        ("the U.S. fleet", ("the U.S. fleet",)),
        ("no ship (of any flag) will leave", ("no ship (of any flag) will leave",)),
        ("…", ("…",)),
        ("[Krumm]", ("[Krumm]",)),
    ],
)
def test_what_is_left_out_or_put_in_parts_a_quotation(quotation: str, expected: tuple[str, ...]) -> None:
    assert parts(quotation) == expected
    assert puts_in(quotation) == ("[Krumm]" in quotation or "[sic]" in quotation)


def test_parts_are_demanded_in_their_order_and_lit_by_themselves() -> None:
    made = plan(parse('"no ship ... leave ... the old harbour"'), Lexicon(("en",)))
    ship, harbour = Phrase(("no", "ship")), Phrase(("the", "old", "harbour"))
    leave = Term(Field.FOLDED, "leave")
    pairs = ("ship", "leave"), ("no", "leave"), ("leave", "harbour"), ("leave", "the"), ("leave", "old")
    order = tuple(Phrase(pair, ANYWHERE, ordered=True) for pair in pairs)
    assert made.required == AllOf((AllOf((ship, leave, harbour, *order)),))
    assert made.phrases == (ship, Phrase(("leave",)), harbour)


def test_what_was_put_in_is_not_looked_for() -> None:
    query = parse('"she [Krumm] will leave"')
    made = plan(query, Lexicon(("und",)))
    assert query.semantic_text == "she will leave"
    assert "krumm" not in {weighted.term.token for weighted in made.terms}
    assert parse(str(query)) == query


@pytest.mark.parametrize("end", ["\n", "\r\n", "  \n "])
def test_a_word_that_the_end_of_a_line_divides_is_whole_in_a_pasted_quotation(end: str) -> None:
    (item,) = parse(f'"no ship has un-{end}loaded here"').items
    assert item.what == Quoted("no ship has unloaded here")
    (item,) = parse(f'"the north-{end}eastern and well-{end}known ports"').items
    assert item.what == Quoted("the north- eastern and well- known ports")


def test_a_sign_at_the_beginning_of_a_line_still_leaves_out() -> None:
    assert [str(item) for item in parse("ferry\n-strike").items] == ["ferry", "-strike"]


@pytest.mark.parametrize("typed", ['"an F-16 flew ... the F16 left"', '"an F16 flew ... the F-16 left"'])
def test_parts_are_written_alike_however_each_was_typed(typed: str) -> None:
    (item,) = parse(typed).items
    assert isinstance(item.what, Quoted)
    found = {tuple(phrase.tokens for phrase in way) for way in extent((item,), Lexicon(("en",))).phrases(item.what)}
    assert (("an", "f16", "flew"), ("the", "f16", "left")) in found
    assert (("an", "f", "16", "flew"), ("the", "f", "16", "left")) in found


def test_that_insertions_are_not_looked_for_is_said_where_they_are_not() -> None:
    note = "What stands in brackets in a quotation is not looked for; its parts are, in their order."
    assert note in parse('"she [Krumm] will leave"').notes
    assert note not in parse('"[Krumm]"').notes
    assert note not in parse('"[Krumm] ... [sic]"').notes
