from __future__ import annotations

import pytest

from archive.readers import html
from tests.archive.readers.pages.systems import TEXT, pages
from tests.archive.readers.pages.templates_of_blogs import BLOGS
from tests.archive.readers.pages.templates_of_papers import PAPERS

HEADLINE = "Ferry service to the outer islands ends"


def day_of(page: str, url: str | None = None) -> str | None:
    tree = html.parsed(page)
    assert tree is not None
    return html.published_of(tree, url).date


def when(head: str = "", before: str = "", after: str = "") -> str | None:
    return day_of(
        f'<html lang="en"><head><title>{HEADLINE} | The Pier</title>'
        f'<link rel="canonical" href="https://pier.example/ferry">{head}</head><body><main><article><h1>{HEADLINE}</h1>'
        f"{before}{TEXT}</article></main>{after}</body></html>"
    )


def linked(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


def test_days_of_37_content_systems_are_told_right_and_never_wrong() -> None:
    found = [(page, day_of(page.html)) for page in pages((*BLOGS, *PAPERS))]
    assert len(found) == 111
    wrong = [page.name for page, day in found if day is not None and day[:10] != page.published]
    missed = [page.name for page, day in found if day is None and page.published is not None]
    assert (wrong, missed) == ([], [])


@pytest.mark.parametrize(
    "json",
    [
        '{"@type": "NewsArticle", "headline": "%s", "datePublished": "2021-05-17T08:00:00Z", "comment": '
        '[{"@type": "Comment", "datePublished": "2023-01-01"}]}',
        '{"@type": "LiveBlogPosting", "headline": "%s", "liveBlogUpdate": [{"@type": "BlogPosting", "headline": "%s", '
        '"datePublished": "2021-05-19"}], "datePublished": "2021-05-17T08:00:00Z"}',
        '[{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "datePublished": "2019-01-01"}]},'
        '{"@type": ["NewsArticle"], "headline": "%s", "datePublished": "2021-05-17T08:00:00Z"}]',
        '{"@graph": [{"@type": "NewsArticle", "headline": "Harbour opens again", "datePublished": "2019-01-01"},'
        '{"@type": "schema:Article", "@id": "https://pier.example/ferry#a", "datePublished": "2021-05-17T08:00:00Z"}]}',
        '{"@graph": [{"@type": "VideoObject", "name": "%s", "datePublished": "2019-01-01"}, {"@type": "WebPage", '
        '"mainEntity": {"@type": "NewsArticle", "datePublished": "2021-05-17T08:00:00Z"}}]}',
        '<!-- {"@type": "NewsArticle", "hasPart": {"@type": "Article", "datePublished": "2019-01-01"}, '
        '"datePublished": "2021-05-17T08:00:00Z"} -->',
    ],
)
def test_the_articles_own_object_is_asked_and_nothing_below_it(json: str) -> None:
    assert when(linked(json.replace("%s", HEADLINE))) == "2021-05-17T08:00:00+00:00"


@pytest.mark.parametrize(
    "json",
    [
        '{"@type": "NewsArticle", "url": "https://pier.example/older", "datePublished": "2019-01-01"}',
        '{"@type": "NewsArticle", "headline": "Harbour opens again", "datePublished": "2019-01-01"}',
        '{"@type": "Event", "name": "Ferry", "startDate": "2021-06-01", "datePublished": "2021-05-01"}',
        '{"@type": "NewsArticle", "dateModified": "2021-05-20", "dateCreated": "2021-05-16"}',
        '{"@type": "NewsArticle", "datePublished": "05/06/2021"}',
        '{"@type": "NewsArticle", "datePublished": "2021-05-17',
        '{"@type": "NewsArticle", "datePublished": {"@value": 7}}',
        "[" * 100_000,
    ],
)
def test_an_object_of_something_else_or_a_broken_one_says_nothing(json: str) -> None:
    assert when(linked(json)) is None


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta name="parsely-pub-date" content="2021-05-17">', "2021-05-17"),
        ('<meta property="og:regDate" content="20210517083000">', "2021-05-17T08:30:00"),
        ('<meta name="DC.date.issued" content="1923-05-17">', "1923-05-17"),
        ('<meta name="dcterms.date" content="1865-05-17">', "1865-05-17"),
        ('<meta property="article:published_time" content="17 mai 2021">', "2021-05-17"),
        ('<meta name="date" content="2021-05-19"><meta name="publish-date" content="2021-05-17">', "2021-05-17"),
        ('<meta name="created" content="2021-05-17">', None),
        ('<meta property="video:published_time" content="2021-05-17">', None),
        ('<meta name="expiry-date" content="2021-05-17">', None),
        ('<meta name="article:publisher" content="2021-05-17">', None),
        ('<meta name="event-date" content="2021-05-17">', None),
        ('<meta property="article:published_time" content="05/06/2021">', None),
    ],
)
def test_metadata_is_taken_by_what_it_says_it_is(head: str, expected: str | None) -> None:
    assert when(head) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ('<time class="entry-date published updated" datetime="2021-05-17">17 May</time>', "2021-05-17"),
        ('<time itemprop="datePublished" datetime="2021-05-17">May</time>', "2021-05-17"),
        ('<p>Updated <time datetime="2021-05-20">May 20, 2021</time> | Published <time datetime="2021-05-17">May 17, '
         "2021</time></p>", "2021-05-17"),
        ("<p>Updated: 20 May 2021 | Published: 17 May 2021</p>", "2021-05-17"),
        ('<span class="date">17 May 2021 (updated 20 May 2021)</span>', "2021-05-17"),
        ('<span class="date">17 May 2021 updated</span>', None),
        ('<div class="date">By Ana Lind | Monday 17 May 2021 | 3 min read</div>', "2021-05-17"),
        ('<p class="submitted">Submitted by karin on Mon, 17/05/2021 - 08:30</p>', "2021-05-17T08:30:00"),
        ('<span class="byline">発信地 2021年5月17日 更新</span>', None),
        ('<span class="date">2021年5月17日 公開</span>', "2021-05-17"),
        ('<span class="datum">Stand: 17. Mai 2021</span>', None),
        ('<span class="info">Giriş: 17 Mayıs 2021 08:30 Güncelleme: 20 Mayıs 2021 10:00</span>', "2021-05-17T08:30:00"),
        ('<span class="fecha">Actualizado el 20 de mayo de 2021</span>', None),
        ('<span class="date">17 травня 2021, 08:30</span>', "2021-05-17T08:30:00"),
        ('<span class="date">05/06/2021</span>', None),
        ("<time>05/06/2021 8:30 AM</time>", None),
        ('<time datetime="2021-06-05">05/06/2021</time>', "2021-06-05"),
        ('<time datetime="2021-07-01">1 July</time>', None),
        ('<div class="event-date"><time datetime="2021-07-01">1 July 2021</time></div>', None),
        ('<p>The court hears the appeal of the owners on <time datetime="2021-07-01">1 July 2021</time>.</p>', None),
        ('<p itemscope itemtype="//schema.org/Event"><time itemprop="datePublished" datetime="2021-07-01"></p>', None),
        ('<time class="updated" datetime="2021-05-20">20 May 2021</time>', None),
        ('<span class="date">14-17 May 2021</span>', None),
        ('<span class="date">May 2021</span>', None),
        ("<p>A spokesman said that talks of 17 May 2021 had failed, as the union had published.</p>", None),
    ],
)  # fmt: skip
def test_places_of_the_text_are_taken_by_what_they_say(before: str, expected: str | None) -> None:
    assert when(before=before) == expected


