"""Grouped or not, nothing that answers is out of reach, and so many rows are given as were asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Answer, Group, Mode, Searcher
from index.ann.choice import Proposer
from index.embedding.model import Model
from index.ranking import grouping
from tests.archives import built_archive
from tests.index.world import World

QUESTIONS = ("sanctions", "larnholm harbour", "gas pipeline", "+penalty cup", "gas -football", "the", "-harbour")
FLOOD = 110
OTHERS = 12


@pytest.fixture(scope="module")
def searcher(news_archive: Path) -> Iterator[Searcher]:
    with Searcher.open(news_archive) as opened:
        assert opened.warm()
        yield opened


@pytest.fixture(scope="module")
def seeds(seed_archive: Path) -> Iterator[Searcher]:
    with Searcher.open(seed_archive) as opened:
        assert opened.warm()
        yield opened


@pytest.fixture(scope="module")
def flooded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """One long article about trams in every passage, and others that tell of trams in passing."""
    folder = tmp_path_factory.mktemp("news")
    stop = "The tram of line {0} stops at platform {0}, and the tram depot keeps tram {0} on its tram tracks. "
    parts = "\n\n".join(stop.format(number) * 6 for number in range(FLOOD))
    (folder / "long.txt").write_text(f"The tram network, stop by stop\n\n{parts}\n", "utf-8")
    for number in range(OTHERS):
        text = f"Bakers of street {number} sell bread, rolls and cakes from five in the morning, beside a tram stop.\n"
        (folder / f"other{number}.txt").write_text(f"Bakery number {number}\n\n{text}", "utf-8")
    with Searcher.open(built_archive(tmp_path_factory.mktemp("flooded") / "archive", folder)) as opened:
        assert opened.warm(Proposer.CODES)
        yield opened


def ids(answer: Answer) -> list[str]:
    return [hit.passage.id for hit in answer]


def unfolded(searcher: Searcher, answer: Answer) -> Counter[str]:
    """Count the passages of all rows and of what is folded under them."""
    return Counter([*ids(answer), *(one.passage.id for hit in answer for one in searcher.folded(answer, hit))])


def check_nothing_is_lost(searcher: Searcher, question: str, mode: Mode, *, nearest: bool = False) -> None:
    passages = searcher.search(question, k=500, mode=mode, nearest=nearest)
    copies = {copy.passage.id for hit in passages for copy in searcher.copies(passages, hit)}
    articles = searcher.search(question, k=500, mode=mode, group=Group.ARTICLE, nearest=nearest)
    found = unfolded(searcher, articles)
    assert set(found.values()) <= {1}
    assert set(ids(passages)) <= set(found) <= set(ids(passages)) | copies
    for hit in articles:
        rest = searcher.folded(articles, hit)
        assert len(rest) == hit.folded
        assert {one.article for one in rest} <= {hit.article}
        assert {one.rank for one in rest} <= {hit.rank}
        assert all(one.highlights or one.semantic or "its article" in one.reason for one in rest)
        holding = [one.score for one in (hit, *rest)]
        assert mode == Mode.HYBRID or "+" in question or holding == sorted(holding, reverse=True)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("question", QUESTIONS)
def test_rows_by_article_and_what_is_folded_under_them_are_all_the_passages(
    searcher: Searcher, question: str, mode: Mode
) -> None:
    check_nothing_is_lost(searcher, question, mode)
    check_nothing_is_lost(searcher, question, mode, nearest=True)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("question", ["sanctions threats", "gas", "Ukraine border troops"])
def test_nothing_of_the_sample_articles_is_lost_either(seeds: Searcher, question: str, mode: Mode) -> None:
    check_nothing_is_lost(seeds, question, mode)


@pytest.mark.parametrize("mode", Mode)
def test_what_is_folded_does_not_depend_on_how_many_rows_are_asked_for(flooded: Searcher, mode: Mode) -> None:
    answers = [flooded.search("tram depot platform", k, mode, Group.ARTICLE, nearest=True) for k in (1, 10, 100)]
    assert {answer.hits[0].folded for answer in answers} == {FLOOD - 1}
    assert {len(flooded.folded(answer, answer.hits[0])) for answer in answers} == {FLOOD - 1}


@pytest.mark.parametrize("mode", Mode)
def test_an_article_that_answers_everywhere_crowds_out_no_other(flooded: Searcher, mode: Mode) -> None:
    first = flooded.search("tram depot platform", k=10, mode=mode, nearest=True)
    assert len({hit.article.id for hit in first}) == 1
    answer = flooded.search("tram depot platform", k=10, mode=mode, group=Group.ARTICLE, nearest=True)
    assert len(answer) == 10
    assert len({hit.article.id for hit in answer}) == 10
    every = flooded.search("tram depot platform", k=100, mode=mode, group=Group.ARTICLE, nearest=True)
    assert len(every) == OTHERS + 1
    assert ids(every)[:10] == ids(answer)
    flooded.explain(answer)


def test_copies_crowd_out_nothing(tmp_path: Path, model: Model, background: None) -> None:
    world = World(tmp_path, model)
    for number in range(FLOOD):
        world.put(f"copy{number}", "Trams\n\nThe tram council met about the tram and its tram tracks.\n")
    for number in range(OTHERS):
        world.put(f"other{number}", f"Bread {number}\n\nBakers of street {number} sell rolls beside a tram.\n")
    world.add()
    world.build()
    with Searcher.open(world.root) as searcher:
        answer = searcher.search("tram council", mode=Mode.LEXICAL)
        assert len(answer) == 10
        assert answer.hits[0].copies == FLOOD - 1
        assert len(searcher.folded(answer, answer.hits[0])) == FLOOD - 1
        assert {hit.copies for hit in answer.hits[1:]} == {0}
        every = searcher.search("tram council", k=100, mode=Mode.LEXICAL)
        assert len(every) == OTHERS + 1
        assert every.hits[:10] == answer.hits


def test_by_passage_the_folded_are_the_copies(searcher: Searcher) -> None:
    answer = searcher.search("harbour breakwater")
    (one,) = searcher.folded(answer, answer.hits[0])
    (copy,) = searcher.copies(answer, answer.hits[0])
    assert (one.passage, one.article, one.rank, one.copies) == (copy.passage, copy.article, 1, 0)
    assert one.highlights
    assert answer.hits[0].folded == 0


@given(st.lists(st.integers(0, 5), max_size=30))
def test_rows_are_in_the_order_of_their_best_and_count_the_rest(found: list[int]) -> None:
    rows = list(grouping.rows(np.array(found, np.int64)))
    assert [found[row.best] for row in rows] == list(dict.fromkeys(found))
    assert [row.folded + 1 for row in rows] == [found.count(found[row.best]) for row in rows]
    assert [row.best for row in rows] == [found.index(found[row.best]) for row in rows]
    assert grouping.count(np.array(found, np.int64)) == len(rows)
