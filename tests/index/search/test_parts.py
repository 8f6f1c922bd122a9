"""The page a passage is on, from a reader of pages to the hit, in Python, as JSON and as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from archive import Archive, Part
from archive.readers import READERS
from index import Group, Mode, Searcher, build, passage_rule
from tests.archive.readers.toy import PAGES
from tui.__main__ import run

SCHEMAS = Path(__file__).resolve().parents[3] / "tui" / "schemas"
REPORT = tuple(
    f"Head of the report\n\nThe {what} was inspected on Monday. Engineers wrote down what they saw there."
    for what in ("crane of the harbour", "lantern of the lighthouse", "turbine of the dam")
)
ANNEX = ("Head of the annex\n\nThe annex follows.", REPORT[2])


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a report of three pages, an annex that repeats its last page as the second, and a plain text."""
    folder = tmp_path_factory.mktemp("pages")
    news = folder / "news"
    news.mkdir()
    (news / "report.pages").write_text("\f".join(REPORT), "utf-8")
    (news / "annex.pages").write_text("\f".join(ANNEX), "utf-8")
    (news / "plain.txt").write_text("The gate of the canal was inspected on Monday.\n", "utf-8")
    with Archive.create(folder / "archive", readers=(*READERS, PAGES)) as archive:
        rule = passage_rule(archive.settings)
        archive.add([news], rule, jobs=1)
        build(archive)
    return folder / "archive"


@pytest.fixture(scope="module")
def searcher(root: Path) -> Iterator[Searcher]:
    with Searcher.open(root) as opened:
        yield opened


def page(number: int) -> Part:
    """Return a page of the report, whose text has a blank line between two."""
    return Part(sum(len(before) + 2 for before in REPORT[: number - 1]), "page", str(number))


@pytest.mark.parametrize(("word", "number"), [("crane", 1), ("lantern", 2)])
def test_a_hit_says_on_which_page_it_is(searcher: Searcher, word: str, number: int) -> None:
    (hit,) = searcher.search(word, mode=Mode.LEXICAL).hits
    assert hit.part == page(number)
    version = searcher.archive.version(hit.article.id, hit.passage.version)
    assert version.text[page(number).start :].startswith("Head of the report")
    assert "Head" not in hit.passage.text


def test_a_text_without_pages_is_cited_as_before(searcher: Searcher) -> None:
    (hit,) = searcher.search("canal", mode=Mode.LEXICAL).hits
    assert hit.part is None


def test_a_copy_has_the_page_of_its_own_text(searcher: Searcher) -> None:
    answer = searcher.search("turbine", mode=Mode.LEXICAL)
    (hit,) = answer.hits
    (copy,) = searcher.copies(answer, hit)
    (folded,) = searcher.folded(answer, hit)
    pages = {hit.article.title: hit.part, copy.article.title: copy.part}
    assert {title: part and part.label for title, part in pages.items()} == {"report": "3", "annex": "2"}
    assert (folded.article, folded.part) == (copy.article, copy.part)


def test_the_passages_of_an_article_have_their_own_pages(searcher: Searcher) -> None:
    answer = searcher.search("engineers", mode=Mode.LEXICAL, group=Group.ARTICLE)
    hit = next(hit for hit in answer if hit.article.title == "report")
    parts = {hit.part, *(further.part for further in searcher.folded(answer, hit))}
    assert parts == {page(1), page(2), page(3)}


def test_an_article_gives_its_pages(searcher: Searcher) -> None:
    (hit,) = searcher.search("crane", mode=Mode.LEXICAL).hits
    assert searcher.archive.parts(hit.article.id, hit.passage.version) == tuple(page(number) for number in (1, 2, 3))


def printed(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["--archive", str(root), *arguments]) == 0
    return capsys.readouterr().out


def validated(name: str, text: str) -> Any:
    value = json.loads(text)
    jsonschema.validate(value, json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))
    return value


def test_the_page_is_in_the_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    search = ("search", "--mode", "lexical", "lantern")
    (hit,) = validated("search", printed(root, capsys, *search, "--json"))["hits"]
    assert hit["part"] == {"kind": "page", "label": "2"}
    assert validated("hit", printed(root, capsys, *search, "--format", "jsonl"))["part"] == hit["part"]
    shown = validated("show", printed(root, capsys, "show", hit["passage_id"], "--json"))
    assert shown["part"] == hit["part"]
    assert validated("show", printed(root, capsys, "show", hit["article_id"], "--json")).get("part") is None
    canal = validated("search", printed(root, capsys, "search", "--mode", "lexical", "canal", "--json"))
    assert canal["hits"][0].get("part") is None
    (turbine,) = validated(
        "search", printed(root, capsys, "search", "--mode", "lexical", "turbine", "--copies", "--json")
    )["hits"]
    assert {turbine["part"]["label"], *(one["part"]["label"] for one in turbine["same_text"])} == {"2", "3"}


def test_the_page_is_where_a_person_reads_the_place(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = printed(root, capsys, "search", "--mode", "lexical", "lantern")
    assert "report.pages, page 2, characters " in out
    quoted = printed(root, capsys, "search", "--mode", "lexical", "lantern", "--format", "md")
    assert "report.pages`, page 2, characters " in quoted
    passage = json.loads(printed(root, capsys, "search", "--mode", "lexical", "lantern", "--json"))["hits"][0]
    assert "report.pages, page 2\n" in printed(root, capsys, "show", passage["passage_id"])
