"""Facets: what they count equals a plain count, and narrowing by a value lists exactly as many."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.core.article import Article
from archive.text.urls import host
from index import FacetBy, Facets, Group, Mode, Order, Searcher, narrowed, parse
from index.embedding.model import Model, locate
from index.query.names import same_name
from tests.archives import copied_archive
from tests.index.search.counting.counted_news import OUTLETS, VOCABULARY, Known, known, make
from tests.index.world import CheapEncoder

EVERY = tuple(FacetBy)
PIECES = (
    *VOCABULARY, "+gas", "-bread", '"gas pipeline"', '"harbour ferry"~4', "minis*", "turbin~", "title:tram",
    "outlet:harbour", "outlet:example", 'author:"jan vries"', "lang:en", "date:2022-01", "after:2022-01-10",
    "before:2022-02", "date:none", "dated:url", "-dated:metadata", "url:times", "outlet:=none", "source:news",
    "(coal OR gas)", "AND", "OR", "NOT",
)  # fmt: skip


@pytest.fixture(scope="module", params=["rank-bm25", "tantivy"])
def searcher(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, model: Model
) -> Iterator[Searcher]:
    root = make(tmp_path_factory.mktemp("counted"), model, engine=request.param)
    with Searcher.open(root, encoder=CheapEncoder(model)) as opened:
        yield opened


@pytest.fixture(scope="module")
def articles(searcher: Searcher) -> dict[str, Known]:
    return {one.article.id: one for one in known(searcher.archive.root)}


def value_of(by: FacetBy, article: Article) -> str:
    """Say plainly which value an article has; nothing where it is not known."""
    day = (article.published or "")[:10]
    match by:
        case FacetBy.OUTLET:
            return same_name(article.outlet or "") or host(article.url or "") or ""
        case FacetBy.AUTHOR:
            return same_name(article.author or "") or ""
        case FacetBy.LANGUAGE:
            return article.language or ""
        case FacetBy.SOURCE:
            return "news" if "/news/" in article.path else "b.jsonl"
        case FacetBy.DATED:
            return article.published_from or "" if day else ""
        case FacetBy.WEEK:
            monday = date.fromisoformat(day) if day else None
            return f"{monday - timedelta(days=monday.weekday())}" if monday else ""
    return day[: {FacetBy.DAY: 10, FacetBy.MONTH: 7, FacetBy.YEAR: 4}[by]] or ""


def counted(facets: Facets, by: FacetBy) -> dict[str, int]:
    (facet,) = [each for each in facets.facets if each.by == by]
    unknown = {"": facet.unknown.articles} if facet.unknown else {}
    assert facet.distinct == len(facet.values)
    return {same_name(value.value): value.articles for value in facet.values} | unknown


def listed(searcher: Searcher, question: str, mode: Mode = Mode.LEXICAL) -> list[Article]:
    """Return the articles of all hits there are, by asking for all of them."""
    answer = searcher.search(question, 10_000, mode, Group.ARTICLE, nearest=True)
    return [hit.article for hit in answer]


@pytest.mark.parametrize("seed", range(4))
def test_facets_equal_a_plain_count_over_everything_that_is_listed(searcher: Searcher, seed: int) -> None:
    chance, found = random.Random(seed), 0
    for _ in range(50):
        question = " ".join(chance.choice(PIECES) for _ in range(chance.choice((1, 2, 3, 5))))
        facets = searcher.facets(question, EVERY, Mode.LEXICAL, most=None)
        everything = listed(searcher, question)
        assert facets.totals.articles == len(everything), question
        found += bool(everything)
        for by in EVERY:
            plain = Counter(value_of(by, article) for article in everything)
            assert counted(facets, by) == plain, (question, by)
        days = sorted(article.published[:10] for article in everything if article.published)
        assert (facets.totals.first, facets.totals.last) == ((days[0], days[-1]) if days else (None, None))
        assert facets.totals.undated == len(everything) - len(days)
    assert found > 30


@settings(max_examples=60, deadline=None)
@given(
    asked=st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3, unique=True), out=st.sampled_from(VOCABULARY)
)
def test_words_count_the_articles_and_passages_that_hold_one_of_them(
    searcher: Searcher, articles: dict[str, Known], asked: list[str], out: str
) -> None:
    totals = searcher.facets(f"{' '.join(asked)} -{out}", (), Mode.HYBRID).totals
    plain = [one for one in articles.values() if any(map(one.holds, asked)) and not one.holds(out)]
    assert totals.articles == len(plain)
    assert totals.passages == sum(one.matching(asked) for one in plain)


@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=4), mode=st.sampled_from(Mode), data=st.data())
def test_narrowing_by_a_value_lists_exactly_what_it_counts_and_without_it_the_rest(
    searcher: Searcher, pieces: list[str], mode: Mode, data: st.DataObject
) -> None:
    question = parse(" ".join(pieces))
    facets = searcher.facets(question, EVERY, mode)
    values = [value for facet in facets.facets for value in (*facet.values, *filter(None, [facet.unknown]))]
    if not values:
        assert facets.totals.articles == 0
        return
    value = data.draw(st.sampled_from(values))
    inside, outside = narrowed(question, value.query), narrowed(question, f"-{value.query}")
    assert parse(inside.text) == inside
    assert not [note for note in inside.notes if "plain words" in note and value.query in note]
    totals = searcher.facets(inside, (), mode).totals
    assert (totals.articles, totals.passages) == (value.articles, value.passages)
    rest = searcher.facets(outside, (), mode).totals
    assert (rest.articles, rest.passages) == (
        facets.totals.articles - value.articles, facets.totals.passages - value.passages,
    )  # fmt: skip
    newest = searcher.search(inside, 10_000, mode, Group.ARTICLE, order=Order.NEWEST)
    assert newest.totals == totals
    assert len(newest) == totals.articles


def test_what_is_found_by_meaning_alone_counts_as_near_as_every_hit_is(searcher: Searcher) -> None:
    everything = searcher.search("harbour ferry strike", 10_000, Mode.SEMANTIC, Group.ARTICLE)
    facets = searcher.facets("harbour ferry strike", EVERY, Mode.SEMANTIC, most=None)
    assert facets.totals.basis == "meaning"
    assert 0 < facets.totals.articles == len(everything) < 120
    assert facets.totals.passages == len(everything) + sum(hit.folded for hit in everything)
    assert counted(facets, FacetBy.OUTLET) == Counter(value_of(FacetBy.OUTLET, hit.article) for hit in everything)


def test_conditions_alone_count_all_that_they_admit(searcher: Searcher, articles: dict[str, Known]) -> None:
    facets = searcher.facets("date:2022-01", (FacetBy.DAY,))
    admitted = [one for one in articles.values() if (one.article.published or "").startswith("2022-01")]
    assert facets.totals.basis == "conditions"
    assert (facets.totals.articles, facets.totals.passages) == (
        len(admitted), sum(len(one.passages) for one in admitted),
    )  # fmt: skip
    assert searcher.facets("").totals.articles == len(articles)


def test_names_that_differ_in_capitals_are_one_and_hosts_stand_for_unknown_outlets(searcher: Searcher) -> None:
    (facet,) = searcher.facets("", (FacetBy.OUTLET,)).facets
    texts = {value.value: value.query for value in facet.values}
    assert {"Times", "Ferry Times", "The Harbour Post", "post.example.org", "times.example.org"} <= set(texts)
    assert "None" not in texts
    assert len([name for name in texts if name.casefold() == "harbour post"]) == 1
    assert texts["Times"] == 'outlet:="Times"'
    assert facet.unknown is not None
    assert facet.unknown.query == "outlet:=none"
    assert len(texts) == len({same_name(name) for name in OUTLETS if name and name != "None"} | {"zwsty"}) + 2


def test_only_the_most_frequent_values_are_given_and_it_is_told_how_many_there_are(searcher: Searcher) -> None:
    (every,) = searcher.facets("gas", (FacetBy.OUTLET,), most=None).facets
    (some,) = searcher.facets("gas", (FacetBy.OUTLET,), most=2).facets
    assert some.values == every.values[:2]
    assert some.distinct == len(every.values) > 2
    assert [value.articles for value in every.values] == sorted((v.articles for v in every.values), reverse=True)


def test_what_is_like_a_passage_is_counted_without_it_and_its_copies(searcher: Searcher) -> None:
    (hit,) = searcher.search("gas pipeline", 1)
    question = f"like:{hit.passage.id}"
    everything = searcher.search(question, 10_000, Mode.LEXICAL, Group.ARTICLE, nearest=True)
    totals = searcher.facets(question).totals
    assert totals.articles == len(everything)
    assert totals.passages == len(everything) + sum(each.folded for each in everything)


def test_a_question_in_parts_is_narrowed_as_a_whole_and_one_of_words_stays_as_typed() -> None:
    assert narrowed(parse("coal  gas"), "lang:en").text == "coal  gas lang:en"
    assert narrowed(parse("coal OR gas"), "lang:en").text == "(coal OR gas) lang:en"
    assert narrowed(parse(""), "-date:none").text == "-date:none"


def test_articles_that_were_removed_since_do_not_count(searcher: Searcher, tmp_path: Path) -> None:
    root = copied_archive(searcher.archive.root, tmp_path / "copy")
    with Searcher.open(root, encoder=CheapEncoder(locate())) as opened, Archive.open(root) as archive:
        before = opened.facets("gas", EVERY, Mode.LEXICAL, most=None)
        for hit in listed(opened, "gas")[::3]:
            archive.remove(hit.id)
        after = opened.facets("gas", EVERY, Mode.LEXICAL, most=None)
        left = listed(opened, "gas")
        assert before.totals.articles > after.totals.articles == len(left)
        for by in EVERY:
            assert counted(after, by) == Counter(value_of(by, article) for article in left), by
        newest = opened.search("gas", 10_000, Mode.LEXICAL, Group.ARTICLE, order=Order.NEWEST)
        assert newest.totals == after.totals == opened.facets("gas", (), Mode.LEXICAL).totals
        assert after.totals.passages == len(newest) + sum(hit.folded for hit in newest)


@pytest.mark.leaves_damage
def test_without_the_word_index_meaning_is_counted(searcher: Searcher, tmp_path: Path) -> None:
    root = copied_archive(searcher.archive.root, tmp_path / "copy")
    for path in (root / "generations").glob("*/lexical/**/*"):
        if path.is_file():
            path.write_bytes(b"")
    with Searcher.open(root, encoder=CheapEncoder(locate())) as opened:
        facets = opened.facets("harbour ferry strike")
        assert facets.degraded
        assert facets.totals.basis == "meaning"
        assert facets.totals.articles == len(opened.search("harbour ferry strike", 10_000, group=Group.ARTICLE))
