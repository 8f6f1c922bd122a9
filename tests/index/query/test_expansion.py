"""How far one question goes, whatever it holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.contracts.conditions import Phrase
from index.query import expansion as extents
from index.query.ast import Beginning
from index.query.compiler import plan
from index.query.expansion import shares
from index.query.parser import parse
from index.query.spelling import Lexicon
from index.query.vocabulary import MOST, Vocabulary
from tests.index.world import indexed


def lexicon(folder: Path, documents: list[str]) -> Lexicon:
    return Lexicon(("en",), Vocabulary(indexed(folder, documents)))


@given(st.lists(st.integers(0, 500), max_size=30), st.integers(0, 2_000))
def test_what_one_leaves_goes_to_the_others(wanted: list[int], most: int) -> None:
    given_out = shares(wanted, most)
    assert all(0 <= got <= want for got, want in zip(given_out, wanted, strict=True))
    assert sum(given_out) <= most
    short = [got for got, want in zip(given_out, wanted, strict=True) if got < want]
    assert not short or (sum(given_out) > most - len(wanted) and min(short) >= max(given_out) - 1)


def test_all_beginnings_of_a_question_share_what_one_may_stand_for(tmp_path: Path) -> None:
    many = [f"{letter}{number:03d}x" for letter in ("aa", "bb", "cc") for number in range(600)]
    known = lexicon(tmp_path, [" ".join(many), "aa007x", "ddx ddy"])
    made = plan(parse("aa* bb* -cc* dd*"), known)
    reach = extents.extent(parse("aa* bb* -cc* dd*").items, known)
    sizes = {leaf.text: len(entries) for leaf, entries in reach.entries.items()}
    assert sum(sizes.values()) <= MOST
    assert sizes["dd"] == 2
    assert min(sizes["aa"], sizes["bb"], sizes["cc"]) >= MOST // 3 - 1
    assert reach.entries[Beginning("aa")][0].word == "aa007x"
    assert [note.endswith("; the most frequent ones.") for note in made.notes] == [True, True, False]


def test_near_phrases_of_words_that_all_articles_have_are_looked_for_less_far_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = lexicon(tmp_path, ["the of to and"] * 20 + ["gas coal oil"])
    monkeypatch.setattr(extents, "MOST_WORK", 300)
    made = plan(parse('"the of to"~14 "gas coal oil"~6 "the and"~300'), known)
    assert made.phrases == (
        Phrase(("the", "of", "to"), 1), Phrase(("gas", "coal", "oil"), 6), Phrase(("the", "and"), 300),
    )  # fmt: skip
    assert made.notes == ('"the of to"~14: too many articles have all these words; looked for was "the of to"~1.',)


def test_an_excluded_near_phrase_is_bounded_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = lexicon(tmp_path, ["the of to and"] * 20)
    monkeypatch.setattr(extents, "MOST_WORK", 30)
    made = plan(parse('-"the of to"~14 gas'), known)
    assert "the words in a row" in made.notes[0]


def test_only_the_first_rare_words_are_looked_up(tmp_path: Path) -> None:
    known = lexicon(tmp_path, ["larnholm"] * 8)
    rare = [f"xqvz{chr(97 + number)}" for number in range(19)]
    assert plan(parse(" ".join([*rare, "larnhlom"])), known).notes
    assert not plan(parse(" ".join([*rare, "xqvzt", "larnhlom"])), known).notes
