from __future__ import annotations

import pytest

from archive.readers import html
from archive.readers.pages.authors import as_name, author
from archive.readers.pages.linked_data import identity, statements
from tests.archive.readers.pages.systems import TEXT


def who(head: str = "", before: str = "", after: str = "") -> str | None:
    tree = html.parsed(
        f"<html><head><title>Ferry ends</title>{head}</head><body><main><article><h1>Ferry ends</h1>{before}{TEXT}"
        f"</article></main>{after}</body></html>"
    )
    assert tree is not None
    return author(tree, statements(tree, identity(tree)))


def linked(names: str, more: str = "") -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "author": {names}{more}}}</script>'


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (linked('{"@type": "Person", "name": "van der Berg, Anna"}'), "van der Berg, Anna"),
        (linked('[{"name": "Ana Lind"}, {"name": "Per Holm"}]'), "Ana Lind; Per Holm"),
        (linked('{"@type": "Organization", "name": "Reuters"}'), "Reuters"),
        (linked('"AFP"'), "AFP"),
        (linked('["Ana Lind", "ana lind@pier.example"]'), "Ana Lind"),
        (linked('{"name": "O&#039;Neill, Sinéad"}'), "O'Neill, Sinéad"),
        (linked('{"name": "https://pier.example/ana"}'), None),
        (linked('{"id": 1}', ', "comment": [{"author": {"name": "A reader"}}]'), None),
        ('<meta name="author" content="dpa">', "dpa"),
        ('<meta name="author" content="van der Berg, Anna">', "van der Berg, Anna"),
        ('<meta name="citation_author" content="Lind, Ana"><meta name="citation_author" content="Holm, Per">',
         "Lind, Ana; Holm, Per"),
        ('<meta property="article:author" content="https://social.example/ana"><meta name="author" content="Ana Lind">',
         "Ana Lind"),
        ('<meta name="DC.creator" content="Ana Lind">', "Ana Lind"),
        ('<meta name="author-twitter" content="ana">', None),
    ],
)  # fmt: skip
def test_authors_are_as_the_metadata_states_them(head: str, expected: str | None) -> None:
    assert who(head) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ('<p class="byline">By van der Berg, Anna</p>', "van der Berg, Anna"),
        ('<p class="byline">By Ana Lind | 17 May 2021 | 3 min read</p>', "Ana Lind"),
        ('<span class="author">Reuters</span>', "Reuters"),
        ('<p class="byline">Von <a rel="author" href="/a">Änne Lühr</a></p>', "Änne Lühr"),
        ('<p><a rel="author">Ana Lind</a> and <a rel="author">Per Holm</a></p>', "Ana Lind; Per Holm"),
        ('<p itemprop="author" itemscope><i itemprop="name">Ana Lind</i>, <i itemprop="jobTitle">Editor</i></p>',
         "Ana Lind"),
        ('<p class="byline">Published 04/03/2022</p>', None),
        ('<span class="author">Автор: Карин Одуя</span>', "Карин Одуя"),
    ],
)  # fmt: skip
def test_bylines_are_read_without_what_stands_around_the_name(before: str, expected: str | None) -> None:
    assert who(before=before) == expected


def test_the_site_is_the_author_only_where_nobody_else_is_named() -> None:
    site = '{"@type": "Organization", "name": "The Pier"}'
    head = linked(site, f', "publisher": {site}')
    assert who(head) == "The Pier"
    assert who(head, '<p class="byline">By Ana Lind</p>') == "Ana Lind"


def test_authors_of_comments_and_of_other_articles_are_not_the_articles() -> None:
    after = '<p class="comments"><i class="author">A reader</i></p><p class="related"><a rel="author">X Y</a></p>'
    assert who(after=after) is None


@pytest.mark.parametrize("text", ["", "  ", "@ana", "ana@pier.example", "www.pier.example", "17 May", "x" * 200, "…"])
def test_what_is_no_name_is_none(text: str) -> None:
    assert as_name(text) is None
