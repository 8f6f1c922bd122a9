"""The reader of HTML: what a page states about itself, and its text by trafilatura."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from archive.core.article import Draft, Refusal
from archive.readers.common import ROOM, Limits, digest, load, refusal, text_size, too_large
from archive.readers.fields import stated_line
from archive.readers.pages.authors import as_name, author
from archive.readers.pages.extraction import Extraction, extract
from archive.readers.pages.linked_data import Identity, identity, statements
from archive.readers.pages.markup import without_struck
from archive.readers.pages.published import Published, published
from archive.readers.pages.saved_page import placed, without_frame
from archive.readers.titles import Title, heading_title, metadata_title, text_title
from archive.text import dates
from archive.text.decode import decode
from archive.text.language.detection import code
from archive.text.urls import canonical

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_CHARSET: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""")
# HTML wants the encoding stated within the first 1,024 bytes; pages that have scripts above it state it later.
_CHARSET_WITHIN: Final = 4096
# A heading as short as "News" is the site's, not the article's. Chosen, not measured.
_FEWEST_IN_HEADING: Final = 15
_PLAIN_WORDS: Final = (
    "The ferry to the island stayed in the harbour on Monday, because the wind had grown into a storm."
)
_PLAIN_PAGE: Final = (
    "<html><head><title>Ferry stays in harbour</title></head><body><article><h1>Ferry stays in harbour</h1>"
    f"<time datetime='2021-12-06'>6 December 2021</time><p>{_PLAIN_WORDS}</p><p>{_PLAIN_WORDS}</p></article>"
    "</body></html>"
)


def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield the one draft of a page, or the refusal of it; raises whatever the parsers raise."""
    yield _read(path, limits)


def _read(path: Path, limits: Limits) -> Draft | Refusal:
    raw = load(path, ROOM * limits.max_text)
    if isinstance(raw, Refusal):
        return raw
    stated = _CHARSET.search(raw, 0, _CHARSET_WITHIN)
    decoded = decode(raw, stated[1].decode("ascii") if stated else None)
    tree = parsed(decoded.text)
    if (why := _cut_short()) is not None:
        return refusal(path, "too-complex", why)
    draft = _draft(without_frame(tree), path.stem) if tree is not None else None
    if draft is None:
        return refusal(path, "no-text", "No article text was found on the page.")
    if text_size(draft.text) > limits.max_text:
        return too_large(path, text_size(draft.text), limits.max_text, what="text")
    return placed(replace(draft, raw_digest=digest(raw), damage=decoded.damage), decoded.text)


def _draft(tree: HtmlElement, name: str) -> Draft | None:
    """Make a draft of a page, which is changed for it; None where it has no text."""
    stated = without_struck(tree)
    itself = identity(stated)
    said = statements(stated, itself)
    found, who = published(stated, said), author(stated, said)
    page = extract(tree)
    if page is None or not page.text.strip():
        return None
    url = canonical(page.url or "")
    title = _title(page, itself) or text_title(page.text, name)
    when = found or Published(dates.from_url(url), "url")
    return Draft(
        text=page.text,
        title=title.text,
        title_from=title.found_in,
        raw_digest="",
        reader=f"{parser()} ({page.how})" if page.how else parser(),
        outlet=stated_line(page.outlet),
        author=stated_line(who or as_name(page.author or "")),
        url=url,
        published=when.date,
        published_from=when.found_in if when.date else None,
        language=code(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")),
        hidden=page.hidden,
    )


def parsed(text: str) -> HtmlElement | None:
    """Parse a page, or a part of one; None where there is nothing in it."""
    from trafilatura.utils import load_html

    tree: HtmlElement | None = load_html(text)
    # A fragment is refused as dubious; inside a page it is read.
    return tree if tree is not None else load_html(f"<html><body><div>{text}</div></body></html>")


def published_of(tree: HtmlElement, url: str | None = None) -> Published:
    """Find the day on which a page says it was published, else that in its address."""
    tree = without_struck(tree)
    found = published(tree, statements(tree, identity(tree)))
    return found or Published(dates.from_url(url), "url")


def _cut_short() -> str | None:
    """Say which limit libxml2 met in the last page, the rest of which it dropped in silence; None where it met none."""
    from trafilatura.utils import HTML_PARSER

    met = HTML_PARSER.error_log.filter_from_fatals()
    if len(met) == 0:
        return None
    said = met[0].message.strip()
    if "depth" in said:
        return "Its tags are nested too deeply for the parser."
    if "size limit" in said:
        return "One piece of it, such as an attribute, a comment or a stretch of text, is too long for the parser."
    return f"The parser gave up on it: {said}."


def _title(page: Extraction, itself: Identity) -> Title | None:
    """Choose between the title metadata gives and the heading, which lacks the name of the site behind it.

    A title that the page itself does not have, in its head or over its text, is that of another article.
    """
    only = page.headings[0] if len(page.headings) == 1 else ""
    title = metadata_title(page.title)
    if title is None or (only and not itself.is_titled(title.text)):
        return heading_title(only)
    return heading_title(only) if len(only) >= _FEWEST_IN_HEADING and title.text.startswith(only) else title


def check() -> None:
    """Read a page that any parser reads.

    Raises:
        Exception: whatever the installed parsers raise at it; they do not fit together.
    """
    tree = parsed(_PLAIN_PAGE)
    draft = _draft(tree, "page") if tree is not None else None
    if draft is None or _PLAIN_WORDS not in draft.text:
        raise ValueError("no text was found in a plain page")


@cache
def parser() -> str:
    """Load the parser; return its name and version."""
    import trafilatura

    return f"trafilatura/{trafilatura.__version__}"
