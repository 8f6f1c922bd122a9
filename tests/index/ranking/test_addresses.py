"""Addresses as people copy them, and sites."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from archive import Archive
from index import Mode, Searcher, build, passage_rule
from index.embedding.onnx import OnnxEncoder
from index.query.addresses import page, pieces, site
from tests.archives import empty_archive

ADDRESSES = {
    "a1": "https://www.portnews.example/2021/10/crane?utm_source=feed",
    "a2": "http://portnews.example/2021/10/crane-2/",
    "a3": "https://live.portnews.example/2021/10/crane#comments",
    "a4": "https://notportnews.example/story?id=7&fbclid=x",
    "a5": "https://notportnews.example/story?id=71",
    "a6": "https://ведомости.example/новости/кран",
    "a7": None,
}
OUTLETS = {"a7": "The Port Courier"}


@pytest.fixture(scope="module")
def searcher(
    tmp_path_factory: pytest.TempPathFactory, onnx_encoder: OnnxEncoder, background: None
) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("addresses")
    records = [
        {"id": name, "title": f"Crane {name}", "text": f"The crane of quay {name} was moved.", "url": url}
        | ({"outlet": OUTLETS[name]} if name in OUTLETS else {})
        for name, url in ADDRESSES.items()
    ]
    (folder / "port.jsonl").write_text("\n".join(map(json.dumps, records)), "utf-8")
    root = empty_archive(folder / "archive")
    with Archive.open(root) as archive:
        archive.add([folder / "port.jsonl"], passage_rule(archive.settings))
        build(archive, encoder=lambda _: onnx_encoder)
    with Searcher.open(root) as opened:
        yield opened


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("url:https://www.portnews.example/2021/10/crane?utm_source=feed", "a1"),
        ("url:http://portnews.example/2021/10/crane/", "a1"),
        ('url:"https://portnews.example/2021/10/crane#top"', "a1"),
        ("url:HTTPS://PORTNEWS.example/2021/10/crane?utm_campaign=x&fbclid=y", "a1"),
        ("url:https://portnews.example/2021/10/crane-2", "a2"),
        ("url:https://portnews.example/2021", "a1 a2"),
        ("url:https://portnews.example/", "a1 a2"),
        ("url:https://notportnews.example/story?id=7", "a4"),
        ("url:https://notportnews.example/story", "a4 a5"),
        ("url:portnews.example/2021/10/crane/?utm_source=x", "a1 a2 a3"),
        ("url:portnews.example", "a1 a2 a3 a4 a5"),
        ("url:10/crane", "a1 a2 a3"),
        ("url:новости", "a6"),
        ("url:https://ведомости.example/новости/кран", "a6"),
        ("-url:https://portnews.example/2021/10/crane", "a2 a3 a4 a5 a6 a7"),
        ("site:portnews.example", "a1 a2 a3"),
        ("site:www.portnews.example", "a1 a2 a3"),
        ("site:live.portnews.example", "a3"),
        ("site:https://portnews.example/2021/", "a1 a2 a3"),
        ("site:portnews.example/2022", ""),
        ("site:news.example", ""),
        ("site:ведомости.example", "a6"),
        ("site:example", "a1 a2 a3 a4 a5 a6"),
        ("-site:portnews.example", "a4 a5 a6 a7"),
        ("source:courier", "a7"),
        ("source:port", "a1 a2 a3 a4 a5 a6 a7"),
        ('source:="courier"', ""),
        ("from:courier", "a7"),
    ],
)
def test_an_address_finds_its_article_however_it_was_copied(searcher: Searcher, typed: str, expected: str) -> None:
    answer = searcher.search(typed, k=20, mode=Mode.LEXICAL)
    assert " ".join(sorted(hit.article.record or "" for hit in answer)) == expected


def test_a_whole_address_names_a_page_and_anything_else_pieces() -> None:
    assert page("https://www.portnews.example:443/a/?utm_source=x#y") == "portnews.example/a"
    assert page("portnews.example/a") is None
    assert page("https:///a") is None
    assert pieces("a b/c") == ("a b/c", "a%20b/c")
    assert pieces("www.portnews.example/a/#b") == ("www.portnews.example/a/#b", "portnews.example/a")
    assert site("www.portnews.example:8080") == "portnews.example:8080"
    assert site("???") is None
