# ruff: noqa: E501 - a comment stands as its program writes it

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from lxml.html import fromstring  # type: ignore[import-untyped]

from archive import Archive, word_rule
from archive.core.article import Draft
from archive.readers.pages.saved_page import Saved, placed, saved, without_frame

PAGE = "https://gant.example/news/ferry"
DAY = date(2019, 11, 7)
BODY = (
    "<p>The ferry to Gant stayed in the harbour on Tuesday, because the crew had found a crack in the hull.</p>"
    "<p>Some two hundred travellers spent the night in the sports hall of the town, which opened its kitchen.</p>"
)


def page(comment: str = "", head: str = "", end: str = "", attributes: str = "") -> str:
    return (
        f"<!DOCTYPE html>\n{comment}<html lang=en {attributes}><head><meta charset=utf-8><title>Ferry stays in harbour</title>"
        f"{head}</head><body><article><h1>Ferry stays in harbour</h1>{BODY}</article></body></html>{end}"
    )


SAVED = [
    pytest.param(page(f"<!-- saved from url=(0031){PAGE} -->\n"), None, id="browsers"),
    pytest.param(
        page(
            f"<!--\n Page saved with SingleFile \n url: {PAGE} \n"
            " saved date: Thu Nov 07 2019 08:13:40 GMT+0100 (Central European Standard Time)\n-->"
        ),
        DAY,
        id="SingleFile",
    ),
    pytest.param(
        page(
            f"<!-- Mirrored from {PAGE} by HTTrack Website Copier/3.x [XR&CO'2014], Thu, 07 Nov 2019 07:13:40 GMT -->"
        ),
        DAY,
        id="HTTrack",
    ),
    pytest.param(page(f"<!-- Saved from {PAGE} at 2019-11-07T07:13:40Z using monolith v2.7.0 -->"), DAY, id="monolith"),
    pytest.param(page(attributes=f'data-scrapbook-source="{PAGE}"'), None, id="WebScrapBook"),
    pytest.param(page(head=f'<meta name="savepage-url" content="{PAGE}">'), None, id="Save Page WE"),
    pytest.param(
        page(
            head=f'<link rel="canonical" href="https://web.archive.org/web/20191107071340/{PAGE}">',
            end="<!--\n     FILE ARCHIVED ON 07:13:40 Nov 07, 2019 AND RETRIEVED FROM THE\n INTERNET ARCHIVE ON 2022.\n-->",
        ),
        DAY,
        id="Wayback Machine",
    ),
    pytest.param(page(head=f'<script>__wm.wombat("{PAGE}","20191107071340");</script>'), None, id="Wayback's script"),
    pytest.param(
        page(head=f'<link rel="bookmark" href="http://archive.today/20191107071340/{PAGE}"/>'), DAY, id="archive.today"
    ),
]


@pytest.mark.parametrize(("source", "day"), SAVED)
def test_the_address_and_the_day_of_saving_are_found(source: str, day: date | None) -> None:
    assert saved(source) == Saved(PAGE, day)


def test_httrack_leaves_out_the_scheme_where_it_is_http() -> None:
    comment = "<!-- Mirrored from gant.example/a.html by HTTrack Website Copier/3.x [XR&CO'2014], Thu, 07 Nov 2019 07:13:40 GMT -->"
    assert saved(page(comment)) == Saved("http://gant.example/a.html", DAY)


@pytest.mark.parametrize(
    "comment",
    [
        *("<!-- saved from url=(0014)about:internet -->", "<!-- saved from the storm -->", "<!-- saved from url=(3)"),
        "<!-- Mirrored from nowhere -->",
        "<!-- url: https://gant.example/a -->",
    ],
)
def test_other_comments_tell_nothing(comment: str) -> None:
    assert saved(page(comment)) == Saved()


def draft(url: str | None = None, published: str | None = None) -> Draft:
    return Draft("text", "Ferry", "heading", "0", url=url, published=published, published_from=published and "text")


SINGLE = page(f"<!--\n Page saved with SingleFile \n url: {PAGE} \n saved date: Thu Nov 07 2019 08:13:40 GMT+0100\n-->")


def test_the_day_of_saving_is_no_day_of_publication_but_the_last_it_can_be() -> None:
    assert placed(draft(), SINGLE).published is None
    assert placed(draft(published="2019-11-05"), SINGLE).published == "2019-11-05"
    assert placed(draft(published="2019-11-08T01:00:00+11:00"), SINGLE).published is not None  # of another zone
    late = placed(draft(published="2019-12-24"), SINGLE)
    assert (late.published, late.published_from) == (None, None)


def test_the_address_that_a_page_states_comes_first_unless_it_is_that_of_the_site() -> None:
    assert placed(draft(), SINGLE).url == PAGE
    assert placed(draft("https://gant.example/"), SINGLE).url == PAGE
    assert placed(draft("https://archive.ph/Ab3dE"), SINGLE).url == PAGE
    assert placed(draft("https://gant.example/own"), SINGLE).url == "https://gant.example/own"
    assert placed(draft(), page()) == draft()


def test_a_date_in_the_address_of_the_original_is_read() -> None:
    when = placed(draft(), SINGLE.replace("news/ferry", "2019/11/05/ferry"))
    assert (when.published, when.published_from) == ("2019-11-05", "url")


def test_the_bar_of_the_web_archive_is_no_part_of_the_page() -> None:
    tree = fromstring(f"<html><body><div id=wm-ipp-base><span class=date>5 May 2020</span></div>{BODY}</body></html>")
    text = without_frame(tree).text_content()
    header = "<div id=HEADER><input id=SHARE_LONGLINK><time>5 May 2020</time></div>"
    assert "2020" not in without_frame(fromstring(f"<html><body>{header}{BODY}</body></html>")).text_content()
    assert "2020" in without_frame(fromstring(f"<html><body><p id=HEADER>2020</p>{BODY}</body></html>")).text_content()
    assert "2020" not in text
    assert "The ferry to Gant" in text


@pytest.mark.parametrize("first", ["capture", "original"])
def test_a_capture_and_its_original_are_one_article(tmp_path: Path, first: str) -> None:
    news = tmp_path / "news"
    news.mkdir()
    http = PAGE.replace("https", "http")
    sources = {
        "capture": page(head=f'<link rel="canonical" href="https://web.archive.org/web/20191107071340/{http}">'),
        "original": page(head=f'<link rel="canonical" href="{PAGE}">'),
    }
    with Archive.create(tmp_path / "archive") as archive:
        for name in sorted(sources, key=lambda name: name != first):
            (news / f"{name}.html").write_text(sources[name], "utf-8")
            archive.add([news], word_rule(), jobs=1)
        (article,) = archive.articles()
        assert article.url == (http if first == "capture" else PAGE)
        assert article.published is None
