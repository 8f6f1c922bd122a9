"""Saved pages: the address and the day that a saving program or a web archive writes into a page.

Browsers, SingleFile, HTTrack and monolith write a comment; Save Page WE and WebScrapBook attributes; a web archive
states the capture's address as the page's own. The article's address is that of the original; the day of saving is no
day of publication, but no page was published after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from archive.core.article import Draft
from archive.text import captures, dates
from archive.text.captures import capture
from archive.text.urls import canonical

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

# Characters at the beginning and at the end of a page among which programs write. Chosen, not measured: comments stand
# above the head or at the very end.
_HEAD: Final = 65_536
_TAIL: Final = 8_192
_LONGEST: Final = 8_192  # of one such comment; addresses of data are longer, and none
_MOST: Final = 40  # comments that are looked at

_ADDRESS: Final = r"(https?://[^\s\"'<>]+)"
_COMMENTS: Final = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        rf"\s*saved from url=\(\d+\){_ADDRESS}",
        rf"\s*page saved with singlefile\s.*?\burl: *{_ADDRESS}(?:\s+saved date: *([^\n]+))?",
        r"\s*mirrored from (\S+?\.\S+) by httrack [^,]*, *([^\n]+?)\s*$",
        rf"\s*saved from {_ADDRESS} at (\S+) using monolith",
    )
)
_ATTRIBUTES: Final = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        rf"<html\b[^>]{{0,2000}}?\bdata-scrapbook-source=[\"']?{_ADDRESS}",
        rf"<meta name=[\"']?savepage-url[\"']? content=[\"']?{_ADDRESS}",
    )
)
_CAPTURED: Final = re.compile(r"\s*file archived on [\d:]+ (\w{3} \d{1,2}, \d{4})", re.IGNORECASE)
_CAPTURE: Final = re.compile(
    rf"<link\b[^>]{{0,200}}?\brel=[\"']?(?:canonical|bookmark)[\"']?[^>]{{0,200}}?\bhref=[\"']?{_ADDRESS}"
    rf"|__wm\.wombat\(\"{_ADDRESS}\"",
    re.IGNORECASE,
)
# What web archives put around the captured page: the Wayback Machine by its ids, archive.today by what it holds.
_FRAMES: Final = (
    *(f"//*[@id='{name}']" for name in ("wm-ipp-base", "wm-ipp", "wm-ipp-print", "wm-capinfo", "donato")),
    "//*[@id='HEADER'][.//*[@id='SHARE_LONGLINK']]",
)


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a page left in it.

    Attributes:
        url: canonical address of the original, None where it is not told.
        day: on which it was saved or captured, None where that is not told.
    """

    url: str | None = None
    day: date | None = None


def saved(source: str) -> Saved:
    """Find what a saving program or a web archive wrote into the source of a page."""
    for comment in _comments(source):
        for pattern in _COMMENTS:
            match = pattern.match(comment)
            if match is not None and (url := _url(match[1])) is not None:
                return Saved(url, _day(match[2] if pattern.groups > 1 else None) or _captured(match[1]))
    for pattern in _ATTRIBUTES:
        match = pattern.search(source, 0, _HEAD)
        if match is not None and (url := _url(match[1])) is not None:
            return Saved(url, _captured(match[1]))
    return _of_archive(source)


def placed(draft: Draft, source: str) -> Draft:
    """Give a draft of a page the address of the original, and take from it what is that of the saving.

    The address that the page states for itself comes first, unless it is that of a whole site. A day of publication
    after that of the saving is a clock's or another article's.
    """
    by = saved(source)
    if by == Saved():
        return draft
    made = draft if by.url is None or _is_own(draft.url) else replace(draft, url=by.url)
    if made.outlet is not None and captures.is_archive(made.outlet):
        made = replace(made, outlet=None)
    if by.day is not None and made.published is not None and made.published[:10] > _latest(by.day):
        made = replace(made, published=None, published_from=None)
    if made.published is None and (in_url := dates.from_url(made.url)) is not None:
        made = replace(made, published=in_url, published_from="url")
    return made


def without_frame(tree: HtmlElement) -> HtmlElement:
    """Take out of a page what a web archive put around it: its bar with the days of other captures."""
    for frame in _FRAMES:
        for element in tree.xpath(frame):
            if element.getparent() is not None:
                element.drop_tree()
    return tree


def _is_own(url: str | None) -> bool:
    """Tell whether an address names a page that is no web archive's short name for another."""
    parts = urlsplit(url or "")
    return (parts.path not in ("", "/") or bool(parts.query)) and not captures.is_archive(parts.hostname or "")


def _latest(day: date) -> str:
    return (day + timedelta(days=1)).isoformat()  # the two clocks may be in different zones


def _comments(source: str) -> Iterator[str]:
    last = max(0, len(source) - _TAIL)
    for start, end in ((0, _HEAD), (last, len(source))) if last > _HEAD else ((0, len(source)),):
        for _ in range(_MOST):
            at = source.find("<!--", start, end)
            if at < 0:
                break
            close = source.find("-->", at + 4, at + 4 + _LONGEST)
            if close >= 0:
                yield source[at + 4 : close]
            start = close + 3 if close >= 0 else at + 4


def _of_archive(source: str) -> Saved:
    """Read the page of a web archive: the address of the capture, which it states as its own, and the comment below."""
    day = next((_day(match[1]) for comment in _comments(source) if (match := _CAPTURED.match(comment))), None)
    match = next((match for match in _CAPTURE.finditer(source, 0, _HEAD) if _told(match)), None)
    if match is None:
        return Saved(None, day)
    address = match[1] or match[2]
    return Saved(canonical(address), day or _captured(address))


def _told(match: re.Match[str]) -> bool:
    """Tell whether an address is that of a capture, or one that a web archive states as captured."""
    return match[2] is not None or capture(match[1]) is not None


def _url(stated: str) -> str | None:
    """Read an address; HTTrack leaves the scheme out where it is http."""
    return canonical(stated if "://" in stated else f"http://{stated}")


def _captured(address: str) -> date | None:
    found = capture(address)
    return _day(found.day) if found is not None else None


def _day(stated: str | None) -> date | None:
    """Read when a page was saved; browsers write the name of the zone in brackets behind it."""
    written = dates.parse((stated or "").partition("(")[0])
    return date.fromisoformat(written[:10]) if written else None
