"""Who a page says wrote its article, as it says it: agencies too, and names with a comma whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Final

from archive.readers.pages import linked_data
from archive.readers.pages.linked_data import Statements
from archive.readers.pages.places import LONGEST_LINE, Places, body_of, words
from archive.readers.pages.wording import each, names_of, stretches, words_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_BY: Final = re.compile(
    r"(?:(?:written|reported|story|text|photos?)\s+)?(?:by|von|par|por|di|door|av|af|od|przez|autor(?:in)?|auteur|author"
    r"|autore|автор|yazan|yazar|بقلم|文|記者|记者)\b(?:\s*[:：])?\s+|(?:text|автор|autor|yazar|author)\s*:\s*",
    re.IGNORECASE,
)
_NO_NAME: Final = re.compile(r"https?:|//|www\.|^@|\S+@\S+\.\S+|\d|^\W*$", re.IGNORECASE)
_PIECES: Final = re.compile(r"\s*[|·•\n]\s*|\s[-–—]\s")
_AUTHOR_NAMES: Final = each("author authors byline autor autore auteur contributor contributors creator")
_NOT_PERSONS: Final = each(
    "url link id image avatar photo bio description email twitter handle count date published meta box about posts"
)
# Authors of one article that are listed, and elements that are looked at. Chosen, not measured.
_MOST: Final = 50
_MOST_ELEMENTS: Final = 20_000


def author(tree: HtmlElement, said: Statements) -> str | None:
    """Find who a page says wrote its article.

    Args:
        tree: of the page.
        said: what its JSON-LD says of the article.

    Returns:
        the names in the page's own spelling, those of several statements with ``; `` between them; None without
        one. The site itself is the author only where nobody else is named.
    """
    sites = {name.casefold() for name in _sites(tree, said)}
    best: list[str] = []
    for source in _sources(tree, said):
        names = list(dict.fromkeys(_names(source)))
        if names and not {name.casefold() for name in names} <= sites:
            return "; ".join(names[:_MOST])
        best = best or names
    return "; ".join(best[:_MOST]) or None


def as_name(text: str) -> str | None:
    """Take a text as a name, without "By" before it; None for an address, what has digits, and a label of a day."""
    line = " ".join(unescape(text).split())
    line = _BY.sub("", line, count=1).strip(" ,;:") if _BY.match(line) else line.strip(" ;:")
    if not line or len(line) > LONGEST_LINE or _NO_NAME.search(line):
        return None
    return None if any(stretch.published is not None for stretch in stretches(line)) else line


def _sources(tree: HtmlElement, said: Statements) -> Iterator[Iterable[str]]:
    """Yield what each place states, the surest first."""
    yield (name for item in said.own for name in _linked(item.get("author") or item.get("creator")))
    yield (meta.get("content", "") for meta in tree.iterfind(".//meta") if _names_author(meta))
    page = Places(tree)
    elements = [element for element in islice(body_of(tree).iterdescendants(), _MOST_ELEMENTS) if _is_byline(element)]
    outer = {around for element in elements for around in element.iterancestors()}
    inner = [element for element in elements if element not in outer and not page.set_aside(element)]
    yield (words(element) for element in inner if _is_stated(element))
    yield (piece for element in inner[:1] for piece in _PIECES.split(words(element))[:1])


def _sites(tree: HtmlElement, said: Statements) -> Iterator[str]:
    yield from (name for item in said.own for name in _linked(item.get("publisher")))
    yield from (meta.get("content", "") for meta in tree.iterfind(".//meta[@property='og:site_name']"))


def _names(values: Iterable[str]) -> Iterator[str]:
    return (name for value in values if (name := as_name(value)) is not None)


def _linked(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Mapping):
            yield from linked_data.texts(item.get("name"))
        else:
            yield from linked_data.texts(item)


def _names_author(meta: HtmlElement) -> bool:
    named = words_of(" ".join(meta.get(name, "") for name in ("name", "property", "itemprop")))
    return not {"author", "authors", "creator", "byl"}.isdisjoint(named) and named.isdisjoint(_NOT_PERSONS)


def _is_byline(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in ("meta", "script", "style", "img"):
        return False
    return (_is_stated(element) or not _AUTHOR_NAMES.isdisjoint(names_of(element))) and 0 < len(
        words(element)
    ) <= LONGEST_LINE


def _is_stated(element: HtmlElement) -> bool:
    """Tell whether markup says that a name stands there: ``rel=author``, or a name in an author of schema.org."""
    if "author" in element.get("rel", "").split():
        return True
    within = next((outer for outer in element.iterancestors() if outer.get("itemprop") in ("author", "creator")), None)
    if element.get("itemprop") == "name":
        return within is not None
    return element.get("itemprop") in ("author", "creator") and element.get("itemscope") is None
