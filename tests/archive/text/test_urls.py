from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.urls import canonical, host


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://News.Example:443/A/b?utm_source=x&id=7&fbclid=1#top", "https://news.example/A/b?id=7"),
        ("http://news.example", "http://news.example/"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://user:secret@news.example/a", "https://news.example/a"),
        ("https://news.example/story?12345", "https://news.example/story?12345"),
        ("https://news.example/story?cid=5&source=6", "https://news.example/story?cid=5&source=6"),
        ("https://news.example/photo?fbid=9", "https://news.example/photo?fbid=9"),
        ("https://news.example/b?z=1&a=2", "https://news.example/b?z=1&a=2"),
        ("https://news.example/é/ü b", "https://news.example/%C3%A9/%C3%BC%20b"),
        ("https://news.example/%C3%A9", "https://news.example/%C3%A9"),
        ("https://zürich.example/", "https://xn--zrich-kva.example/"),
        ("https://[::1]/a", "https://[::1]/a"),
        ("  https://news.example/a\n", "https://news.example/a"),
    ],
)
def test_addresses_get_one_spelling(url: str, expected: str) -> None:
    assert canonical(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        *("", "news.example/a", "/a/b", "ftp://news.example/", "javascript:alert(1)", "file:///etc/passwd", "https://"),
        *(
            "https:///a",
            "https://a b/",
            "https://x:99999/",
            "https://[oops/",
            "https://a/\ud800",
            "https://x/" + "a" * 5000,
        ),
    ],
)
def test_what_is_no_web_address_is_none(url: str) -> None:
    assert canonical(url) is None


@given(st.one_of(st.text(max_size=60), st.text(max_size=60).map("https://news.example/".__add__)))
def test_a_canonical_address_is_printable_and_stays_as_it_is(url: str) -> None:
    first = canonical(url)
    if first is not None:
        assert canonical(first) == first
        assert first.isascii()
        assert first.isprintable()


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("https://www.news.example/x", "news.example"),
        ("https://news.example:8080/x", "news.example"),
        ("https://[::1]/a", "[::1]"),
        (None, None),
        ("mailto:a@b", None),
        ("no address", None),
    ],
)
def test_a_host_is_taken_from_addresses_that_have_one(address: str | None, named: str | None) -> None:
    assert host(address) == named
