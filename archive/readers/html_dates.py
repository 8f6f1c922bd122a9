"""When a page was published, by htmldate, shown only the places where a page states it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from archive.text import dates

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

# htmldate falls back on a modified date, a copyright year, an image's address: none of them is a date of publication.
_OTHER_DATES: Final = re.compile(r"modif|updat|copyright|og:image|og:url|expire|revis", re.IGNORECASE)
_ASIDE: Final = re.compile(
    r"comment|related|sidebar|footer|recommend|today|current-|disqus|widget|promo", re.IGNORECASE
)
_DATED: Final = re.compile(r"date|time|publish|posted|byline", re.IGNORECASE)
# The date of an article stands near its top; further down are those of other articles. Chosen, not measured.
_MOST_CANDIDATES: Final = 8
# Characters of a line that is a date with a byline around it, and not running text. Chosen, not measured.
_LONGEST_CANDIDATE: Final = 120


@dataclass(frozen=True, slots=True)
class Published:
    """A date of publication, None when unknown, and where it was found: ``metadata``, ``text`` or ``url``."""

    date: str | None
    found_in: str


def published(tree: HtmlElement) -> Published | None:
    """Find the date a page gives for itself: in its metadata, else in the first place of its text marked as a date.

    Dates in comments, sidebars, footers, scripts, running text and image names are not looked at.
    """
    from lxml.html import fromstring

    stated = _find(_only(_metadata(tree), fromstring("<html><head></head><body></body></html>")))
    if stated:
        return Published(stated, "metadata")
    for element in islice(_candidates(tree), _MOST_CANDIDATES):
        blank: HtmlElement = fromstring("<html><head></head><body></body></html>")
        written = dates.from_line(_words(element)) or _find(_only([element], blank))
        if written:
            return Published(written, "text")
    return None


def _metadata(tree: HtmlElement) -> list[HtmlElement]:
    metas = [meta for meta in tree.iterfind(".//meta") if not _OTHER_DATES.search(" ".join(meta.attrib.values()))]
    scripts = [script for script in tree.iterfind(".//script") if script.get("type") == "application/ld+json"]
    return metas + scripts


def _candidates(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in tree.iterfind(".//body//*"):
        marked = element.tag in ("time", "abbr") or _DATED.search(_names(element))
        if marked and len(_words(element)) <= _LONGEST_CANDIDATE and not _set_aside(element):
            yield element


def _set_aside(element: HtmlElement) -> bool:
    around = [element, *element.iterancestors()]
    return any(outer.tag in ("aside", "footer", "nav") or _ASIDE.search(_names(outer)) for outer in around)


def _names(element: HtmlElement) -> str:
    return " ".join(element.get(name, "") for name in ("class", "id", "itemprop"))


def _words(element: HtmlElement) -> str:
    text = ""
    for piece in element.itertext():
        text += piece
        if len(text) > 10 * _LONGEST_CANDIDATE:
            break
    return " ".join(text.split())


def _only(elements: list[HtmlElement], page: HtmlElement) -> HtmlElement:
    for element in elements:
        copy = deepcopy(element)
        copy.tail = None
        page[0 if copy.tag in ("meta", "script") else 1].append(copy)
    return page


def _find(page: HtmlElement) -> str | None:
    from htmldate import find_date

    written = find_date(page, extensive_search=False, original_date=True, outputformat="%Y-%m-%dT%H:%M:%S%z")
    return dates.parse(written)
