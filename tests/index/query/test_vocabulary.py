"""Words of the archive that begin or are spelled like one asked for, and what they weigh."""

from __future__ import annotations

from dataclasses import replace
from math import log
from pathlib import Path

import pytest

from index.contracts.conditions import Field, Term
from index.query.compiler import plan
from index.query.parser import parse
from index.query.spelling import Lexicon
from index.query.vocabulary import MOST, MOST_NEAR, Entry, Vocabulary
from tests.index.world import indexed

NAMES = ["zelensky"] * 6 + ["zelenskyy"] * 3 + ["zelenski"] * 2 + ["zelinsky", "velensky", "zelda"]


@pytest.fixture
def names(tmp_path: Path) -> Vocabulary:
    return Vocabulary(indexed(tmp_path, [*NAMES, *["gas"] * 86]))


def test_spellings_come_by_edits_then_by_how_many_hold_them(names: Vocabulary) -> None:
    assert names.near("zelenskky", 1) == (Entry("zelensky", 6), Entry("zelenskyy", 3))
    near = [entry.word for entry in names.near("zelensky", 2)]
    assert near == ["zelensky", "zelenskyy", "zelenski", "zelinsky"]


def test_the_first_letter_must_be_right(names: Vocabulary) -> None:
    assert [entry.word for entry in names.near("velenskyy", 2)] == ["velensky"]


def test_words_that_stand_for_one_weigh_as_one(names: Vocabulary) -> None:
    def idf(count: int) -> float:
        return log(1 + (100 - count + 0.5) / (count + 0.5))

    entries = names.starting("zelen")
    assert [entry.articles for entry in entries] == [6, 3, 2]
    terms = names.as_one(entries)
    assert [one.term for one in terms] == [Term(Field.FOLDED, entry.word) for entry in entries]
    for one, entry in zip(terms, entries, strict=True):
        assert one.weight * idf(entry.articles) == pytest.approx(idf(11))


def test_a_question_is_told_what_was_looked_for(names: Vocabulary) -> None:
    lexicon = Lexicon(("en",), names)
    made = plan(parse("zelen* gsa~ qu* zq~"), lexicon)
    assert made.notes == (
        "zelen* stands for zelensky (6), zelenskyy (3), zelenski (2).",
        "gsa~ stands for gas (86).",
        "qu*: no word of the archive starts like this.",
        "zq~: no word of the archive is spelled like this.",
    )
    assert made.highlight_folded == {"zelensky", "zelenskyy", "zelenski", "gas"}
    assert len(made.groups) == 2


def test_a_word_asked_for_by_itself_keeps_its_weight(names: Vocabulary) -> None:
    made = plan(parse("zelensky zelen*"), Lexicon(("und",), names))
    weights = {one.term: one.weight for one in made.terms}
    assert weights[Term(Field.STEMMED, "zelensky")] == 1.0
    assert len(weights) == 4


@pytest.fixture
def news(tmp_path: Path) -> Lexicon:
    counts = {"zelensky": 41, "zhelensky": 2, "gorbachev": 14, "sanctions": 30, "sanctioned": 8, "gas": 50, "gaz": 3}
    documents = [word for word, count in counts.items() for _ in range(count)]
    return Lexicon(("und",), Vocabulary(indexed(tmp_path, documents)))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("zhelensky", [("zelensky", 41)]),
        ("zelenskyj", [("zelensky", 41)]),
        ("зеленский", [("zelensky", 41)]),
        ("gorbatchev", [("gorbachev", 14)]),
        ("gorbahcev", [("gorbachev", 14)]),
        ("sanctons", [("sanctions", 30)]),
        ("zelensky", []),
        ("gaz", []),
        ("gos", []),
        ("covid19", []),
        ("qqqqq", []),
    ],
)
def test_rare_words_have_likely_spellings(news: Lexicon, typed: str, found: list[tuple[str, int]]) -> None:
    held = news.vocabulary.articles([Term(Field.FOLDED, typed)])
    assert list(news.vocabulary.variants(typed, held)) == found


