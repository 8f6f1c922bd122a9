"""The questions that the sample documents must answer, through the one path to results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import regex

from archive.core.article import Span
from index import Answer, Confidence, Hit, Searcher

THREAT = regex.compile(r"sanction|consequence|reprisal|punish|exorbitant", regex.IGNORECASE)
GENERAL = regex.compile(r"General[^.]{0,120}\blie\b", regex.IGNORECASE)


@pytest.fixture(params=["shared", "own"])
def searcher(request: pytest.FixtureRequest) -> Searcher:
    found: Searcher = request.getfixturevalue(f"{request.param}_searcher")
    return found


def articles(answer: Answer) -> set[str]:
    return {hit.article.id for hit in answer}


def test_threats_of_sanctions_are_found_in_at_least_four_of_five_articles(searcher: Searcher) -> None:
    answer = searcher.search("sanctions threats", k=10)
    assert len(articles(answer)) >= 4
    assert sum(THREAT.search(hit.passage.text) is not None for hit in answer) >= 0.8 * len(answer)
    assert answer.confidence == Confidence.STRONG


def test_the_generals_denial_comes_first(searcher: Searcher) -> None:
    assert GENERAL.search(searcher.search("who called the invasion plan a lie").hits[0].passage.text)


def test_the_gas_pipeline_is_nord_stream_2(searcher: Searcher) -> None:
    assert "Nord Stream 2" in searcher.search("gas pipeline").hits[0].passage.text


@pytest.mark.parametrize("question", ["how to bake sourdough bread", "bread recipe", "when do I feed my sourdough?"])
def test_a_question_about_baking_finds_nothing(searcher: Searcher, question: str) -> None:
    answer = searcher.search(question)
    assert answer.confidence == Confidence.NOTHING
    assert len(answer) == 0


def rank(searcher: Searcher, question: dict[str, Any]) -> float:
    """Return the place of the first hit on a labelled line, infinity when there is none."""
    return next(
        (hit.rank for hit in searcher.search(question["text"]) if on_label(searcher, hit, question)), float("inf")
    )


def on_label(searcher: Searcher, hit: Hit, question: dict[str, Any]) -> bool:
    text = searcher.archive.version(hit.article.id, hit.article.version).text
    starts = [0, *(found.end() for found in regex.finditer(r"\n", text)), len(text) + 1]
    spans = [
        Span(starts[number - 1], starts[number] - 1)
        for label in question["passages"]
        if label["document"] == Path(hit.article.path).stem
        for number in label["lines"]
    ]
    return any(hit.passage.start < span.end and span.start < hit.passage.end for span in spans)


def test_labelled_questions_are_answered_on_top(
    shared_searcher: Searcher, questions: Callable[[str], list[dict[str, Any]]]
) -> None:
    places = {one["text"]: rank(shared_searcher, one) for one in questions("seeds")}
    assert len(places) == 14
    assert sum(place == 1 for place in places.values()) >= 10, places
    assert sum(place <= 3 for place in places.values()) >= 13, places
