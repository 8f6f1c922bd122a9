"""Words of the archive that begin or are spelled like one asked for, and what they weigh."""

from __future__ import annotations

from dataclasses import replace
from math import log
from pathlib import Path

import pytest

from index.contracts.conditions import Field, Term
from index.contracts.engines import WordStatistics
from index.query.compiler import plan
from index.query.parser import parse
from index.query.spelling import Lexicon
from index.query.vocabulary import MOST, MOST_NEAR, Entry, Variants, Vocabulary
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
    variants = news.vocabulary.variants(typed, held)
    assert [*variants.sure, *variants.likely] == found


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
    counts = {"putin": 9, "путин": 1, "путина": 1, "марченко": 2, "марченкова": 1, "μητσοτακης": 1, "газ": 1, "каса": 9}
    counts |= {"მარჩენკო": 1, "хамас": 1, "most": 5, "zelenskyy": 41, "zelenskiy": 30, "зеленський": 5}
    documents = [word for word, count in counts.items() for _ in range(count)]
    return Lexicon(("und",), Vocabulary(indexed(tmp_path, documents)))


@pytest.mark.parametrize(
    ("typed", "sure", "likely"),
    [
        ("putin", ["путин"], []),
        ("marchenko", ["марченко", "მარჩენკო"], []),
        ("martschenko", [], ["марченко", "მარჩენკო"]),
        ("марченко", ["მარჩენკო"], []),
        ("mitsotakis", ["μητσοτακης"], []),
        ("мицотакис", ["μητσοτακης"], []),
        ("hamas", ["хамас"], []),
        ("zelenskij", ["зеленський"], ["zelenskyy", "zelenskiy"]),
        ("gas", [], []),
        ("gaza", [], ["каса"]),
    ],
)
def test_names_are_found_in_other_alphabets(alphabets: Lexicon, typed: str, sure: list[str], likely: list[str]) -> None:
    held = alphabets.vocabulary.articles([Term(Field.FOLDED, typed)])
    variants = alphabets.vocabulary.variants(typed, held)
    assert ([one.word for one in variants.sure], [one.word for one in variants.likely]) == (sure, likely)


def test_a_name_that_no_article_has_is_looked_for_in_other_alphabets(alphabets: Lexicon) -> None:
    made = plan(parse("Marchenko"), alphabets)
    assert made.notes == ("“marchenko” is in no article; also looked for: марченко (2), მარჩენკო (1).",)
    assert {"марченко", "მარჩენკო"} <= made.highlight_stems
    (note,) = plan(parse("l'zelenskij"), alphabets).notes
    assert note.endswith("also looked for: зеленський (5); similar: zelenskyy (41), zelenskiy (30).")
    assert plan(replace(parse("Marchenko"), expand=None), alphabets).notes == ()
    asked = parse("Putin")
    assert plan(asked, alphabets).notes == ()
    taken = plan(replace(asked, expand=True), alphabets)
    assert taken.notes == ("“putin” is in 9 articles; also looked for: путин (1).",)


@pytest.mark.parametrize(
    "typed", ["+Marchenko", "Marchenko AND putin", "+(Marchenko putin)", "Marchenko OR (gas OR oil)"]
)
@pytest.mark.parametrize("expand", [False, True])
def test_what_is_demanded_is_only_told_of_other_spellings(alphabets: Lexicon, typed: str, expand: bool) -> None:
    made = plan(replace(parse(typed), expand=expand), alphabets)
    assert "“marchenko” is in no article; similar: марченко (2), მარჩენკო (1)." in made.notes
    assert "марченко" not in {weighted.term.token for weighted in made.terms}


def test_where_words_are_not_looked_for_nothing_is_said_to_be(alphabets: Lexicon) -> None:
    for expand in (False, True):
        made = plan(replace(parse("Marchenko MAY"), expand=expand), alphabets, by_words=False)
        assert made.notes == ("“marchenko” is in no article; similar: марченко (2), მარჩენკო (1).",)


def test_neither_kind_of_spelling_leaves_the_other_out(tmp_path: Path) -> None:
    counts = dict.fromkeys(["scholl", "schulz", "scholar", "schol"], 9) | {"шольц": 1, "капитал": 1, "капитан": 1}
    documents = [word for word, count in counts.items() for _ in range(count)]
    vocabulary = Vocabulary(indexed(tmp_path, documents))
    assert "шольц" in {entry.word for entry in vocabulary.variants("scholz", 0).likely}
    assert [entry.word for entry in vocabulary.variants("kapital", 0).sure] == ["капитал"]


def test_what_cannot_be_looked_up_yet_is_not_remembered_as_nothing(tmp_path: Path) -> None:
    engine: list[WordStatistics | None] = [None]
    vocabulary = Vocabulary(None, lambda: engine[0])
    assert vocabulary.variants("marchenko", 0) == Variants()
    engine[0] = indexed(tmp_path, ["марченко"])
    assert [entry.word for entry in vocabulary.variants("marchenko", 0).sure] == ["марченко"]


def test_a_stop_word_is_no_other_spelling(tmp_path: Path) -> None:
    lexicon = Lexicon(("en",), Vocabulary(indexed(tmp_path, ["most talk"] * 5)))
    assert plan(parse("мост"), lexicon).notes == ()


def test_rare_words_are_looked_up_before_others(tmp_path: Path) -> None:
    frequent = [f"ordinary{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    counts = dict.fromkeys(frequent, 10) | {"zelensky": 20}
    documents = [word for word, count in counts.items() for _ in range(count)]
    lexicon = Lexicon(("und",), Vocabulary(indexed(tmp_path, documents)))
    asked = replace(parse(" ".join([*frequent, "zhelensky"])), expand=True)
    assert plan(asked, lexicon).notes == ("“zhelensky” is in no article; also looked for: zelensky (20).",)


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
