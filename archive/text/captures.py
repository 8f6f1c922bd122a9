"""Addresses of web captures: which page was captured, and on which day.

Web archives put the captured address behind the time of capture, as in
``https://web.archive.org/web/20220314091233/https://news.example/a`` (the URL patterns of OpenWayback and pywb, and of
archive.today). The captured page is the article; the day of capture is no day of publication.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

# Hosts, without ``www.``, that take shortened times, and addresses without their scheme, behind them.
_ARCHIVES: Final = frozenset(
    (
        *("web.archive.org", "wayback.archive.org", "replay.web.archive.org", "wayback.archive-it.org"),
        *("archive.today", "archive.ph", "archive.is", "archive.li", "archive.fo", "archive.vn", "archive.md"),
        *("arquivo.pt", "webarchive.org.uk", "webarchive.nationalarchives.gov.uk", "webarchive.loc.gov"),
        *("vefsafn.is", "wayback.vefsafn.is", "swap.stanford.edu", "timetravel.mementoweb.org", "perma-archives.org"),
        *("webharvest.gov", "haw.nsk.hr", "veebiarhiiv.digar.ee", "web.archive.bibalex.org", "archive.wikiwix.com"),
    )
)
_CACHE: Final = "webcache.googleusercontent.com"
_CACHED: Final = re.compile(r"[?&]q=cache(?::|%3A)(?:[\w-]{8,16}(?::|%3A))?([^&+]+)", re.IGNORECASE)
_MODIFIER: Final = r"(?:\*|[a-z]{2}_)?"
_SPLIT: Final = re.compile(r"https?://(?:www\.)?([^/?#:]+)(?::\d+)?(/.*)", re.IGNORECASE | re.DOTALL)
_FULL: Final = re.compile(rf"/(?:[^/?#]+/)*?(\d{{14}}){_MODIFIER}/(https?(?::|%3A).+)", re.IGNORECASE | re.DOTALL)
_SHORT: Final = re.compile(
    rf"/(?:[\w-]+/){{0,4}}?(\d{{4,14}}|\d{{4}}\.\d\d\.\d\d-\d{{6}}|\*|newest|oldest|latest|save){_MODIFIER}/(.+)",
    re.IGNORECASE | re.DOTALL,
)
_SCHEME: Final = re.compile(r"(https?):/*", re.IGNORECASE)
_BARE: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?/")
_MOST: Final = 3  # captures of captures that are looked through. Chosen, not measured.


@dataclass(frozen=True, slots=True)
class Capture:
    """A page as a web archive keeps it.

    Attributes:
        original: the address that was captured, http or https.
        day: of the capture, ISO 8601, None where the address does not tell.
    """

    original: str
    day: str | None


def capture(address: str) -> Capture | None:
    """Read the address of a capture; None for any other address."""
    found: Capture | None = None
    for _ in range(_MOST):
        inner = _capture(found.original if found else address)
        if inner is None:
            break
        found = Capture(inner.original, found.day if found and found.day else inner.day)
    return found


def is_archive(host: str) -> bool:
    """Tell whether a host, with or without ``www.``, is that of a web archive."""
    return host.lower().removeprefix("www.") in _ARCHIVES


def _capture(address: str) -> Capture | None:
    parts = _SPLIT.match(address.strip())
    if parts is None:
        return None
    host, rest = parts[1].lower(), parts[2]
    if host == _CACHE:
        cached = _CACHED.search(rest)
        original = _original(unquote(cached[1])) if cached else None
        return Capture(original, None) if original else None
    match = _FULL.fullmatch(rest) or (_SHORT.fullmatch(rest) if host in _ARCHIVES else None)
    original = _original(match[2]) if match else None
    return Capture(original, _day(match[1])) if match and original else None


def _original(text: str) -> str | None:
    if re.match(r"https?%3a", text, re.IGNORECASE):
        text = unquote(text)
    scheme = _SCHEME.match(text)
    if scheme is not None:
        return f"{scheme[1].lower()}://{text[scheme.end() :]}"
    return f"http://{text}" if _BARE.match(text) else None


def _day(stamp: str) -> str | None:
    digits = re.sub(r"\D", "", stamp)[:8]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}" if len(digits) == 8 else None
