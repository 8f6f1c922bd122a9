"""The reader of Markdown: the text is the file as it stands; markdown-it-py finds its headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from archive.core.article import Draft, Refusal
from archive.readers.common import Limits
from archive.readers.fields import Fields, fields
from archive.readers.front_matter import front_matter
from archive.readers.plain import Whole, load_text
from archive.readers.titles import Title, head_date, heading_title, metadata_title, text_title
from archive.text.decode import garbled

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# A title stands at the beginning; what comes later need not be parsed to find it. Chosen, not measured.
_HEAD: Final = 20_000


def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield the one draft of a Markdown file, or the refusal of it."""
    whole = load_text(path, limits)
    if isinstance(whole, Refusal):
        yield whole
        return
    text = whole.decoded.text
    front = front_matter(text)
    stated = fields(front.values() if front else {})
    body = text[front.span.end :] if front else text
    title = metadata_title(stated.title) or heading_title(heading(body)) or text_title(body, path.stem)
    yield replace(_draft(title, stated, body, whole), hidden=(front.span,) if front else ())


def heading(text: str) -> str | None:
    """Give the text of the first heading of the first level, else of a heading that opens the text."""
    tokens = _parser().parse(text[:_HEAD])
    starts = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
    first_level = (number for number in starts if tokens[number].tag == "h1")
    chosen = next(first_level, 0 if starts[:1] == [0] else None)
    return None if chosen is None else _words(tokens[chosen + 1])


def _words(token: Token) -> str:
    return "".join(" " if child.type.endswith("break") else child.content for child in token.children or [])


def _draft(title: Title, stated: Fields, body: str, whole: Whole) -> Draft:
    in_text = None if stated.published else head_date(body)
    return Draft(
        text=whole.decoded.text,
        title=title.text,
        title_from=title.found_in,
        raw_digest=whole.digest,
        outlet=stated.outlet,
        author=stated.author,
        url=stated.url,
        published=stated.published or in_text,
        published_from=stated.published_from or ("text" if in_text else None),
        language=stated.language,
        damage=whole.decoded.damage + garbled(whole.decoded.text),
    )


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")
