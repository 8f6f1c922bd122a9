from __future__ import annotations

from dataclasses import replace

import pytest

from archive.core.article import Article
from tui.copying.citation import citation, sentence

ARTICLE = Article(
    id="a1",
    title="Council weighs sanctions after warnings ...",
    outlet="Harbour Post",
    author="A. Author, B. Author",
    url="https://www.post.example.org/2022/01/07/council",
    published="2022-01-07T10:00:00+00:00",
    published_from="metadata",
    language="en",
    path="/news/docs.jsonl",
    record="r15",
    version="0123456789abcdef",
)


def test_a_citation_names_author_outlet_date_and_where_it_is_from_address_and_place() -> None:
    assert citation(ARTICLE, "0123456789abcdef", 829, 1040, "“prompt and full” sanctions").split("\n") == [
        "“prompt and full” sanctions",
        "",
        "Council weighs sanctions after warnings ... A. Author, B. Author, Harbour Post, 2022-01-07"
        " (stated in the file).",
        "https://www.post.example.org/2022/01/07/council",
        "/news/docs.jsonl, record r15, characters 829 to 1040 of text 0123456789ab",
    ]


def test_an_address_stands_for_an_outlet_that_nobody_names() -> None:
    source = citation(replace(ARTICLE, outlet=None, author=None, published_from="url"), "0", 0, 1, "x").split("\n")[2]
    assert source.endswith("... post.example.org, 2022-01-07 (found in the address).")


def test_without_anything_known_it_says_so() -> None:
    bare = replace(ARTICLE, outlet=None, author=None, url=None, published=None, title="Harbour?")
    assert citation(bare, "0", 0, 1, "x").split("\n")[2] == "Harbour? no date."


@pytest.mark.parametrize(
    ("words", "ended"),
    [("A", "A."), ("A.", "A."), ("A ...", "A ..."), ("A?", "A?"), ("“A.”", "“A.”"), ("A…", "A…"), ("", "")],
)
def test_a_sentence_has_one_end(words: str, ended: str) -> None:
    assert sentence(words) == ended
