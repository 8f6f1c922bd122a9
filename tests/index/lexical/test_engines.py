"""One suite for every lexical engine: what one finds, all find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import lexical
from index.analysis.pieces import BREAK
from index.contracts.conditions import AllOf, AnyOf, Condition, Dated, Field, Not, Phrase, Term, Where
from index.contracts.engines import IndexedDocument, LexicalIndex, Ordinals, Table, Weighted
from index.lexical import ENGINES
from tests.index.lexical.made_up import DOCUMENTS, VOCABULARY, holds, written

UNKNOWN = "nowhere"
# tantivy keeps lengths above 40 in one byte; over lengths to 5,000, scores were off by 9.7% at most, 1% in the middle
LENGTH_ROUNDING = 0.1


@dataclass(frozen=True)
class Both:
    """The two engines over the same documents."""

    plain: LexicalIndex
    quick: LexicalIndex


@pytest.fixture(scope="module")
def both(folders: dict[str, Path]) -> Iterator[Both]:
    opened = Both(*(lexical.engine(name).open(folders[name]) for name in ENGINES))
    yield opened
    opened.plain.close()
    opened.quick.close()


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, folders: dict[str, Path]) -> Iterator[LexicalIndex]:
    opened = lexical.engine(request.param).open(folders[request.param])
    yield opened
    opened.close()


WORDS = st.sampled_from([*VOCABULARY, "v1", UNKNOWN])
TERMS = st.builds(Term, st.sampled_from(Field), WORDS)
PHRASES = st.builds(Phrase, st.lists(WORDS, min_size=1, max_size=3).map(tuple))
ORDERED = st.builds(Phrase, st.tuples(WORDS, WORDS), ordered=st.just(True))
NEARS = st.builds(Phrase, st.lists(WORDS, min_size=2, max_size=2, unique=True).map(tuple), st.integers(0, 5))


def combined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(st.builds(AnyOf, several), st.builds(AllOf, several), st.builds(Not, parts))


SPANS = st.sampled_from([None, "2021-12-31", "2022-01-01", "2022-01-19", "2022-02-28"])
DATED = st.builds(Where, st.builds(Dated, SPANS, SPANS))
CONDITIONS = st.recursive(st.one_of(TERMS, PHRASES, ORDERED, DATED), combined, max_leaves=6)
WEIGHTED = st.lists(
    st.builds(Weighted, TERMS, st.sampled_from([1.0, 1.0, 0.5])), max_size=5, unique_by=lambda one: one.term
)


@settings(max_examples=200, deadline=None)
@given(condition=CONDITIONS, table=st.sampled_from(Table))
def test_both_engines_match_what_plain_reading_matches(both: Both, condition: Condition, table: Table) -> None:
    expected = [at for at, document in enumerate(DOCUMENTS[table]) if holds(condition, document)]
    assert both.plain.matching(table, condition).tolist() == expected
    assert both.quick.matching(table, condition).tolist() == expected
    some = np.arange(0, len(DOCUMENTS[table]), 7, dtype=np.int64)
    for index in (both.plain, both.quick):
        assert some[index.meeting(table, condition, some)].tolist() == [at for at in expected if at % 7 == 0]


@settings(max_examples=200, deadline=None)
@given(near=NEARS, table=st.sampled_from(Table))
def test_both_engines_agree_on_words_near_each_other(both: Both, near: Phrase, table: Table) -> None:
    assert both.plain.matching(table, near).tolist() == both.quick.matching(table, near).tolist()


@settings(max_examples=100, deadline=None)
@given(terms=WEIGHTED, table=st.sampled_from(Table), within=st.none() | CONDITIONS)
def test_both_engines_score_alike(both: Both, terms: list[Weighted], table: Table, within: Condition | None) -> None:
    everyone = len(DOCUMENTS[table])
    plain, quick = (one.top(table, terms, everyone, within) for one in (both.plain, both.quick))
    assert sorted(plain.ordinals.tolist()) == sorted(quick.ordinals.tolist())
    by_ordinal = np.argsort(plain.ordinals), np.argsort(quick.ordinals)
    np.testing.assert_allclose(quick.scores[by_ordinal[1]], plain.scores[by_ordinal[0]], rtol=LENGTH_ROUNDING)


def test_lengths_up_to_forty_are_not_rounded_at_all(tmp_path: Path) -> None:
    texts = [" ".join(["a"] * (at % 5) + ["b"] * at) for at in range(35)]
    documents = [IndexedDocument(text, text) for text in texts]
    opened = [
        lexical.engine(name).open(written(name, tmp_path / name, dict.fromkeys(Table, documents))) for name in ENGINES
    ]
    terms = [Weighted(Term(Field.STEMMED, "a")), Weighted(Term(Field.FOLDED, "b"), 0.25)]
    plain, quick = (one.score(Table.PASSAGES, terms, np.arange(35)) for one in opened)
    np.testing.assert_allclose(quick, plain, rtol=1e-5)


@pytest.mark.parametrize("limit", [1, 3, 10, 50])
def test_ties_at_the_cut_are_all_taken(index: LexicalIndex, limit: int) -> None:
    terms = [Weighted(Term(Field.STEMMED, "w3"))]
    every = index.top(Table.PASSAGES, terms, 400)
    cut = index.top(Table.PASSAGES, terms, limit)
    kept = every.scores >= every.scores[limit - 1]
    assert cut.ordinals.tolist() == every.ordinals[kept].tolist()
    assert len(cut.ordinals) >= limit


def test_a_hundred_equal_documents_all_tie(tmp_path: Path) -> None:
    documents = [IndexedDocument("a b", "a b")] * 100
    for name in ENGINES:
        opened = lexical.engine(name).open(written(name, tmp_path / name, dict.fromkeys(Table, documents)))
        found = opened.top(Table.ARTICLES, [Weighted(Term(Field.STEMMED, "a"))], 5)
        assert found.ordinals.tolist() == list(range(100))
        assert len(set(found.scores.tolist())) == 1


def test_the_order_is_by_score_then_ordinal_and_the_same_every_time(index: LexicalIndex) -> None:
    terms = [Weighted(Term(Field.STEMMED, token)) for token in ("w2", "w5", "東京")]
    first = index.top(Table.PASSAGES, terms, 50)
    pairs = list(zip((-first.scores).tolist(), first.ordinals.tolist(), strict=True))
    assert pairs == sorted(pairs)
    for _ in range(3):
        again = index.top(Table.PASSAGES, terms, 50)
        assert again.ordinals.tolist() == first.ordinals.tolist()
        assert again.scores.tolist() == first.scores.tolist()


def test_scores_are_aligned_with_the_ordinals_asked_for(index: LexicalIndex) -> None:
    terms = [Weighted(Term(Field.STEMMED, "w2")), Weighted(Term(Field.STEMMED, "w9"), 0.5)]
    every = index.top(Table.PASSAGES, terms, 400)
    asked = np.array(sorted({0, 7, 399, *every.ordinals.tolist()}), np.int64)
    known = dict(zip(every.ordinals.tolist(), every.scores.tolist(), strict=True))
    np.testing.assert_allclose(
        index.score(Table.PASSAGES, terms, asked), [known.get(at, 0.0) for at in asked.tolist()], rtol=1e-5
    )


def test_score_without_ordinals_or_terms_is_empty_or_zero(index: LexicalIndex) -> None:
    nobody: Ordinals = np.empty(0, np.int64)
    assert index.score(Table.PASSAGES, [Weighted(Term(Field.STEMMED, "w2"))], nobody).shape == (0,)
    assert index.score(Table.PASSAGES, [], np.arange(3)).tolist() == [0, 0, 0]
    assert len(index.top(Table.PASSAGES, [], 5).ordinals) == 0


def test_what_is_within_a_condition_scores_as_it_does_without(index: LexicalIndex) -> None:
    terms = [Weighted(Term(Field.STEMMED, "w2"))]
    within = AllOf((Term(Field.FOLDED, "w4"), Not(Term(Field.FOLDED, "w5"))))
    admitted = set(index.matching(Table.PASSAGES, within).tolist())
    every = index.top(Table.PASSAGES, terms, 400)
    expected = [at for at in every.ordinals.tolist() if at in admitted]
    found = index.top(Table.PASSAGES, terms, 400, within)
    assert found.ordinals.tolist() == expected
    assert expected
    np.testing.assert_allclose(found.scores, [every.scores[every.ordinals == at][0] for at in expected], rtol=1e-6)


def test_unknown_words_match_and_score_nothing(index: LexicalIndex) -> None:
    term = Term(Field.STEMMED, UNKNOWN)
    assert index.document_frequency(Table.PASSAGES, term) == 0
    assert index.matching(Table.PASSAGES, term).tolist() == []
    assert len(index.top(Table.PASSAGES, [Weighted(term)], 10).ordinals) == 0
    assert index.matching(Table.PASSAGES, Phrase(("w1", UNKNOWN))).tolist() == []


def test_sizes_and_frequencies_are_counted_by_table(index: LexicalIndex) -> None:
    for table, documents in DOCUMENTS.items():
        assert index.size(table) == len(documents)
        expected = sum("w3" in document.folded.split(" ") for document in documents)
        assert index.document_frequency(table, Term(Field.FOLDED, "w3")) == expected


def test_no_phrase_crosses_a_break(tmp_path: Path) -> None:
    documents = [IndexedDocument(f"a {BREAK} b", "a b"), IndexedDocument("a b", "a b")]
    for name in ENGINES:
        opened = lexical.engine(name).open(written(name, tmp_path / name, dict.fromkeys(Table, documents)))
        assert opened.matching(Table.PASSAGES, Phrase(("a", "b"))).tolist() == [1]


def test_no_phrase_crosses_from_one_document_into_the_next(tmp_path: Path) -> None:
    documents = [IndexedDocument("x a", ""), IndexedDocument("b x", "")]
    for name in ENGINES:
        opened = lexical.engine(name).open(written(name, tmp_path / name, dict.fromkeys(Table, documents)))
        assert opened.matching(Table.PASSAGES, Phrase(("a", "b"))).tolist() == []
        assert opened.matching(Table.PASSAGES, Phrase(("a", "b"), 5)).tolist() == []


def test_a_token_beside_another_is_found_as_it_is_asked_for(tmp_path: Path) -> None:
    documents = [IndexedDocument("cease fire", "ceas +ceasefir fire"), IndexedDocument("fire", "fire")]
    for name in ENGINES:
        opened = lexical.engine(name).open(written(name, tmp_path / name, dict.fromkeys(Table, documents)))
        assert opened.matching(Table.ARTICLES, Term(Field.STEMMED, "ceasefir")).tolist() == [0]
        assert opened.document_frequency(Table.ARTICLES, Term(Field.STEMMED, "+ceasefir")) == 0


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("documents", [[], [IndexedDocument("", "")]])
def test_an_empty_index_answers_nothing(name: str, documents: list[IndexedDocument], tmp_path: Path) -> None:
    opened = lexical.engine(name).open(written(name, tmp_path / "index", dict.fromkeys(Table, documents)))
    term = Term(Field.STEMMED, "a")
    assert opened.size(Table.ARTICLES) == len(documents)
    assert opened.matching(Table.ARTICLES, term).tolist() == []
    assert len(opened.top(Table.PASSAGES, [Weighted(term)], 5).ordinals) == 0
    assert opened.score(Table.PASSAGES, [Weighted(term)], np.arange(len(documents))).tolist() == [0] * len(documents)
    assert opened.matching(Table.PASSAGES, Phrase(("a", "b"))).tolist() == []