def test_other_spellings_are_told_and_looked_for_when_asked(news: Lexicon) -> None:
    asked = parse("zhelensky gas")
    told, taken = plan(asked, news), plan(replace(asked, expand=True), news)
    assert told.notes == ("“zhelensky” is in 2 articles; similar: zelensky (41).",)
    assert taken.notes == ("“zhelensky” is in 2 articles; also looked for: zelensky (41).",)
    other = Term(Field.STEMMED, "zelensky")
    assert other not in {one.term for one in told.terms}
    weights = {one.term: one.weight for one in taken.terms}
    assert 0 < weights[other] <= 0.5
    assert weights[Term(Field.STEMMED, "zhelensky")] == 1
    assert [other in group for group in taken.groups] == [True, False]
    assert "zelensky" in taken.highlight_stems
    assert told.required is taken.required is None


@pytest.fixture
def alphabets(tmp_path: Path) -> Lexicon:
    documents = ["putin"] * 9 + ["путин", "путина", "марченко", "марченкова", "μητσοτακης", "газ", "მარჩენკო"]
    return Lexicon(("und",), Vocabulary(indexed(tmp_path, documents)))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("putin", ["путин"]),
        ("marchenko", ["марченко", "მარჩენკო"]),
        ("martschenko", ["марченко", "მარჩენკო"]),
        ("mitsotakis", ["μητσοτακης"]),
        ("gas", []),
    ],
)
def test_names_are_found_in_other_alphabets(alphabets: Lexicon, typed: str, found: list[str]) -> None:
    held = alphabets.vocabulary.articles([Term(Field.FOLDED, typed)])
    assert [entry.word for entry in alphabets.vocabulary.variants(typed, held)] == found


def test_a_name_that_no_article_has_is_looked_for_in_other_alphabets(alphabets: Lexicon) -> None:
    made = plan(parse("Marchenko"), alphabets)
    assert made.notes == ("“marchenko” is in no article; also looked for: марченко (1), მარჩენკო (1).",)
    assert {"марченко", "მარჩენკო"} <= made.highlight_stems
    asked = parse("Putin")
    assert plan(asked, alphabets).notes == ()
    assert plan(replace(asked, expand=True), alphabets).notes == (
        "“putin” is in 9 articles; also looked for: путин (1).",
    )
    assert plan(replace(parse("Marchenko"), expand=None), alphabets).notes == ()


def test_other_spellings_can_be_left_alone(news: Lexicon) -> None:
    made = plan(replace(parse("zhelensky gas"), expand=None), news)
    assert made.notes == ()
    assert made.terms == plan(parse("zhelensky gas"), news).terms


def test_phrases_and_demands_stay_as_they_were_typed(news: Lexicon) -> None:
    asked = replace(parse('"zhelensky said" +zhelensky'), expand=True)
    made = plan(asked, news)
    assert made.required == plan(replace(asked, expand=False), news).required


def test_only_so_many_words_are_looked_for_and_that_is_told(tmp_path: Path) -> None:
    many = Vocabulary(indexed(tmp_path, [" ".join(f"ab{number:04d}" for number in range(MOST + 5)), "ab0007"]))
    assert len(many.starting("ab")) == MOST
    assert many.starting("ab")[0] == Entry("ab0007", 2)
    assert len(many.near("ab0000", 2)) == MOST_NEAR
    (note,) = plan(parse("ab*"), Lexicon(("en",), many)).notes
    assert note.endswith(f"and {MOST - 6:,} more; the most frequent ones.")


def test_without_a_word_index_nothing_is_found() -> None:
    assert Vocabulary(None).starting("ab") == ()
    assert Vocabulary(None).near("abc", 2) == ()
    made = plan(parse("sanct* zelensky~"), Lexicon(("en",)))
    assert (made.terms, made.groups) == ((), ())
