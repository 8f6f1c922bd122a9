"""What a page's JSON-LD says of the article itself: schema.org's objects, of which most pages hold several.

An article's own object stands at the top or in ``@graph``, or is what a page there is mainly about. What lies deeper is
another object: entries of a live blog, older stories in a list, parts, comments, videos.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

Object = Mapping[str, object]
# https://schema.org/Article and what is below it, with DiscussionForumPosting and the like, which are texts too.
_ARTICLES: Final = re.compile(r"(?:^|[/:])(?:\w*Article|Report|(?:Blog|LiveBlog|SocialMedia|DiscussionForum)Posting)$")
_PAGES: Final = re.compile(r"(?:Web|Item|About)Page$")
# Some systems wrap the script's text in these, which JSON does not know.
_WRAPPED: Final = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)?|(?:-->|//\s*\]\]>|\]\]>)?\s*;?\s*$")
# Objects of one level that are looked at: a page has a dozen. Chosen, not measured.
_MOST: Final = 500
_HEADLINE_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Identity:
    """What a page says it is, by which its own object is told from those of other articles.

    Attributes:
        addresses: paths of its canonical address and of ``og:url``.
        titles: its headings and titles, as sets of words.
    """

    addresses: frozenset[str]
    titles: tuple[frozenset[str], ...]

    def is_titled(self, text: str) -> bool:
        """Tell whether a text is one of the titles, or all of one but the name of the site."""
        return any(_alike(_heading(text), title) for title in self.titles)


@dataclass(frozen=True, slots=True)
class Statements:
    """The objects in which a page speaks of itself, the surest first.

    Attributes:
        own: of the article, by their address or their headline, or the only one there is.
        page: of the page that holds it, or objects without a type.
    """

    own: tuple[Object, ...] = ()
    page: tuple[Object, ...] = ()


def statements(tree: HtmlElement, identity: Identity) -> Statements:
    """Return what the page's scripts of JSON-LD say of the article itself; broken ones say nothing."""
    top = [item for script in _scripts(tree) for item in _top(script)][:_MOST]
    articles = [item for item in top if _is(item, _ARTICLES)]
    sure = [item for item in articles if _addresses(item) & identity.addresses]
    sure = sure or [item for item in articles if _has_headline(item, identity)]
    if not sure and len(articles) == 1 and not _is_another(articles[0], identity):
        sure = articles
    page = [item for item in top if _is(item, _PAGES) or "@type" not in item]
    return Statements(tuple(sure), tuple(page) if sure or not articles else ())


def identity(tree: HtmlElement) -> Identity:
    """Return what a page says it is."""
    addresses = [link.get("href", "") for link in tree.iterfind(".//link[@rel='canonical']")]
    addresses += [meta.get("content", "") for meta in tree.iterfind(".//meta[@property='og:url']")]
    titles = [meta.get("content", "") for meta in tree.iterfind(".//meta[@property='og:title']")]
    titles += ["".join(found.itertext()) for tag in ("title", "h1") for found in tree.iterfind(f".//{tag}")]
    paths = frozenset(path for address in addresses[:_MOST] if (path := _path(address)))
    return Identity(paths, tuple(_heading(title) for title in titles[:_MOST]))


def texts(value: object) -> Iterator[str]:
    """Yield the strings of a value that is one, a list of them, or ``{"@value": ...}``."""
    for item in _listed(value):
        if isinstance(item, str):
            yield item
        elif isinstance(item, Mapping) and isinstance(item.get("@value"), str):
            yield str(item["@value"])


def _scripts(tree: HtmlElement) -> Iterator[object]:
    for script in tree.iterfind(".//script"):
        if script.get("type", "").partition(";")[0].strip().lower() == "application/ld+json":
            try:
                yield json.loads(_WRAPPED.sub("", script.text or ""), strict=False)
            except (ValueError, RecursionError):
                continue


def _top(value: object) -> Iterator[Object]:
    for item in _listed(value):
        if isinstance(item, Mapping):
            inner = [found for found in _listed(item.get("@graph")) if isinstance(found, Mapping)]
            for found in inner if "@graph" in item else [item]:
                yield found
                if _is(found, _PAGES):
                    yield from (about for about in _listed(found.get("mainEntity")) if isinstance(about, Mapping))


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _is(item: Object, kinds: re.Pattern[str]) -> bool:
    return any(kinds.search(kind) for kind in texts(item.get("@type")))


def _addresses(item: Object) -> frozenset[str]:
    stated = [item.get("url"), item.get("@id"), item.get("mainEntityOfPage")]
    stated += [value.get("@id") or value.get("url") for value in stated if isinstance(value, Mapping)]
    return frozenset(path for value in stated for text in texts(value) if (path := _path(text)))


def _is_another(item: Object, identity: Identity) -> bool:
    """Tell whether an object is of another article: another address, or a headline without any word of the titles."""
    if _addresses(item) and identity.addresses:
        return True
    headlines, titles = _headlines(item), [title for title in identity.titles if len(title) > 1]
    return bool(headlines and titles) and not any(_heading(text) & title for text in headlines for title in titles)


def _has_headline(item: Object, identity: Identity) -> bool:
    return any(map(identity.is_titled, _headlines(item)))


def _headlines(item: Object) -> list[str]:
    keys = ("headline", "name", "alternativeHeadline")
    return [text for key in keys for text in texts(item.get(key)) if len(_heading(text)) > 1]


def _alike(headline: frozenset[str], title: frozenset[str]) -> bool:
    """Tell whether a headline is all of a title, or a title all of it: behind either the name of the site may stand."""
    fewer = min(len(headline), len(title))
    return fewer > 0 and len(headline & title) == fewer and (fewer >= _HEADLINE_WORDS or headline == title)


def _heading(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _path(address: str) -> str | None:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    path = parts.path.rstrip("/").removesuffix("/amp").lower()
    return f"{path}?{parts.query}" if path or parts.query else None
