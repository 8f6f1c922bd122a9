"""What narrows a question: it reads as text of the question, and means what its chips say."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from index.query.parser import parse
from tui.session.narrowing import NOTHING, SPAN, By, Chip, Narrowing

QUERIES = {
    "outlet": ['outlet:="Harbour Post"', 'outlet:="Ferry Times"', "outlet:=none", 'outlet:="OR"'],
    "month": ["date:2022-01", "date:2021-12", "date:none"],
    "lang": ["lang:en", "lang:uk", "lang:none"],
    "author": ['author:="A. Krumm"', "author:=none"],
    "source": ['source:="news"'],
    "dated": ["dated:url", "dated:none"],
    "span": ["date:2022-01-03..2022-01-16", "date:2022-02"],
}
TEXTS = [
    "",
    "sanctions threats",
    "coal OR gas",
    '"gas pipeline" -opinion',
    "energy AND",
    "sanct*",
    "(coal OR gas) AND NOT x",
]


def chips() -> st.SearchStrategy[Chip]:
    by = st.sampled_from(sorted(QUERIES))
    return by.flatmap(lambda by: st.builds(Chip, st.just(by), st.sampled_from(QUERIES[by]), st.booleans()))


@st.composite
def narrowings(draw: st.DrawFn) -> Narrowing:
    narrowing = NOTHING
    for chip in draw(st.lists(chips(), max_size=7)):
        narrowing = narrowing.spanning(chip.query) if chip.by == SPAN else narrowing.turned(chip)
    return narrowing


def test_everything_to_narrow_by_is_tried() -> None:
    assert set(QUERIES) == set(get_args(By))


@given(narrowings(), chips())
def test_a_value_has_one_chip_at_most_and_turning_one_twice_takes_it_away(narrowing: Narrowing, chip: Chip) -> None:
    turned = narrowing.turned(chip)
    values = [(one.by, one.query) for one in turned.chips]

    assert len(values) == len(set(values))
    assert len(narrowing.about(SPAN)) <= 1
    assert (chip in turned.chips) == (chip not in narrowing.chips)
    assert chip not in turned.turned(chip).chips or chip in narrowing.chips
    assert {one for one in turned.chips if one.query != chip.query} == {
        one for one in narrowing.chips if one.query != chip.query
    }


@given(narrowings())
def test_the_pieces_are_the_text_of_all_demands_and_each_chip_is_one(narrowing: Narrowing) -> None:
    assert "".join(piece.text for piece in narrowing.pieces) == " ".join(narrowing.texts)
    places = [piece.place for piece in narrowing.pieces if piece.place is not None]
    assert sorted(places) == list(range(len(narrowing.chips)))
    assert all(piece.text == narrowing.chips[piece.place].text for piece in narrowing.pieces if piece.place is not None)


@given(narrowings(), st.sampled_from(TEXTS))
def test_a_narrowed_question_is_read_as_it_is_written(narrowing: Narrowing, text: str) -> None:
    narrowed = narrowing.of(text)

    assert parse(narrowing.written(text)).items == narrowed.items
    assert len(narrowed.items) == len(parse(text).items) + len(narrowing.texts)


def test_values_of_one_thing_are_alternatives_and_what_is_left_out_is_left_out_each() -> None:
    narrowing = NOTHING
    for chip in (
        Chip("outlet", 'outlet:="A"'),
        Chip("lang", "lang:en", excluded=True),
        Chip("outlet", 'outlet:="B"'),
        Chip("lang", "lang:de", excluded=True),
    ):
        narrowing = narrowing.turned(chip)

    assert narrowing.texts == ('(outlet:="A" OR outlet:="B")', "-lang:en", "-lang:de")
    assert narrowing.written("gas") == 'gas (outlet:="A" OR outlet:="B") -lang:en -lang:de'
    assert narrowing.without(0).written("gas") == 'gas -lang:en outlet:="B" -lang:de'
    assert narrowing.without_last().texts == ('(outlet:="A" OR outlet:="B")', "-lang:en")
