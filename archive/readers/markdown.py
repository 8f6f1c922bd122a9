"""The reader of Markdown: the text is the file as it stands; headings and front matter are found by markdown-it-py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from archive.core.article import Draft, Refusal
from archive.readers.common import Limits
from archive.readers.fields import Fields, fields, lowered
from archive.readers.plain import load_text
from archive.readers.titles import Title, head_date, heading_title, metadata_title, text_title

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# A title and front matter stand at the beginning; what comes later need not be parsed to find them.
_HEAD = 20_000
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield the one draft of a Markdown file, or the refusal of it."""
    whole = load_text(path, limits)
    if isinstance(whole, Refusal):
        yield whole
        return
    text = whole.decoded.text
    stated = fields(front_matter(text))
    body = _without_front_matter(text)
    title = metadata_title(stated.title) or heading_title(heading(body)) or text_title(body, path.stem)
    yield _draft(text, title, stated, body, whole.digest, whole.decoded.damage)


def front_matter(text: str) -> Mapping[str, object]:
    """Read the YAML between two lines of ``---`` at the top, values as strings; empty when there is none."""
    match = _FRONT_MATTER.match(text[:_HEAD])
    if match is None:
        return {}
    import yaml  # type: ignore[import-untyped]

    try:
        # BaseLoader makes strings, lists and mappings only: no objects, and no dates that YAML would guess.
        found = yaml.load(match[1], Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    return lowered(found) if isinstance(found, dict) else {}


def heading(text: str) -> str | None:
    """Give the text of the first heading of the first level, else of a heading that opens the text."""
    tokens = _parser().parse(text[:_HEAD])
    starts = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
    first_level = (number for number in starts if tokens[number].tag == "h1")
    chosen = next(first_level, 0 if starts[:1] == [0] else None)
    return None if chosen is None else _words(tokens[chosen + 1])


def _words(token: Token) -> str:
    return "".join(" " if child.type.endswith("break") else child.content for child in token.children or [])


def _without_front_matter(text: str) -> str:
    match = _FRONT_MATTER.match(text[:_HEAD])
    return text[match.end() :] if match else text


def _draft(text: str, title: Title, stated: Fields, body: str, digest: str, damage: int) -> Draft:
    in_text = None if stated.published else head_date(body)
    return Draft(
        text=text,
        title=title.text,
        title_from=title.found,
        raw_digest=digest,
        outlet=stated.outlet,
        author=stated.author,
        url=stated.url,
        published=stated.published or in_text,
        published_from=stated.published_from or ("text" if in_text else None),
        language=stated.language,
        damage=damage,
    )


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")
