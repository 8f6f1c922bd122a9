"""What is new of a saved question."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from archive.core.errors import ArchiveError
from index import Group, Mode, Searcher, parse
from index.contracts.engines import Floats
from index.evaluation.measures import evaluate_notebook
from index.search.news import News, news
from tests.index.world import World

pytestmark = pytest.mark.usefixtures("background")


def told(world: World, *, seen: bool = False) -> list[list[str]]:
    """Return the titles of what is new of each saved question."""
    with Searcher.open(world.root) as searcher:
        notebook = searcher.archive.notebook
        found: list[News] = [news(searcher, saved) for saved in notebook.saved()]
        if seen:
            for one in found:
                assert one.degraded == ()
                notebook.mark_seen(one.saved.id, one.change)
        return [sorted(article.title for article in one.articles) for one in found]


def save(world: World, question: str, mode: str = "lexical") -> None:
    with Searcher.open(world.root) as searcher:
        searcher.archive.notebook.save(question, mode, seen=searcher.change)


def put(world: World, name: str, words: str) -> None:
    world.put(name, f"Report {name}\n\n{words}\n")


@pytest.fixture
def saved(world: World) -> World:
    """Twelve articles about councils, and three saved questions."""
    for question in ("+harbour +cracks", "council", "harbour -crane"):
        save(world, question)
    return world


def test_only_what_came_since_and_answers_is_new(saved: World) -> None:
    assert told(saved) == [[], [], []]
    put(saved, "one", "The harbour has cracks.")
    put(saved, "two", "The harbour has a crane.")
    put(saved, "three", "Nothing of that.")
    put(saved, "a001", "The council of town 1 met again.")
    saved.add()
    assert told(saved) == [[], [], []]  # not indexed yet
    saved.build()
    assert told(saved) == [["Report one"], ["Report a001"], ["Report one"]]
    assert told(saved, seen=True) == [["Report one"], ["Report a001"], ["Report one"]]
    assert told(saved) == [[], [], []]


def test_what_is_seen_before_it_is_indexed_is_new_once_it_is(saved: World) -> None:
    put(saved, "one", "The harbour has cracks.")
    saved.add()
    assert told(saved, seen=True) == [[], [], []]
    saved.build()
    assert told(saved, seen=True) == [["Report one"], [], ["Report one"]]
    saved.build(rebuild=True)
    assert told(saved) == [[], [], []]


def test_an_article_that_was_removed_is_no_news(saved: World) -> None:
    put(saved, "one", "The harbour has cracks.")
    saved.add()
    saved.build()
    with Archive.open(saved.root) as archive:
        one = next(article.id for article in archive.articles() if article.title == "Report one")
    saved.remove(one)
    assert told(saved) == [[], [], []]
    saved.build()
    assert told(saved) == [[], [], []]


def test_news_says_what_was_missing_of_its_answer(saved: World) -> None:
    with Searcher.open(saved.root) as searcher:
        searcher.archive.notebook.save("harbour", "hybrid")
        asked = searcher.archive.notebook.saved()[-1]
        assert news(searcher, asked).degraded == ()

        def refuse(text: str) -> Floats:
            raise ArchiveError(f"The model is not there for {text}.")

        searcher._questions._vector = refuse
        (missing,) = news(searcher, asked).degraded
        assert "Only words were searched." in missing


@pytest.mark.parametrize(
    "question", ["harbour sanctions", "+harbour -cup", '"rye bread"', "lang:en", "gas pipeline in winter", "zebra"]
)
@pytest.mark.parametrize("mode", Mode)
def test_what_answers_is_what_a_search_gives_whatever_its_number(
    light_archive: Path, question: str, mode: Mode
) -> None:
    with Searcher.open(light_archive) as searcher:
        given = searcher.search(question, 1000, mode, Group.ARTICLE)
        assert list(searcher.answering(parse(question), mode).articles) == [hit.article.id for hit in given]


def test_judgements_in_the_notebook_are_measured_as_those_in_files_are(world: World) -> None:
    with Searcher.open(world.root) as searcher:
        hit = searcher.search("town 7", mode=Mode.LEXICAL).hits[0]
        notebook = searcher.archive.notebook
        notebook.judge("town 7", [hit.passage.id], 2)
        notebook.judge("nothing of that", [hit.article.id], 0)
        found = evaluate_notebook(searcher)
    assert (found.queries, found.documents, found.left_behind) == (1, 1, 0)
    assert [one.ndcg10 for one in found.each if one.mode == Mode.LEXICAL] == [1.0]
