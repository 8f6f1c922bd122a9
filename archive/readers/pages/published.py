"""When a page says it was published: in its metadata, else where its text names a day as that of publication.

Every statement counts by what it says it is. One of another kind (a change, an event, a comment, another article) is
never the day of publication, and a day that can be read in two ways (03/04/2022) is none: no date is better than an
invented one. The reading of days is that of ``archive.text.dates``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from archive.readers.pages import linked_data
from archive.readers.pages.linked_data import Statements
from archive.readers.pages.places import LONGEST_LINE, Places, body_of, words
from archive.readers.pages.wording import (
    Stretch,
    names_of,
    says_date,
    says_other,
    says_published,
    stretches,
    words_of,
)
from archive.text import dates
from archive.text.written_dates import is_range

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_ARTICLE_TYPE: Final = re.compile(r"/(?:\w*Article|Report|\w*Posting|WebPage|CreativeWork)\s*$")
# Names of metadata that say "date" and nothing else, for which some systems take the day on which a page was made.
_PLAIN_DATE: Final = (
    "date",
    "dc",
    "term",
    "sailthru",
    "citation",
    "article",
    "doc",
    "display",
    "story",
    "news",
    "original",
)
# The day of an article stands near its top; further down are those of other articles. Chosen, not measured.
_MOST_PLACES: Final = 15
# Elements that are looked at, and lines with a year among them; a newspaper's front page has some 5,000 and 100.
_MOST_ELEMENTS: Final = 20_000
_MOST_LINES: Final = 300
# Words beside a day, above which the line that holds it is a sentence. Chosen, not measured.
_SENTENCE: Final = 6
# Words of a line that names a day, with a weekday, a time, a zone and a name. Chosen, not measured.
_LINE: Final = 10
_SEPARATORS: Final = re.compile(r"\s*[|·•\n]\s*|\s[-–—/]\s")
_ORDINAL: Final = re.compile(r"(?<=\d)\s+(?=(?:st|nd|rd|th|er|º)\b)")
_EDGES: Final = " \t:,;.()[]|·•–—-/"
_DIGITS: Final = re.compile(r"\d{14}")
_HAS_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)|\d{14}|(?<!\d)\d{8}(?!\d)")
_CLOCK: Final = re.compile(r"\d[T ]\d{2}:\d{2}")
_AT: Final = re.compile(r"\d{1,2}[:.h]\d{2}|\d{1,2}\s?[ap]\.?m", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Published:
    """A day of publication, None when unknown, and where it was found: ``metadata``, ``text`` or ``url``."""

    date: str | None
    found_in: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A day in the text: whether its element says that it is of publication, and whether it stands near the top."""

    date: str
    says_so: bool
    near_top: bool


def published(tree: HtmlElement, said: Statements) -> Published | None:
    """Find the day a page states for itself.

    Args:
        tree: of the page.
        said: what its JSON-LD says of the article.
    """
    for found_in, days in _sources(tree, said):
        day = next((day for day in days if day), None)
        if day:
            return Published(day, found_in)
    return None


def _sources(tree: HtmlElement, said: Statements) -> Iterator[tuple[str, Iterable[str | None]]]:
    """Yield where days are stated, the surest first; the text is gone over only where the metadata is silent."""
    yield "metadata", map(_linked, said.own)
    yield "metadata", (read(meta.get("content")) for meta in _metas(tree) if _meta_says_published(meta))
    places = list(_places(tree))
    yield "text", (place.date for place in places if place.says_so and place.near_top)
    yield "text", [_agreed([place.date for place in places if place.says_so])]
    yield "metadata", (read(meta.get("content")) for meta in _metas(tree) if _meta_says_date(meta))
    yield "metadata", map(_linked, said.page)
    yield "text", [_agreed([place.date for place in places if not place.says_so])]


def _agreed(days: Sequence[str]) -> str | None:
    """Return the day on which places agree, with the time if they agree on that; those of a list of articles do not."""
    if len({day[:10] for day in days}) != 1:
        return None
    return days[0] if len(set(days)) == 1 else days[0][:10]


def read(value: str | None) -> str | None:
    """Read a stated value as a whole day; also fourteen digits, and days with words or names before or behind them."""
    text = _ORDINAL.sub("", " ".join((value or "").split()))
    if _DIGITS.fullmatch(text):
        text = f"{text[:8]}T{text[8:]}"
    if not text or len(text) > LONGEST_LINE or is_range(text):
        return None
    return next((day for trial in _trials(text.strip(_EDGES)) if (day := dates.parse(trial))), None)


def _trials(text: str) -> Iterator[str]:
    """Yield a text, then its parts that may be a day alone: from before its first number to its year or time."""
    yield text
    for piece in dict.fromkeys((text, *_SEPARATORS.split(text))):
        tokens = piece.split()
        numbers = [number for number, token in enumerate(tokens) if any(map(str.isdigit, token))]
        years = [number for number in numbers if _HAS_YEAR.search(tokens[number])]
        if not years:
            continue
        times = [number for number in numbers if _AT.search(tokens[number])]
        ends = sorted({len(tokens), *(number + 1 for number in times), years[0] + 1}, reverse=True)
        for start in range(max(0, numbers[0] - 3), numbers[0] + 1):
            yield from (" ".join(tokens[start:end]).strip(_EDGES) for end in ends if end > start)


