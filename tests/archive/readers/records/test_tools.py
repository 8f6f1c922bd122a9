"""What known tools write becomes an article with all that it states; each record is written after its tool's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archive.core.article import Draft, Refusal
from archive.readers import Limits, read

FIRST = "Divers found the second lock gate of Brennow open on Sunday night."
SECOND = "The water board called it an accident; the mayor did not."
BOTH = f"{FIRST}\n\n{SECOND}"
WHEN = "2021-11-07T18:30:00"
URL = "https://brennowmail.example/2021/gate"


def items(tmp_path: Path, *records: object, name: str = "export.jsonl") -> list[Draft | Refusal]:
    path = tmp_path / name
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), "utf-8")
    return list(read(path, Limits()))


def draft(tmp_path: Path, record: object) -> Draft:
    (item,) = items(tmp_path, record)
    assert isinstance(item, Draft), item
    return item


NEWS_PLEASE = {
    "authors": ["Mo Ahlers"],
    "date_download": "2021-12-01 04:00:00",
    "date_modify": "None",
    "date_publish": "2021-11-07 18:30:00",
    "description": "A gate stood open.",
    "image_url": None,
    "language": "de",
    "maintext": FIRST,
    "source_domain": "brennowmail.example",
    "title": "Gate stood open",
    "url": URL,
}
NEWSPAPER = {
    "url": URL,
    "read_more_link": "",
    "source_url": "https://brennowmail.example",
    "title": "Gate stood open",
    "text": FIRST,
    "authors": ["Mo Ahlers"],
    "publish_date": "2021-11-07T18:30:00",
    "meta_site_name": "Brennow Mail",
    "meta_lang": "de",
    "keywords": [],
}
FUNDUS = {
    "title": "Gate stood open",
    "authors": ["Mo Ahlers"],
    "publishing_date": "2021-11-07 18:30:00+01:00",
    "body": {
        "summary": [FIRST],
        "sections": [{"headline": ["The board"], "paragraphs": [SECOND, FIRST]}, {"headline": [], "paragraphs": []}],
    },
    "topics": ["locks"],
}
TRAFILATURA = {
    "title": "Gate stood open",
    "author": "Mo Ahlers; Ida Voss",
    "hostname": "brennowmail.example",
    "date": "2021-11-07",
    "source": URL,
    "source-hostname": "Brennow Mail",
    "excerpt": "A gate stood open.",
    "text": FIRST,
    "comments": "Shame!",
    "language": None,
    "fingerprint": "a0b1",
}
CC_NEWS = {"title": "Gate stood open", "text": FIRST, "domain": "brennowmail.example", "date": WHEN, "url": URL}
NELA = {
    "id": "brennowmail--2021-11-07--Gate",
    "date": "2021-11-07",
    "source": "brennowmail",
    "title": "Gate stood open",
    "content": FIRST,
    "author": "Mo Ahlers",
    "url": URL,
    "published": "Sun, 07 Nov 2021 18:30:00 GMT",
    "published_utc": 1636309800,
    "collection_utc": 1638309800,
}
SCRAPY = {
    "Headline": "Gate stood open",
    "body": [FIRST, " ", SECOND],
    "link": URL,
    "pubDate": WHEN,
    "byline": "Mo Ahlers",
}
SNSCRAPE = {
    "_type": "snscrape.modules.twitter.Tweet",
    "url": URL,
    "date": "2021-11-07T18:30:00+00:00",
    "rawContent": FIRST,
    "renderedContent": "Divers found…",
    "id": 1457400000000000000,
    "user": {"username": "brennowmail", "displayname": "Brennow Mail", "id": 7},
    "lang": "en",
}
NEWSAPI = {
    "source": {"id": None, "name": "Brennow Mail"},
    "author": None,
    "title": "Gate stood open",
    "description": "A gate stood open.",
    "url": URL,
    "publishedAt": "2021-11-07T18:30:00Z",
    "content": FIRST,
}
MONGO = {
    "_id": {"$oid": "6188"},
    "title": "Gate stood open",
    "text": FIRST,
    "date": {"$date": {"$numberLong": "1636309800000"}},
    "publisher": {"name": "Brennow Mail"},
}
ELASTIC = {
    "_index": "n",
    "_id": "g1",
    "_score": 1,
    "_source": {"headline": "Gate stood open", "text": FIRST, "link": URL},
}
READER = {
    "id": "tag:google.com,2005:reader/item/0001",
    "crawlTimeMsec": "1638309800000",
    "published": 1636309800,
    "title": "Gate stood open",
    "alternate": [{"href": URL, "type": "text/html"}],
    "content": {"direction": "ltr", "content": f"<p>{FIRST}</p><p>{SECOND}</p>"},
    "author": "Mo Ahlers",
    "origin": {"streamId": "feed/x", "title": "Brennow Mail", "htmlUrl": "https://brennowmail.example/"},
}
FEEDPARSER = {
    "title": "Gate stood open",
    "links": [{"rel": "alternate", "href": URL}],
    "link": URL,
    "summary": "A gate stood open.",
    "content": [
        {"type": "text/plain", "language": None, "value": "Photo: the gate"},
        {"type": "text/html", "language": None, "value": f"<p>{FIRST}</p>\n<p>{SECOND}</p>"},
    ],
    "published": "Sun, 07 Nov 2021 18:30:00 +0100",
    "published_parsed": [2021, 11, 7, 17, 30, 0, 6, 311, 0],
    "authors": [{"name": "Mo Ahlers"}],
    "id": "urn:1",
}
MEDIA_CLOUD = {
    "stories_id": 99,
    "title": "Gate stood open",
    "story_text": FIRST,
    "publish_date": "2021-11-07 18:30:00.0",
    "collect_date": "2021-12-01 00:00:00",
    "media_name": "Brennow Mail",
    "media_url": "https://brennowmail.example/",
    "guid": URL,
    "language": "en",
}
GDELT = {"url": URL, "title": "Gate stood open", "seendate": "20211107T183000Z", "domain": "brennowmail.example"}
FTM = {
    "id": "ftm-1",
    "schema": "Article",
    "properties": {
        "title": ["Gate stood open"],
        "bodyText": [FIRST],
        "publishedAt": ["2021-11-07"],
        "sourceUrl": [URL],
    },
}
GUARDIAN = {
    "id": "world/gate",
    "webPublicationDate": "2021-11-07T18:30:00Z",
    "webTitle": "Gate stood open",
    "webUrl": URL,
    "fields": {"byline": "Mo Ahlers", "bodyText": FIRST, "publication": "Brennow Mail"},
}
WORDPRESS = {
    "id": 12,
    "date": WHEN,
    "link": URL,
    "title": {"rendered": "Gate &#8211; open"},
    "content": {"rendered": f"\n<p>{FIRST}</p>\n\n\n\n<p>{SECOND}</p>\n", "protected": False},
}
TWARC = {
    "created_at": "Sun Nov 07 18:30:00 +0000 2021",
    "id_str": "14",
    "id": 14,
    "full_text": FIRST,
    "user": {"name": "Brennow Mail", "screen_name": "brennowmail"},
    "lang": "en",
}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(
            NEWS_PLEASE,
            ("Gate stood open", FIRST, URL, WHEN, "brennowmail.example", "Mo Ahlers", "de"),
            id="news-please",
        ),
        pytest.param(
            NEWSPAPER, ("Gate stood open", FIRST, URL, WHEN, "Brennow Mail", "Mo Ahlers", "de"), id="newspaper4k"
        ),
        pytest.param(
            FUNDUS,
            (
                "Gate stood open",
                f"{FIRST}\n\nThe board\n\n{SECOND}\n\n{FIRST}",
                None,
                f"{WHEN}+01:00",
                None,
                "Mo Ahlers",
                None,
            ),
            id="Fundus",
        ),
        pytest.param(
            TRAFILATURA,
            ("Gate stood open", FIRST, URL, "2021-11-07", "Brennow Mail", "Mo Ahlers; Ida Voss", None),
            id="trafilatura",
        ),
        pytest.param(CC_NEWS, ("Gate stood open", FIRST, URL, WHEN, "brennowmail.example", None, None), id="CC-News"),
        pytest.param(
            NELA, ("Gate stood open", FIRST, URL, "2021-11-07", "brennowmail", "Mo Ahlers", None), id="NELA-GT"
        ),
        pytest.param(SCRAPY, ("Gate stood open", BOTH, URL, WHEN, None, "Mo Ahlers", None), id="Scrapy"),
        pytest.param(SNSCRAPE, (FIRST, FIRST, URL, f"{WHEN}+00:00", None, "Brennow Mail", "en"), id="snscrape"),
        pytest.param(
            NEWSAPI, ("Gate stood open", FIRST, URL, f"{WHEN}+00:00", "Brennow Mail", None, None), id="NewsAPI"
        ),
        pytest.param(
            MONGO, ("Gate stood open", FIRST, None, f"{WHEN}+00:00", "Brennow Mail", None, None), id="mongoexport"
        ),
        pytest.param(ELASTIC, ("Gate stood open", FIRST, URL, None, None, None, None), id="elasticdump"),
        pytest.param(
            READER,
            ("Gate stood open", BOTH, URL, f"{WHEN}+00:00", "Brennow Mail", "Mo Ahlers", None),
            id="Google Reader",
        ),
        pytest.param(
            FEEDPARSER, ("Gate stood open", BOTH, URL, f"{WHEN}+01:00", None, "Mo Ahlers", None), id="feedparser"
        ),
        pytest.param(MEDIA_CLOUD, ("Gate stood open", FIRST, URL, WHEN, "Brennow Mail", None, "en"), id="Media Cloud"),
        pytest.param(
            GDELT | {"text": FIRST},
            ("Gate stood open", FIRST, URL, f"{WHEN}+00:00", "brennowmail.example", None, None),
            id="GDELT",
        ),
        pytest.param(FTM, ("Gate stood open", FIRST, URL, "2021-11-07", None, None, None), id="FollowTheMoney"),
        pytest.param(
            GUARDIAN,
            ("Gate stood open", FIRST, URL, f"{WHEN}+00:00", "Brennow Mail", "Mo Ahlers", None),
            id="Guardian",
        ),
        pytest.param(WORDPRESS, ("Gate – open", BOTH, URL, WHEN, None, None, None), id="WordPress"),
        pytest.param(TWARC, (FIRST, FIRST, None, f"{WHEN}+00:00", None, "Brennow Mail", "en"), id="twarc"),
    ],
)
def test_a_record_of_a_known_tool_gives_all_it_states(
    tmp_path: Path, record: dict[str, Any], expected: tuple[str | None, ...]
) -> None:
    read_as = draft(tmp_path, record)
    found = (read_as.title, read_as.text, read_as.url, read_as.published, read_as.outlet, read_as.author)
    assert (*found, read_as.language) == expected


def test_messages_with_links_are_one_text_like_their_neighbours(tmp_path: Path) -> None:
    plain = {
        "id": 4,
        "type": "message",
        "date": WHEN,
        "date_unixtime": "1636309800",
        "from": "Lock watch",
        "text": FIRST,
    }
    marked = [
        "The gate is ",
        {"type": "bold", "text": "shut"},
        " again, says ",
        {"type": "text_link", "text": "the board", "href": URL},
        ".\n\n",
        {"type": "hashtag", "text": "#brennow"},
    ]
    service = {"id": 6, "type": "service", "action": "pin_message", "text": ""}
    found = items(tmp_path, plain, {**plain, "id": 5, "text": marked, "text_entities": []}, service)
    assert [getattr(item, "text", None) for item in found] == [
        FIRST,
        "The gate is shut again, says the board.\n\n#brennow",
        None,
    ]
    assert isinstance(found[0], Draft)
    assert (found[0].published, found[0].author) == (f"{WHEN}+00:00", "Lock watch")
    assert isinstance(found[2], Refusal)
    assert found[2].reason == "The record on line 3 has no text; its fields are id, type, action."


def test_a_whole_export_gives_its_messages_and_names_their_channel(tmp_path: Path) -> None:
    messages = [{"id": n, "type": "message", "date": WHEN, "text": f"{FIRST} {n}"} for n in (1, 2)]
    chat = {"name": "Lock watch", "type": "public_channel", "id": 9, "messages": messages}
    (tmp_path / "result.json").write_text(json.dumps(chat, indent=1), "utf-8")
    account = {"about": "Here is the data.", "chats": {"about": "", "list": [chat, {**chat, "name": "Second"}]}}
    (tmp_path / "all.json").write_text(json.dumps(account, indent=1), "utf-8")
    one, several = (list(read(tmp_path / name, Limits())) for name in ("result.json", "all.json"))
    assert [(item.record, getattr(item, "outlet", None)) for item in one] == [("1", "Lock watch"), ("2", "Lock watch")]
    outlets = [getattr(item, "outlet", None) for item in several]
    assert outlets == ["Lock watch", "Lock watch", "Second", "Second"]
    assert len({item.record for item in several}) == 4


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "ok", "totalResults": 2, "articles": [NEWSAPI, CC_NEWS]},
        {"response": {"status": "ok", "results": [GUARDIAN, GUARDIAN]}},
        {"hits": {"total": 2, "hits": [ELASTIC, ELASTIC]}},
        {"version": "https://jsonfeed.org/version/1.1", "title": "Brennow Mail", "items": [CC_NEWS, CC_NEWS]},
    ],
)
def test_the_answer_of_an_interface_gives_the_articles_in_it(tmp_path: Path, answer: object) -> None:
    assert [getattr(item, "text", None) for item in items(tmp_path, answer)] == [FIRST, FIRST]


def test_what_has_no_text_is_refused_and_its_fields_are_named(tmp_path: Path) -> None:
    unknown = {"headline": "Gate", "payload": {"parts": [{"p": FIRST}], "day": "2021-11-07"}, "image": None}
    found = items(tmp_path, GDELT, unknown, {"id": "x", "maintext": None, "title": "Gate"}, {}, {"text": 7})
    assert [getattr(item, "reason", None) for item in found] == [
        "The record on line 1 has no text; its fields are url, title, seendate, domain.",
        "The record on line 2 has no text; its fields are headline, payload.parts[].p, payload.day.",
        "The record on line 3 has no text; its fields are id, title.",
        "The record on line 4 has no text; it is an empty object.",
        "The record on line 5 has no text, but a number in place of it; its fields are text.",
    ]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("None", None),
        ("04/03/2022", None),
        (["2021-11-07"], "2021-11-07"),
        (["2021-11-07", "2021-11-08"], None),
        ({"$date": "2021-11-07T18:30:00.000Z"}, f"{WHEN}+00:00"),
        ({"$date": 1636309800000}, f"{WHEN}+00:00"),
        ({"seconds": 1636309800, "nanoseconds": 0}, f"{WHEN}+00:00"),
        ("20211107183000", WHEN),
        ("2021-11-07T18:30:00Z[UTC]", f"{WHEN}+00:00"),
        ("Sun Nov 07 2021 18:30:00 GMT+0000 (Coordinated Universal Time)", f"{WHEN}+00:00"),
        ("Published 7 November 2021", "2021-11-07"),
        ("Updated 7 November 2021", None),
        (float("nan"), None),
        (True, None),
    ],
)
def test_dates_of_all_shapes(tmp_path: Path, date: object, expected: str | None) -> None:
    assert draft(tmp_path, {"text": FIRST, "date": date}).published == expected


def test_a_date_that_is_none_leaves_the_next_to_tell(tmp_path: Path) -> None:
    found = draft(tmp_path, {"text": FIRST, "date": "None", "published": None, "date_publish": "2021-11-07"})
    assert found.published == "2021-11-07"


@pytest.mark.parametrize(
    "name", ["date_download", "created_at", "date_modify", "updated_at", "crawled", "collect_date"]
)
def test_the_day_of_something_else_is_no_day_of_publication(tmp_path: Path, name: str) -> None:
    assert draft(tmp_path, {"text": FIRST, name: "2021-11-07"}).published is None


def test_the_name_of_the_paper_is_no_title(tmp_path: Path) -> None:
    found = draft(tmp_path, NEWSPAPER | {"title": "Brennow Mail", "text": f"Gate open\n\n{FIRST} {SECOND}"})
    assert (found.title, found.title_from) == ("Gate open", "first line")


def test_the_address_of_a_site_names_the_outlet_and_no_article(tmp_path: Path) -> None:
    found = draft(
        tmp_path, {"text": FIRST, "site": "https://www.brennowmail.example/", "source_url": "https://a.example"}
    )
    assert (found.outlet, found.url) == ("brennowmail.example", None)


def test_names_that_hold_commas_are_not_run_together(tmp_path: Path) -> None:
    found = draft(tmp_path, {"text": FIRST, "authors": ["van der Berg, Anna", "Voss, Ida"]})
    assert found.author == "van der Berg, Anna; Voss, Ida"
