"""The query language: how typing is read, and what the word index is asked."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.contracts.conditions import AllOf, AnyOf, Field, Phrase, Term
from index.query.ast import Almost, Beginning, Item, Query, Quoted, Sign, Word
from index.query.compiler import plan
from index.query.parser import MOST_DEPTH, MOST_WORDS, literal, parse
from index.query.spelling import Lexicon

TYPED = st.text(
    alphabet=st.one_of(st.sampled_from("ab12中é +-\"“”„«»「」'’.:~*()\n\x00\u200b\u202e\u00ad\ud800"), st.characters()),
    max_size=60,
)


def items(text: str) -> list[str]:
    return [str(item) for item in parse(text).items]


def stemmed(token: str) -> Term:
    return Term(Field.STEMMED, f"en:{token}")


def folded(token: str) -> Term:
    return Term(Field.FOLDED, token)


def test_each_part_of_the_language_is_read() -> None:
    query = parse('gas "nord stream" +germany -baking -"cook book" "two ends"~3')
    assert query.items == (
        Item(Word("gas")),
        Item(Quoted("nord stream")),
        Item(Word("germany"), Sign.MUST),
        Item(Word("baking"), Sign.NOT),
        Item(Quoted("cook book"), Sign.NOT),
        Item(Quoted("two ends", 3)),
    )
    assert query.notes == ()
    assert query.text == str(query)


@pytest.mark.parametrize(
    "text", ["“nord stream”", "„nord stream“", "«nord stream»", "»nord stream«", "「nord stream」"]
)
def test_every_kind_of_quotation_mark_counts(text: str) -> None:
    assert parse(text).items == (Item(Quoted("nord stream")),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cease-fire", ["cease-fire"]),
        ("- 5", ["5"]),
        ("covid-19", ["covid-19"]),
        ("-5 degrees", ["-5", "degrees"]),
        ("--help", ["help"]),
        ("-#tag +@handle -2021", ["-#tag", "+@handle", "-2021"]),
        ("–word −word", ["-word", "-word"]),
        ("—word", ["—word"]),
        ("-'op ed' -'op-ed'", ['-"op ed"', '-"op-ed"']),
        ("+‘op ed’ don’t", ['"op ed"', "don’t"]),
        ("title: gas Outlet:post", ["title:gas", "outlet:post"]),
        ("title: -gas", ["title", "-gas"]),
        ("url: https://example.org/a_(b)", ["url:https://example.org/a_(b)"]),
        ("from:post", ["(outlet:post OR author:post)"]),
        ("-from:post", ["-(outlet:post OR author:post)"]),
        ("a -b", ["a", "-b"]),
        ("a- b", ["a-", "b"]),
        ("+2022", ["+2022"]),
        ('+"nord stream"', ['"nord stream"']),
        ("don't 'quoted'", ["don't", "'quoted'"]),
        ('a"b c"d', ["a", '"b c"', "d"]),
        ('"a"-b', ['"a"', "b"]),
        ("我说“你好”了", ["我说", '"你好"', "了"]),
        ('he said "no “way” man"', ["he", "said", '"no way man"']),
        ("sanc\u00adtions \u202eevil\u202c a\x00b", ["sanctions", "evil", "a", "b"]),
        ('"" "…" - + ???', []),
    ],
)
def test_typing_is_read_as_a_person_means_it(text: str, expected: list[str]) -> None:
    assert items(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sanct*", (Item(Beginning("sanct")),)),
        ("+sanct* -oil*", (Item(Beginning("sanct"), Sign.MUST), Item(Beginning("oil"), Sign.NOT))),
        ("zelensky~", (Item(Almost("zelensky")),)),
        ("-Zelensky~2", (Item(Almost("Zelensky", 2), Sign.NOT),)),
        ("O'Neil*", (Item(Beginning("O'Neil")),)),
        ("санкц*", (Item(Beginning("санкц")),)),
        ("*", ()),
        ("*gas", (Item(Word("*gas")),)),
        ("ga*s", (Item(Word("ga*s")),)),
        ("cease-fire*", (Item(Word("cease-fire*")),)),
        ("北京*", (Item(Beginning("北京")),)),
    ],
)
def test_beginnings_and_spellings_are_read(text: str, expected: tuple[Item, ...]) -> None:
    query = parse(text)
    assert query.items == expected
    assert parse(str(query)) == query


def test_a_beginning_joins_groups() -> None:
    assert str(parse("(sanct* OR threat~) AND gas")) == "((sanct* OR threat~) AND gas)"


def test_a_passage_that_others_are_to_be_like_is_read() -> None:
    query = parse("gas like:0123456789abcdef +like:ffffffffffffffff")
    assert query.likes == ("0123456789abcdef", "ffffffffffffffff")
    assert (query.semantic_text, query.notes) == ("gas", ())
    assert parse(str(query)) == query


@pytest.mark.parametrize("text", ["like:abc", "like:0123456789ABCDEF", "-like:0123456789abcdef"])
def test_no_passage_is_named_by_anything_else(text: str) -> None:
    assert parse(text).likes == ()
    assert parse(text).notes


def test_what_is_encoded_has_no_beginnings() -> None:
    assert parse("gas pipel* zelensky~").semantic_text == "gas zelensky"


def test_a_headline_in_capitals_has_no_operators() -> None:
    query = parse("MINISTERS DO NOT SPEAK AND GO HOME")
    assert (query.notes, {type(item.what) for item in query.items}) == ((), {Word})
    assert str(parse("NATO AND EU")) == "(NATO AND EU)"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a AND b", "(a AND b)"),
        ("a b AND c d", "(a b AND c d)"),
        ("a OR b AND c", "(a OR (b AND c))"),
        ("(a OR b) AND c", "((a OR b) AND c)"),
        ("(a b) AND c", "(a b AND c)"),
        ("a NOT b", "a -b"),
        ("a AND NOT b", "(a AND -b)"),
        ("NOT (a b)", "-(a b)"),
        ("+(a b) c", "+(a b) c"),
        ("+(a)", "+a"),
        ("-(a OR b) c", "-(a OR b) c"),
        ("-(-a) c", "-(-a) c"),
        ("(a)", "a"),
        ("((a b))", "(a b)"),
        ('a AND "b c"~4', '(a AND "b c"~4)'),
        ("f(x) (y)", "f(x) y"),
        ("a AND AND b", "(a AND AND b)"),
        ("a AND OR b", "(a AND OR b)"),
        ("NOT NOT a", "-a"),
        ("a and b or c", "a and b or c"),
        ("() a ( )", "a"),
        ("a (b", "a b"),
    ],
)
def test_operators_and_parentheses_group(text: str, read: str) -> None:
    assert str(parse(text)) == read
    assert parse(read) == parse(text)


def test_deep_parentheses_are_left_out() -> None:
    query = parse("(" * 60 + "a b" + " c)" * 60)
    assert parse(str(query)) == query
    assert str(query).count("(") <= MOST_DEPTH
    assert [note for note in query.notes if "deep" in note]


def test_long_phrases_may_not_be_far_apart() -> None:
    assert parse('"one two three four five"~9').items == (Item(Quoted("one two three four five", 2)),)


def test_a_long_quotation_is_cut_at_the_word_limit() -> None:
    query = parse(f'a b "{"w " * 500}"')
    assert [len(leaf.text.split()) for leaf in query.wanted] == [1, 1, MOST_WORDS - 2]
    assert query.notes


@given(TYPED)
@settings(max_examples=500, deadline=None)
@example('"a" -"b "c')
@example("a +-b -+c")
@example("中" * 400)
@example("like:0123456789abcdef -like:0123456789abcdef (like:0123456789abcdef)")
@example("a* ab* -ab~ +ab~2 ab~3 +-ab* '.*")
@example('-"a" +"b" "c')
@example('a"b"c')
@example('+-a -+"b"')
@example('"" "-" +"."')
@example("“a„b”")
def test_what_is_shown_as_read_reads_the_same(text: str) -> None:
    query = parse(text)
    again = parse(str(query))
    assert again == query
    assert again.semantic_text == query.semantic_text
    plan(query, Lexicon(("en", "de", "und")))


@pytest.mark.parametrize("unit", ['"', "«", "“", "-", '-"', "a'", "a.", "qu'", "\u0301", "中", "\u00ad", "(", "\ud800"])
def test_ten_kilobytes_of_anything_are_survived(unit: str) -> None:
    query = parse(unit * (10_000 // len(unit)))
    assert parse(str(query)) == query


def test_the_encoder_gets_what_was_asked_in_order_and_nothing_excluded() -> None:
    assert parse('who -lied about "the plan" +today').semantic_text == "who about the plan today"


def test_only_a_query_without_anything_is_empty() -> None:
    assert not parse("").items
    assert not parse("  ?  ").items
    assert parse("-gas").items
    assert parse("-gas").semantic_text == ""


def test_a_literal_text_has_no_syntax() -> None:
    query = literal('-gas "nord\nstream" OR')
    assert query == Query((Item(Word('-gas "nord stream" OR')),))
    assert query.semantic_text == '-gas "nord stream" OR'


def test_plain_words_score_by_their_stems_and_any_may_match() -> None:
    made = plan(parse("the sanctions threats"), Lexicon(("en",)))
    assert [one.term for one in made.terms] == [stemmed("sanction"), stemmed("threat")]
    assert {one.weight for one in made.terms} == {1.0}
    assert (made.required, made.excluded) == (None, None)
    assert made.highlight_stems == {"en:sanction", "en:threat"}


def test_a_word_counts_once_however_often_it_is_typed() -> None:
    made = plan(parse("sanctions Sanction SANCTIONED"), Lexicon(("en",)))
    assert [one.term for one in made.terms] == [stemmed("sanction")]
    assert made.groups == ((stemmed("sanction"),),)


def test_what_is_demanded_twice_binds_once() -> None:
    made = plan(parse('+gas title:gas "a b" +gas title:gas "a b" -oil -oil'), Lexicon(("en",)))
    once = plan(parse('+gas title:gas "a b" -oil'), Lexicon(("en",)))
    assert (made.required, made.excluded, made.known) == (once.required, once.excluded, once.known)


def test_a_word_in_several_languages_is_one_group() -> None:
    made = plan(parse("generations"), Lexicon(("en", "fr")))
    assert len(made.groups) == 1
    assert len(made.terms) == 2


def test_stop_words_alone_are_kept_as_they_are() -> None:
    made = plan(parse("to be or not to be"), Lexicon(("en",)))
    assert [one.term for one in made.terms] == [folded("to"), folded("be"), folded("or"), folded("not")]
    assert made.highlight_folded == {"to", "be", "or", "not"}
    assert made.highlight_stems == frozenset()


def test_stop_words_beside_a_phrase_are_not_lit() -> None:
    made = plan(parse('the "gas pipeline"'), Lexicon(("en",)))
    assert (made.highlight_folded, made.highlight_stems) == (frozenset(), frozenset())


def test_a_phrase_is_required_and_scores() -> None:
    phrase = Phrase(("the", "gas", "pipeline"))
    made = plan(parse('"the gas pipeline" germany'), Lexicon(("en",)))
    assert made.required == AllOf((phrase,))
    assert made.phrases == (phrase,)
    assert [one.term.token for one in made.terms] == ["en:gas", "en:pipelin", "en:germani"]


def test_one_word_in_quotes_is_that_word_exactly() -> None:
    made = plan(parse('"sanctions" -"Gas"'), Lexicon(("en",)))
    assert made.required == AllOf((folded("sanctions"),))
    assert made.excluded == AnyOf((folded("gas"),))


def test_signed_words_bind_in_any_form() -> None:
    made = plan(parse("+sanctions -threats gas"), Lexicon(("en",)))
    assert made.required == AllOf((stemmed("sanction"),))
    assert made.excluded == AnyOf((stemmed("threat"),))
    assert [one.term for one in made.terms] == [stemmed("sanction"), stemmed("gas")]


def test_signed_words_of_several_parts_bind_as_a_row_or_as_one() -> None:
    made = plan(parse("+cease-fire -covid-19 -北京市"), Lexicon(("en",)))
    assert made.required == AllOf((AnyOf((Phrase(("cease", "fire")), stemmed("ceasefir"))),))
    assert made.excluded == AnyOf((stemmed("covid19"), Phrase(("北京", "京市"))))


def test_signed_stop_words_bind_too() -> None:
    made = plan(parse("+who -the gas"), Lexicon(("en",)))
    assert made.required == AllOf((folded("who"),))
    assert made.excluded == AnyOf((folded("the"),))


def test_a_query_of_exclusions_asks_for_nothing() -> None:
    made = plan(parse('-gas -"nord stream"'), Lexicon(("en",)))
    assert (made.terms, made.groups, made.required) == ((), (), None)
    assert made.excluded == AnyOf((stemmed("gas"), Phrase(("nord", "stream"))))


@given(st.text(max_size=200))
@example("\ud800")
@example("\x00\x1f\x1b[31m")
def test_parsing_and_planning_never_raise(typed: str) -> None:
    query = parse(typed)
    plan(query, Lexicon(("en", "es")))
    plan(literal(typed), Lexicon(()))
    assert query.text == typed


@pytest.mark.parametrize("typed", ["", "   ", "\n\t", '""', '"..."'])
def test_nothing_typed_is_empty(typed: str) -> None:
    assert not parse(typed).items


def test_a_very_long_question_is_cut_with_a_note() -> None:
    query = parse(" ".join(f"w{number}" for number in range(MOST_WORDS + 50)))
    assert len(query.wanted) == MOST_WORDS
    assert str(MOST_WORDS) in query.notes[0]


def test_an_unbalanced_quotation_mark_is_left_out_with_a_note() -> None:
    query = parse('gas "nord stream')
    assert query.wanted == (Word("gas"), Word("nord"), Word("stream"))
    assert "quotation mark" in query.notes[0]
    assert not parse('gas "nord stream"').notes
