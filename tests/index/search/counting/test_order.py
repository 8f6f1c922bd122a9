"""Rows in order by date: all that matches, undated last, those of one date best first; fewer are the first of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.core.errors import UsageError
from index import Answer, Confidence, Group, Mode, Order, Reranker, Searcher
from index.embedding.model import Model
from tests.index.search.counting.counted_news import make
from tests.index.world import CheapEncoder

BY_DATE = (Order.NEWEST, Order.OLDEST)
QUESTIONS = (
    "harbour gas", "tram -bread", '"gas pipeline"', "+ferry strike", "minis*", "date:2022-01", "",
    "(gas OR tram) AND NOT flood",
    "outlet:harbour sanctions",
)  # fmt: skip


@pytest.fixture(scope="module", params=["rank-bm25", "tantivy"])
def searcher(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, model: Model
) -> Iterator[Searcher]:
    root = make(tmp_path_factory.mktemp("ordered"), model, engine=request.param)
    with Searcher.open(root, encoder=CheapEncoder(model)) as opened:
        yield opened


def places(answer: Answer) -> list[str]:
    return [hit.passage.id for hit in answer]


def is_in_order(answer: Answer) -> bool:
    dates = [hit.article.published or "" for hit in answer]
    dated = [one for one in dates if one]
    return dates == sorted(dated, reverse=answer.order == Order.NEWEST) + [""] * (len(dates) - len(dated))


@settings(max_examples=80, deadline=None)
@given(
    question=st.sampled_from(QUESTIONS),
    mode=st.sampled_from(Mode),
    group=st.sampled_from([Group.PASSAGE, Group.ARTICLE]),
    order=st.sampled_from(BY_DATE),
    k=st.integers(1, 60),
)
def test_everything_that_matches_comes_in_order_and_fewer_rows_are_the_first_of_them(
    searcher: Searcher, question: str, mode: Mode, group: Group, order: Order, k: int
) -> None:
    every = searcher.search(question, 10_000, mode, group, order=order)
    assert is_in_order(every)
    assert searcher.search(question, k, mode, group, order=order).hits == every.hits[:k]
    assert every.totals == searcher.facets(question, (), mode).totals
    assert every.confidence != Confidence.NOTHING or not every.totals.articles
    assert [hit.rank for hit in every] == list(range(1, len(every) + 1))
    if group == Group.ARTICLE:
        assert len(every) == every.totals.articles
        if every.plan != "listing":
            assert len(every) + sum(hit.folded for hit in every) == every.totals.passages


@pytest.mark.parametrize("order", BY_DATE)
@pytest.mark.parametrize("question", ["harbour gas", "+ferry strike", '"gas pipeline"'])
def test_those_of_one_date_come_as_they_are_ranked(searcher: Searcher, question: str, order: Order) -> None:
    best = searcher.search(question, 10_000, Mode.LEXICAL, Group.ARTICLE, nearest=True)
    dated = searcher.search(question, 10_000, Mode.LEXICAL, Group.ARTICLE, order=order)
    rank = {hit.passage.id: hit for hit in best}
    assert set(places(dated)) == set(rank)
    for one, next_one in zip(dated, dated.hits[1:], strict=False):
        if one.article.published == next_one.article.published:
            assert rank[one.passage.id].rank < rank[next_one.passage.id].rank
        same = rank[one.passage.id]
        assert (one.score, one.folded) == (same.score, same.folded)
        if same.lexical and same.lexical.rank <= 100:
            assert one.lexical == same.lexical


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("order", BY_DATE)
def test_what_is_folded_and_what_makes_the_scores_is_told_of_these_rows_too(
    searcher: Searcher, mode: Mode, order: Order
) -> None:
    answer = searcher.search("harbour gas bread", 30, mode, Group.ARTICLE, order=order)
    sums = searcher.explain(answer)
    assert [one.score for one in sums] == pytest.approx([hit.score for hit in answer])
    for hit in answer:
        folded = searcher.folded(answer, hit)
        assert len(folded) == hit.folded
        assert {each.article.id for each in folded} <= {hit.article.id}
        assert all(each.score <= hit.score for each in folded)


@pytest.mark.parametrize("mode", Mode)
def test_what_is_like_a_passage_comes_in_order_by_date(searcher: Searcher, mode: Mode) -> None:
    (hit,) = searcher.search("gas pipeline", 1)
    answer = searcher.search(f"like:{hit.passage.id}", 10_000, mode, order=Order.NEWEST)
    assert is_in_order(answer)
    assert len(answer) > 3
    assert hit.passage.id not in places(answer)


def test_in_order_by_date_what_matches_is_listed_although_the_archive_holds_little_about_it(searcher: Searcher) -> None:
    question = "harbour zyx qwv jkl mnb vcx lkj hgf"
    assert searcher.search(question, mode=Mode.LEXICAL).confidence == Confidence.NOTHING
    dated = searcher.search(question, mode=Mode.LEXICAL, order=Order.NEWEST)
    assert dated.confidence == Confidence.WEAK
    assert len(dated) == 10
    assert searcher.search("zyx", order=Order.NEWEST, mode=Mode.LEXICAL).hits == ()


def test_two_orders_at_once_are_refused(searcher: Searcher, cross_encoder: Path) -> None:
    with pytest.raises(UsageError, match="order"):
        searcher.search("gas", rerank=Reranker(str(cross_encoder)), order=Order.OLDEST)


def test_in_order_of_the_best_nothing_is_counted(searcher: Searcher) -> None:
    answer = searcher.search("gas")
    assert (answer.order, answer.totals) == (Order.BEST, None)