@pytest.mark.parametrize(
    "after",
    [
        '<div class="related-posts"><time class="published" datetime="2019-01-01">1 January 2019</time></div>',
        '<article><h2>Harbour</h2><time itemprop="datePublished" datetime="2019-01-01">1 Jan 2019</time></article>',
        '<div id="comments"><span class="date">Posted on 1 January 2022</span></div>',
        '<footer>Published on 1 January 2022</footer>',
        '<div class="item"><h3>Harbour opens again in May</h3><p>Published: 1 January 2019</p></div>',
        '<div itemscope itemtype="//schema.org/NewsArticle"><h4>Harbour opens again</h4>'
        '<time itemprop="datePublished" datetime="2019-01-01">1 January 2019</time></div>',
        '<p class="x"><time class="published">1 May 2019</time></p><p><time class="published">2 May 2019</time></p>',
        '<div class="archive-footer"><p>Last published 1 January 2022</p></div>',
    ],
)  # fmt: skip
def test_days_of_comments_and_of_other_articles_are_not_the_articles(after: str) -> None:
    assert when(after=after) is None
    assert when(before='<span class="date">17 May 2021</span>', after=after) == "2021-05-17"


def test_a_page_whose_classes_speak_of_a_sidebar_keeps_its_day() -> None:
    page = (
        '<html><body class="has-sidebar latest"><div class="layout comments-open"><h1>Ferry service ends</h1>'
        f'<span class="date">17 May 2021</span>{TEXT}</div></body></html>'
    )
    assert day_of(page) == "2021-05-17"


def test_a_part_of_a_page_is_read_too() -> None:
    assert day_of(f'<h1>Ferry service ends</h1><span class="date">17 May 2021</span>{TEXT}') == "2021-05-17"


def test_every_day_tells_where_it_was_found() -> None:
    tree = html.parsed(f"<h1>Ferry service ends</h1>{TEXT}")
    assert tree is not None
    assert html.published_of(tree, "https://pier.example/2021/05/17/ferry").found_in == "url"
    stamped = "https://web.archive.org/web/20210520/https://pier.example/ferry"
    assert html.published_of(tree, stamped).date is None
