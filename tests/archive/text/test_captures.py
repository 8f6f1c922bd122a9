from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.captures import Capture, capture
from archive.text.dates import from_url
from archive.text.urls import canonical

PAGE = "https://gant.example/news/ferry?id=7"


@pytest.mark.parametrize(
    ("address", "day"),
    [
        (f"https://web.archive.org/web/20191105061244/{PAGE}", "2019-11-05"),
        (f"http://web.archive.org/web/20191105061244if_/{PAGE}", "2019-11-05"),
        (f"https://web.archive.org/web/20191105/{PAGE}", "2019-11-05"),
        (f"https://web.archive.org/web/2019*/{PAGE}", None),
        (f"https://web.archive.org/web/*/{PAGE}", None),
        (f"https://web.archive.org/save/{PAGE}", None),
        ("https://web.archive.org/web/20191105061244/https%3A%2F%2Fgant.example%2Fnews%2Fferry%3Fid%3D7", "2019-11-05"),
        ("https://web.archive.org/web/20191105061244/https:/gant.example/news/ferry?id=7", "2019-11-05"),
        (f"https://archive.ph/20191105061244/{PAGE}", "2019-11-05"),
        (f"http://archive.today/2019.11.05-061244/{PAGE}", "2019-11-05"),
        (f"https://archive.is/newest/{PAGE}", None),
        (f"https://arquivo.pt/noFrame/replay/20191105061244/{PAGE}", "2019-11-05"),
        (f"https://www.webarchive.org.uk/wayback/archive/20191105061244mp_/{PAGE}", "2019-11-05"),
        (f"https://wayback.archive-it.org/5190/20191105061244/{PAGE}", "2019-11-05"),
        (f"https://archive.of.a.library.example/all/20191105061244/{PAGE}", "2019-11-05"),
        (f"https://web.archive.org/web/20191106/https://archive.ph/20191105061244/{PAGE}", "2019-11-06"),
        (
            "https://webcache.googleusercontent.com/search?q=cache:AbCdEfGhIjKl:https://gant.example/news/ferry%3Fid%3D7+&cd=1",
            None,
        ),
    ],
)
def test_the_address_of_a_capture_is_that_of_the_page(address: str, day: str | None) -> None:
    assert capture(address) == Capture(PAGE, day)
    assert canonical(address) == PAGE
    assert from_url(canonical(address)) is None


def test_a_captured_address_without_its_scheme_is_read_where_the_host_is_an_archive() -> None:
    assert canonical("https://web.archive.org/web/2019/gant.example/news/ferry") == "http://gant.example/news/ferry"
    assert canonical("http://web.archive.org/web/2019/http://gant.example:80/a") == "http://gant.example/a"


@pytest.mark.parametrize(
    "address",
    [
        *("https://archive.ph/Ab3dE", "https://archive.org/details/gant-1919", "https://web.archive.org/about/2019/"),
        "https://archive.org/download/2019/report.pdf",
        "https://gant.example/2019/11/05/http-is-old",
        "https://gant.example/login?next=https://gant.example/a",
        "https://gant.example/20191105/https://other.example/a",
    ],
)
def test_other_addresses_are_no_captures(address: str) -> None:
    assert capture(address) is None
    assert canonical(address) == address


@given(st.text(max_size=80))
def test_no_text_makes_it_raise(text: str) -> None:
    capture(text)
    assert (once := canonical(f"https://web.archive.org/web/2019/{text}")) is None or canonical(once) == once
