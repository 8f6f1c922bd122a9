"""What is said of how a question was read: signs that say nothing, half operators, pasted text."""

from __future__ import annotations

import pytest

from index.query.ast import Quoted, Sign, Word
from index.query.parser import MOST_CHARACTERS, MOST_WORDS, parse


@pytest.mark.parametrize(
    ("text", "read", "note"),
    [
        ('gas "nord stream', "gas nord stream", "partner"),
        ('"a b" c"', '"a b" c', "partner"),
        ("outlet:times s*", "outlet:times s*", "Read as plain words: s*"),
        ("gas~3", "gas~3", "Read as plain words: gas~3"),
        ("gas AND", "gas AND", "Read as plain words: AND"),
        ("(gas AND) oil", "(gas AND) oil", "Read as plain words: AND"),
        ("-ga*s wom?n oil^2", "-ga*s wom?n oil^2", "Read as plain words: ga*s, wom?n, oil^2"),
        ("--help", "help", "sign in “--help” was left out"),
        ('"a"-b', '"a" b', "sign in “-b” was left out"),
        ("–word", "-word", "“–” before a word is read as “-”"),
        ("—word", "—word", "“—word” is read as a word"),
        ("- gas", "gas", "no word directly behind the sign in “-”"),
        ("gas -😀", "gas", "no word directly behind the sign in “-😀”"),
        ('gas -"…"', "gas", 'There is no word in “-"…"”.'),
        ('gas "..."', "gas", 'There is no word in “"..."”.'),
        ('gas ""~3', "gas", 'There is no word in “""~3”.'),
        ("-5 degrees", "-5 degrees", "“-5” leaves out what holds 5"),
        ("NOT NOT gas", "-gas", "NOT before NOT"),
        ("NOT -gas", "-gas", "NOT before NOT or before a sign"),
        ("-() gas", "gas", "sign before a parenthesis"),
        ("-(gas oil", "gas oil", "sign before a parenthesis"),
        ("title:(gas oil)", "title (gas oil)", "“title:” takes a word or a phrase directly behind it"),
        ("title: gas", "title:gas", "“title: gas” is read as “title:gas”"),
        ("title:?! gas", "title gas", "There is no word in “?!”"),
        ("-title:?! gas", "gas", "so -title:?! was left out"),
        ("gas -like:0123456789abcdef", "gas", "-like:0123456789abcdef was left out"),
        ("dated:sometime", "dated:sometime", "dated: takes one of"),
        ("from:post", "(outlet:post OR author:post)", "“from:post” is read as “outlet:post OR author:post”"),
        ("to:post gas", "to:post gas", "“to:” is a field before a date alone"),
        ('"gas oil"~800', '"gas oil"~349', "at most 349 apart, not 800"),
        ("the 'gas pipeline'", "the 'gas pipeline'", "Single quotation marks"),
        ('"said [Krumm] twice"', '"said [Krumm] twice"', "in brackets"),
        ("OR gas", "OR gas", "Read as plain words: OR"),
        ("(gas oil", "gas oil", "parenthesis"),
        ("gas) oil (", "gas oil", "parenthesis"),
        ("-gas", "-gas", "Only exclusions"),
        ("?!", "", "no word"),
        ("w " * 300, " ".join(["w"] * MOST_WORDS), f"first {MOST_WORDS} words"),
        ("x" * 10_000, "x" * MOST_CHARACTERS, "characters"),
    ],
)
def test_what_makes_no_sense_is_read_as_words_with_a_note(text: str, read: str, note: str) -> None:
    query = parse(text)
    assert str(query) == read
    assert [one for one in query.notes if note in one and one.endswith(".")]


PASTED = (
    "The harbour master said — in a letter of Monday — that -no- ship would be unloaded before the inspectors had been "
    "on board. “It will be done, and it will be done thoroughly,” she wrote. Her deputy, AND a clerk, were asked if (as"
    " some had it) the crane had been moved in the night."
)


def test_pasted_text_demands_nothing() -> None:
    query = parse(PASTED)
    assert {(type(item.what), item.sign) for item in query.items} == {(Word, Sign.NONE)}
    assert query.notes == (
        "Read as pasted text: in it quotation marks, signs, parentheses, AND, OR, NOT demand nothing.",
    )
    assert parse(str(query)) == query
    narrowed_by = parse(f'{PASTED} -outlet:="Ferry Times" date:2021')
    assert [str(item) for item in narrowed_by.items[-2:]] == ['-outlet:="Ferry Times"', "date:2021-01-01..2021-12-31"]
    assert narrowed_by.items[:-2] == query.items


def test_a_long_quotation_is_a_phrase_however_long_it_is() -> None:
    (item,) = parse(f'"{PASTED.replace("“", "").replace("”", "")}"').items
    assert isinstance(item.what, Quoted)


def test_a_long_question_without_sentences_is_no_pasted_text() -> None:
    names = " OR ".join(f"name{number}" for number in range(40))
    assert str(parse(f'({names}) AND "gas pipeline"')) == f'(({names}) AND "gas pipeline")'
