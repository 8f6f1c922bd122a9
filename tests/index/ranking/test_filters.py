"""What is known of an article as a condition: each attribute by hand, and any combination against a plain reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.core.article import Article
from index import Mode, Searcher, parse
from index.analysis.analyzer import words
from index.contracts.conditions import AllOf, Attribute, Condition, Dated, Named, Not
from index.contracts.engines import LexicalIndex
from index.generations.columns import Columns, open_columns
from index.generations.generation import COLUMNS
from index.lexical import engine
from index.query.ast import Item, Operator, Query, Sign, Subquery, What, Word
from index.query.compiler import plan
from index.query.dates.ranges import date_range
from index.query.spelling import Lexicon
from index.ranking.filters import Filters

LANGUAGES = ("en", "es", "zh")


@pytest.fixture(scope="module")
def columns(light_archive: Path) -> Columns:
    return open_columns(light_archive / "generations" / "000001" / COLUMNS)


@pytest.fixture(scope="module")
def lexical(light_archive: Path) -> Iterator[LexicalIndex]:
    opened = engine("rank-bm25").open(light_archive / "generations" / "000001" / "lexical")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def filters(columns: Columns, lexical: LexicalIndex) -> Filters:
    return Filters(columns, lexical)


def condition(query: Query) -> Condition:
    made = plan(query, Lexicon(LANGUAGES))
    parts = [made.required, made.known, None if made.excluded is None else Not(made.excluded)]
    return AllOf(tuple(part for part in parts if part is not None))


def records(filters: Filters, columns: Columns, typed: str) -> str:
    """Return the records a question admits, in their order, such as ``a1 a3``."""
    admitted = np.flatnonzero(filters.articles(condition(parse(typed)))).tolist()
    return " ".join(sorted(columns.article(one).record or "" for one in admitted))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("outlet:vestria", "a2 a3"),
        ('outlet:"the larnholm courier"', "a1 a4"),
        ("outlet:LARNHOLM", "a1 a4"),
        ("outlet:larn", ""),
        ("lang:es", "a6"),
        ("lang:ZH", "a7"),
        ("title:harbour", "a1 a8"),
        ("title:sanction", "a2"),
        ('title:"sanction"', ""),
        ('title:"harbour closed"', "a1"),
        ("title:东部", "a7"),
        ("path:NEWS.jsonl lang:es", "a6"),
        ("path:nothing", ""),
        ("date:2022-01-10", "a1 a8"),
        ("date:2022-01", "a1 a2 a3 a6 a7 a8 b1"),
        ("date:2022", "a1 a2 a3 a4 a6 a7 a8 b1"),
        ("date:2021-12..2022-01-10", "a1 a8 a9"),
        ("date:..2021", "a9"),
        ("date:2022-02..", "a4"),
        ("after:2022-01-15", "a3 a4 b1"),
        ("before:2022-01-11", "a1 a8 a9"),
        ("before:2022", "a9"),
        ("date:none", "a5"),
        ("-date:none lang:en", "a1 a2 a3 a4 a8 a9 b1"),
        ("outlet:vestria OR lang:es", "a2 a3 a6"),
        ("outlet:vestria AND NOT title:pipeline", "a2"),
        ("(harbour OR lang:zh) AND before:2022-01-12", "a1 a7 a8"),
        ("outlet:vestria +turbines", "a2"),
        ('outlet:vestria "four million crowns"', ""),
        ("date:2022-01 -(lang:es OR lang:zh) -outlet:weekly -outlet:vestria", "a1 a8"),
        ("NOT (lang:en OR lang:es)", "a7"),
        ('outlet:="vestria daily"', "a2 a3"),
        ('outlet:="vestria"', ""),
        ("outlet:=weekly", "b1"),
        ("outlet:=none", "a5 a7"),
        ('outlet:="none"', ""),
        ("-outlet:=none lang:zh", ""),
        ("author:=none date:2022-02", "a4"),
        ("dated:none", "a5"),
        ("dated:metadata date:2022-01-10", "a1 a8"),
        ("dated:address", ""),
        ("source:news", ""),
    ],
)
def test_each_attribute_admits_its_articles(filters: Filters, columns: Columns, typed: str, expected: str) -> None:
    assert records(filters, columns, typed) == expected


def test_an_address_is_found_by_any_piece_of_it(filters: Filters, columns: Columns) -> None:
    assert records(filters, columns, "url:example.org") == ""
    assert records(filters, columns, "-url:example.org") == " ".join(sorted(r for r in all_records(columns)))


def all_records(columns: Columns) -> list[str]:
    return [columns.article(one).record or "" for one in range(columns.articles)]


NAMED = st.builds(
    Named,
    st.sampled_from([Attribute.OUTLET, Attribute.AUTHOR, Attribute.TITLE]),
    st.sampled_from(["vestria", "daily", "larnholm", "the larnholm", "harbour", "nobody"]),
    st.just(True),
)
WHOLE = st.builds(
    Named,
    st.sampled_from([Attribute.OUTLET, Attribute.AUTHOR]),
    st.sampled_from(["vestria daily", "Vestria", "THE LARNHOLM COURIER", "none"]),
    st.booleans(),
    st.just(True),
).filter(lambda named: named.quoted or " " not in named.text)
LANG = st.builds(Named, st.just(Attribute.LANGUAGE), st.sampled_from(["en", "es", "zh", "none"]))
DAYS = st.sampled_from(["2021-12-30", "2022-01-10", "2022-01-11", "2022-01-15", "2022-02-01"])
DATED = st.one_of(
    st.builds(Dated, DAYS, DAYS), st.builds(Dated, st.none(), DAYS), st.builds(Dated, DAYS), st.just(Dated())
)
WORD = st.builds(Word, st.sampled_from(["harbour", "gas", "bread", "凪"]))


def grouped(inner: st.SearchStrategy[What]) -> st.SearchStrategy[What]:
    items = st.builds(Item, inner, st.sampled_from([Sign.NONE, Sign.NOT, Sign.MUST]))
    runs = st.lists(st.lists(items, min_size=1, max_size=2).map(tuple), min_size=1, max_size=3).map(tuple)
    return st.builds(Subquery, runs, st.sampled_from(Operator))


WHAT: st.SearchStrategy[What] = st.recursive(st.one_of(NAMED, WHOLE, LANG, DATED, WORD), grouped, max_leaves=6)
QUERIES = st.lists(st.builds(Item, WHAT, st.sampled_from([Sign.NONE, Sign.NOT])), min_size=1, max_size=3).map(tuple)


def run_holds(run: tuple[Item, ...], article: Article, text: set[str], *, demanded: bool) -> bool:
    """Say plainly whether a run admits an article."""
    wanted = [item for item in run if item.sign != Sign.NOT]
    if any(holds(item.what, article, text) for item in run if item.sign == Sign.NOT):
        return False
    binding = [item for item in wanted if item.sign == Sign.MUST or not is_free(item.what)]
    if binding or not demanded:
        return all(holds(item.what, article, text) for item in binding)
    return not wanted or any(holds(item.what, article, text) for item in wanted)


def is_free(what: What) -> bool:
    return isinstance(what, Word) or (isinstance(what, Subquery) and len(what.runs) == 1)


def holds(what: What, article: Article, text: set[str]) -> bool:
    match what:
        case Word(text=word):
            return word in text
        case Dated(first=first, last=last):
            day = (article.published or "")[:10]
            return (
                (day == "") if first is None and last is None else day != "" and (first or "") <= day <= (last or "9")
            )
        case Named(attribute=Attribute.LANGUAGE, text=code):
            return (article.language or "none") == code
        case Named(attribute=attribute, text=name, quoted=quoted, whole=True):
            held = getattr(article, attribute)
            return held is None if name == "none" and not quoted else (held or "").lower() == name.lower()
        case Named(attribute=attribute, text=piece):
            held = " ".join(words(getattr(article, attribute) or "").folded)
            return f" {piece} " in f" {held} "
        case Subquery(runs=runs, operator=operator):
            found = [run_holds(run, article, text, demanded=True) for run in runs]
            return all(found) if operator == Operator.ALL else any(found)
    raise TypeError(what)


@given(QUERIES)
@settings(max_examples=300, deadline=None)
def test_combinations_admit_what_a_plain_reading_does(
    light_archive: Path, filters: Filters, columns: Columns, items: tuple[Item, ...]
) -> None:
    admitted = filters.articles(condition(Query(items)))
    for ordinal in range(columns.articles):
        article = columns.article(ordinal)
        text = words_of(light_archive, article)
        assert admitted[ordinal] == run_holds(items, article, text, demanded=False), article.record


def words_of(root: Path, article: Article) -> set[str]:
    from tests.index.conftest import RECORDS

    ((title, text),) = ((title, text) for record, title, text, *_ in RECORDS if record == article.record)
    return set(words(f"{title}\n{text}").folded)


@given(QUERIES)
@settings(max_examples=300, deadline=None)
def test_what_is_shown_as_read_reads_the_same(items: tuple[Item, ...]) -> None:
    once = parse(str(Query(items)))
    assert parse(str(once)) == once


@pytest.mark.parametrize("value", ["yesterday", "2022-13", "2022-02-30", "20220120", "..", "", "2022-1-1-1", "0"])
def test_what_is_no_date_is_read_as_words(value: str) -> None:
    assert date_range("date", value) is None
    assert all(isinstance(item.what, Word) for item in parse(f"gas date:{value}").items)


def test_filters_bind_both_legs_and_are_told_back(light_archive: Path) -> None:
    with Searcher.open(light_archive) as searcher:
        for mode in Mode:
            answer = searcher.search("harbour lang:es", mode=mode, nearest=True)
            assert {hit.article.language for hit in answer} <= {"es"}
        listed = searcher.search("outlet:vestria")
        assert [hit.article.record for hit in listed] == ["a3", "a2"]
        assert str(searcher.search("harbour date:2022-01").query) == "harbour date:2022-01-01..2022-01-31"


def test_ten_asked_for_are_ten_given_while_ten_exist(light_archive: Path) -> None:
    with Searcher.open(light_archive) as searcher:
        found = searcher.search("harbour outlet:vestria", k=2, nearest=True, mode=Mode.SEMANTIC)
        assert {hit.article.record for hit in found} == {"a2", "a3"}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "sanctions date:1999",
            ("No article meets the conditions.", "No date is known of 1 article; date:none lists it."),
        ),
        ("sanctions outlet:nobody", ("No article meets the conditions.",)),
        ("sanctions date:2022", ()),
    ],
)
def test_conditions_that_nothing_meets_are_told(light_archive: Path, question: str, told: tuple[str, ...]) -> None:
    with Searcher.open(light_archive) as searcher:
        answer = searcher.search(question)
    assert answer.notes == told
    assert bool(answer.hits) != bool(told)
