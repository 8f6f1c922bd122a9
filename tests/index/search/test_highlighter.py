from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archive.core.article import Span
from index.analysis.pieces import BREAK
from index.analysis.stemming import stems
from index.analysis.visible_words import visible_words
from index.query.compiler import plan
from index.query.parser import parse
from index.query.spelling import Lexicon
from index.search.highlighter import matches

TEXTS = st.text(alphabet=st.sampled_from("ab cé.,'’\n东京都İ"), max_size=60)


def lit(question: str, text: str, language: str | None = "en", hidden: tuple[Span, ...] = ()) -> list[str]:
    return [
        text[one.start : one.end] for one in matches(plan(parse(question), Lexicon(("en",))), text, language, hidden)
    ]


def test_all_forms_of_a_word_light_up() -> None:
    text = "Sanctions! They sanctioned it; SANCTION, sanctioning."
    assert lit("sanctions", text) == ["Sanctions", "sanctioned", "SANCTION", "sanctioning"]


@given(TEXTS, st.sampled_from(["ab", "cé ab", "東京", "l'ab c.é", "b"]), st.sets(st.integers(0, 60), max_size=4))
def test_what_lights_up_is_what_a_plain_reading_finds(text: str, question: str, edges: set[int]) -> None:
    within = sorted(edge for edge in edges if edge <= len(text))
    hidden = tuple(Span(start, end) for start, end in zip(within[::2], within[1::2], strict=False))
    asked, found = plan(parse(question), Lexicon(("en",))), visible_words(text, hidden)
    known = stems("en")
    expected = {
        place
        for word, start, end in zip(found.folded, found.starts, found.ends, strict=True)
        if word in asked.highlight_folded or known[word] in asked.highlight_stems
        for place in range(start, end)
    }
    marks = matches(asked, text, "en", hidden)
    assert {place for one in marks for place in range(one.start, one.end)} == expected


def test_a_word_that_a_line_end_divides_lights_up_whole() -> None:
    text = "the price of lique-\nfied gas, said inspec-\ntors; the north-\neastern gas"
    assert lit("inspectors", text) == ["inspec-\ntors"]
    assert lit('"price of liquefied gas"', text) == ["price", "of", "lique-\nfied", "gas"]
    assert lit("eastern", text) == ["eastern"]
    assert lit("inspectors", text, hidden=(Span(text.index("tors;"), len(text)),)) == []


def test_stop_words_do_not_light_up_beside_others() -> None:
    assert lit("the gas", "the gas and the oil") == ["gas"]
    assert lit("to be", "not to be") == ["to", "be"]


def test_a_possessive_is_left_out() -> None:
    assert lit("minister", "The minister's plan") == ["minister"]


def test_a_phrase_lights_up_only_as_a_whole() -> None:
    assert lit('"inner basin"', "the basin, the inner harbour, the inner basin") == ["inner", "basin"]
    assert lit('"inner basin"', "an inner and a basin") == []


def test_a_near_phrase_lights_up_where_its_words_stand_near() -> None:
    text = "Gas for the long pipeline; far away from there some gas, and at the end of it all a pipeline."
    assert lit('"gas pipeline"~3', text) == ["Gas", "pipeline"]
    assert lit('"pipeline gas"~3', "gas pipeline") == ["gas", "pipeline"]
    assert lit('"pipeline gas"~1', "gas pipeline") == []


def test_words_in_groups_light_up_and_excluded_ones_do_not() -> None:
    assert lit("(gas OR oil) AND NOT (coal wind)", "gas, oil, coal, wind") == ["gas", "oil"]


def test_a_phrase_does_not_cross_a_hidden_span() -> None:
    text = "inner RESIDUE basin"
    assert lit('"inner basin"', text, hidden=(Span(6, 13),)) == []
    assert lit("inner residue", text, hidden=(Span(6, 13),)) == ["inner"]


def test_excluded_words_do_not_light_up() -> None:
    assert lit("gas -oil", "gas and oil") == ["gas"]


def test_bigrams_join_into_one_span() -> None:
    assert lit("东京都", "在东京都政府") == ["东京都"]


@given(st.sampled_from(["a", "ab c", '"a b"', "东京", "é -b", '"东京 a"']), TEXTS, st.data())
def test_spans_are_sorted_disjoint_inside_and_off_what_is_hidden(question: str, text: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4, unique=True)))
    hidden = tuple(Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))
    found = matches(plan(parse(question), Lexicon(("en",))), text, "en", hidden)
    assert list(found) == sorted(found)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(one.end <= span.start or span.end <= one.start for one in found for span in hidden)


@given(TEXTS, st.data())
def test_visible_words_have_offsets_into_the_whole_text(text: str, data: st.DataObject) -> None:
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4, unique=True)))
    hidden = tuple(Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))
    found = visible_words(text, hidden)
    assert found.starts == sorted(found.starts)
    assert found.folded.count(BREAK) in (len(hidden), len(hidden) + 1)


def test_nothing_asked_lights_nothing() -> None:
    assert matches(plan(parse(""), Lexicon(("en",))), "some text", "en") == ()
