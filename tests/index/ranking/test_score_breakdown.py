"""The numbers that explain a score add up to it, in what Python is given and in what is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Mode, Searcher
from index.ranking.score_breakdown import Arithmetic

QUESTIONS = (
    "sanctions", "harbour cracks repair", '"inner basin" crews', "+penalty cup larnholm", "gas -football",
    "sanct* ostmrk~", "larnhohlm bread", "winter", "港口",
)  # fmt: skip


@pytest.fixture(scope="module")
def searcher(news_archive: Path) -> Iterator[Searcher]:
    with Searcher.open(news_archive) as opened:
        yield opened


def part(value: float, best: float) -> float:
    return value / best if best else 0.0


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_numbers_add_up_to_the_score(searcher: Searcher, question: str, mode: Mode) -> None:
    answer = searcher.search(question, k=30, mode=mode, nearest=True, expand=True)
    explained = searcher.explain(answer)
    assert len(explained) == len(answer) > 0
    for hit, one in zip(answer, explained, strict=True):
        assert one.score == hit.score
        assert (one.lexical or 0.0) == (hit.lexical.score if hit.lexical else 0.0)
        assert one.cosine == (hit.semantic.score if hit.semantic else None)
        assert sum(share.passage for share in one.shares) == pytest.approx(one.passage, rel=1e-4)
        assert sum(share.article for share in one.shares) == pytest.approx(one.article, rel=1e-4)
        of_article = one.tuning.article_weight * part(one.article, one.best_article) * one.article_share
        mixed = of_article + (1 - one.tuning.article_weight) * part(one.passage, one.best_passage)
        assert (one.lexical or 0.0) == pytest.approx(mixed if one.lexical is not None else 0.0, abs=1e-5)
        assert one.score == pytest.approx(expected(one), abs=1e-5)


def expected(one: Arithmetic) -> float:
    if one.cosine is None:
        return one.lexical or 0.0
    if one.lexical is None:
        return one.cosine
    meaning = one.tuning.semantic_share * (one.cosine + 1) / (one.best_cosine + 1)
    return (1 - one.tuning.semantic_share) * part(one.lexical, one.best_lexical) + meaning


@pytest.mark.parametrize("mode", Mode)
def test_what_is_printed_adds_up(searcher: Searcher, mode: Mode) -> None:
    checked = 0
    for one in searcher.explain(searcher.search("harbour cracks repair", k=30, mode=mode, nearest=True)):
        for line in one.lines():
            left, equals, right = line.partition(" = ")
            if equals and line.startswith("  "):  # a total and its parts
                total, parts = float(left.split()[-1]), [float(each.split()[-1]) for each in right.split(" + ")]
                assert total == pytest.approx(sum(parts), abs=2e-4 * len(parts))
            elif equals:  # a sum as it can be typed into a calculator
                typed = re.sub(r"\((article|passage|share)\)", "", left.split(": ")[1]).replace(" x ", "*")
                assert eval(typed) == pytest.approx(float(right), abs=5e-4)
            checked += bool(equals)
    assert checked or mode == Mode.SEMANTIC


def test_a_listing_has_nothing_to_explain(searcher: Searcher) -> None:
    assert searcher.explain(searcher.search("lang:en")) == ()