def _linked(item: linked_data.Object) -> str | None:
    return next((day for text in linked_data.texts(item.get("datePublished")) if (day := read(text))), None)


def _metas(tree: HtmlElement) -> Iterator[HtmlElement]:
    return (meta for meta in tree.iterfind(".//meta") if _in_article_scope(meta))


def _meta_words(meta: HtmlElement) -> frozenset[str]:
    named = " ".join(meta.get(name, "") for name in ("name", "property", "itemprop"))
    return words_of(f"{named} pubdate" if "pubdate" in meta.attrib else named)


def _meta_says_published(meta: HtmlElement) -> bool:
    words = _meta_words(meta)
    return says_published(words) and not says_other(words) and "video" not in words


def _meta_says_date(meta: HtmlElement) -> bool:
    words = words_of(meta.get("name") or meta.get("property") or "")
    return "date" in words and all(word.startswith(_PLAIN_DATE) for word in words)


def _in_article_scope(element: HtmlElement) -> bool:
    """Tell whether a property is one of the article, not of something that is described inside or beside it."""
    scope = next((outer for outer in element.iterancestors() if outer.get("itemscope") is not None), None)
    if scope is None:
        return True
    kind = scope.get("itemtype", "")
    return scope.get("itemprop", "mainEntity") in ("mainEntity", "blogPost") and (
        not kind or _ARTICLE_TYPE.search(kind) is not None
    )


def _places(tree: HtmlElement) -> Iterator[_Place]:
    """Yield the places of a page's text, from its top, that name a whole day which may be that of publication."""
    page = Places(tree)
    elements = islice(body_of(tree).iterdescendants(), _MOST_ELEMENTS)
    marked = list(islice(filter(_is_marked, elements), _MOST_LINES))
    outer = {around for element in marked for around in element.iterancestors()}
    inner = (element for element in marked if element not in outer)
    own = (element for element in inner if not page.set_aside(element) and _in_article_scope(element))
    for element in islice(own, _MOST_PLACES):
        place = _place(element, page)
        if place is not None:
            yield place


def _is_marked(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in ("meta", "script", "style"):
        return False
    line = words(element)
    if len(line) > LONGEST_LINE or not any(_HAS_YEAR.search(text) for text in (line, *_attributes(element))):
        return False
    names = names_of(element)
    return element.tag in ("time", "abbr") or says_date(names) or says_published(names) or _is_labelled(line)


def _is_labelled(line: str) -> bool:
    """Tell whether a line begins with what says that a day of publication follows, or ends with it."""
    lines = list(stretches(line))
    label = next((number for number, part in enumerate(lines) if part.published and _HAS_YEAR.search(part.text)), None)
    if label is None or len(lines[label].text.split()) > _LINE:
        return False
    before = " ".join(part.text for part in lines[:label])
    return not before or before[-1] in _EDGES


def _attributes(element: HtmlElement) -> list[str]:
    return [value for name in ("datetime", "content", "title") if (value := element.get(name))]


def _place(element: HtmlElement, page: Places) -> _Place | None:
    lines = list(stretches(words(element)))
    says = _says(element, lines, page)
    if says is False:
        return None
    shown = [day for line in _published_first(lines) if (day := read(line.text))]
    is_mixed = any(line.published is False for line in lines)
    stated = [] if is_mixed else [day for value in _attributes(element) if (day := read(value))]
    found = [*stated, *shown]
    if not found:
        return None
    near_top = page.is_near_top(element)
    if says:
        return _Place(found[0], says_so=True, near_top=near_top)
    is_whole = _HAS_YEAR.search(words(element)) is not None or _CLOCK.search(element.get("datetime", "")) is not None
    is_named = any(says_date(names_of(outer)) for outer in (element, *page.around(element)))
    if not (is_whole or is_named) or _in_sentence(element, page) or not near_top:
        return None
    return _Place(found[0], says_so=False, near_top=near_top)


def _published_first(lines: Sequence[Stretch]) -> list[Stretch]:
    return sorted((line for line in lines if line.published is not False), key=lambda line: line.published is None)


def _says(element: HtmlElement, lines: Sequence[Stretch], page: Places) -> bool | None:
    """Tell whether a place says that its day is that of publication, or another; None where it says neither.

    What its markup says and what people read may contradict each other; then it is not taken to be of publication.
    """
    property_words = words_of(f"{element.get('itemprop', '')} {element.get('property', '')}")
    if says_published(property_words) or "pubdate" in element.attrib or "dcdate" in property_words:
        return True
    own = names_of(element)
    if says_other(property_words) or (says_other(own) and not says_published(own)):
        return False
    labels = {line.published for line in lines if line.published is not None or _HAS_YEAR.search(line.text)}
    label = True if True in labels else page.label(element) if labels != {False} else False
    if label is not None:
        return label
    for names in (own, *(names_of(outer) for outer in page.around(element))):
        if says_published(names):
            return True
        if says_other(names):
            return False
    return None


def _in_sentence(element: HtmlElement, page: Places) -> bool:
    block = page.block(element)
    return block is not None and len(words(block).split()) - len(words(element).split()) > _SENTENCE
