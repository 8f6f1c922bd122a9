"""The reader of HTML: trafilatura and htmldate over a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.core.article import Draft, Refusal
from archive.readers.common import ROOM, Limits, digest, load, refusal, text_size, too_large
from archive.readers.html_dates import Published, published
from archive.readers.titles import Title, heading_title, metadata_title, text_title
from archive.text import dates
from archive.text.decode import decode, neutral, single_line
from archive.text.language import code
from archive.text.urls import canonical

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""")
_CHARSET_WITHIN = 4096
_FEWEST_IN_HEADING = 15


@dataclass(frozen=True, slots=True)
class _Extract:
    """What trafilatura made of a page."""

    text: str
    title: str | None
    url: str | None
    outlet: str | None
    author: str | None


def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield the one draft of a page, or the refusal of it; raises whatever the parsers raise."""
    yield _read(path, limits)


def _read(path: Path, limits: Limits) -> Draft | Refusal:
    raw = load(path, ROOM * limits.max_text)
    if isinstance(raw, Refusal):
        return raw
    stated = _CHARSET.search(raw, 0, _CHARSET_WITHIN)
    decoded = decode(raw, stated[1].decode("ascii") if stated else None)
    tree = _tree(decoded.text)
    if _cut_short():
        return refusal(path, "too-complex", "Its tags are nested too deeply.")
    found = _extract(tree) if tree is not None else None
    if tree is None or found is None or not found.text.strip():
        return refusal(path, "no-text", "No article text was found on the page.")
    if text_size(found.text) > limits.max_text:
        return too_large(path, text_size(found.text), limits.max_text)
    return _draft(found, tree, path.stem, digest(raw), decoded.damage)


def _draft(found: _Extract, tree: HtmlElement, stem: str, raw_digest: str, damage: int) -> Draft:
    url = canonical(found.url or "")
    title = _title(found.title, tree) or text_title(found.text, stem)
    when = published(tree) or Published(dates.from_url(url), "url")
    return Draft(
        text=found.text,
        title=title.text,
        title_from=title.found,
        raw_digest=raw_digest,
        reader=parser(),
        outlet=_line(found.outlet),
        author=_line(found.author),
        url=url,
        published=when.date,
        published_from=when.found if when.date else None,
        language=code(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")),
        damage=damage,
    )


def _tree(text: str) -> HtmlElement | None:
    from trafilatura.utils import load_html

    tree: HtmlElement | None = load_html(text)
    # A fragment is refused as dubious; inside a page it is read.
    return tree if tree is not None else load_html(f"<html><body><div>{text}</div></body></html>")


def _cut_short() -> bool:
    """Tell whether libxml2 met its limits of depth or size in the last page and dropped the rest in silence."""
    from trafilatura.utils import HTML_PARSER

    return len(HTML_PARSER.error_log.filter_from_fatals()) > 0


def _extract(tree: HtmlElement) -> _Extract | None:
    from trafilatura import bare_extraction

    found: Any = bare_extraction(
        tree, include_comments=False, with_metadata=True, date_extraction_params={"extensive_search": False}
    )
    if found is None:
        return None
    # trafilatura never wraps lines: each of its lines is a block of the page.
    text = re.sub(r"\s*\n\s*", "\n\n", neutral(found.text or "").strip())
    return _Extract(text, found.title, found.url, found.sitename, found.author)


def _title(stated: str | None, tree: HtmlElement) -> Title | None:
    """Choose between the title metadata gives and the heading, which lacks the name of the site behind it."""
    headings = [" ".join("".join(element.itertext()).split()) for element in tree.iterfind(".//h1")]
    only = headings[0] if len(headings) == 1 else ""
    title = metadata_title(stated)
    if title is None:
        return heading_title(only)
    return heading_title(only) if len(only) >= _FEWEST_IN_HEADING and title.text.startswith(only) else title


def _line(value: str | None) -> str | None:
    return (single_line(value) or None) if value else None


@cache
def parser() -> str:
    """Load the parser; return its name and version."""
    import trafilatura

    return f"trafilatura/{trafilatura.__version__}"
