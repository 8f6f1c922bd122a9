"""Front matter: what is stated above a text, between lines of ``---`` or ``+++`` or in lines such as ``Title: ...``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from archive.core.article import Span
from archive.readers.fields import lowered
from archive.text.urls import canonical

# Front matter stands at the beginning, and is short; what is longer is not looked through. Chosen, not measured.
_WITHIN: Final = 20_000
_YAML: Final = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML: Final = re.compile(r"\+\+\+[ \t]*\n(.*?)\n\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
# A line of `---` may also be a rule above prose; metadata begins with a key, perhaps after comments.
_KEY_FIRST: Final = re.compile(
    r"""(?:[ \t]*(?:\#.*)?\n)*  # blank lines and comments
    ["']?[\w-]+(?:[ ][\w-]+){0,2}["']?[ \t]*[:=](?:[ \t]|$)  # a key of at most three words
    """,
    re.MULTILINE | re.VERBOSE,
)
_LABELLED: Final = re.compile(r"[ \t]*([^\W\d_][\w ./-]{0,30}?)[ \t]*:[ \t]*(.*)")
_BODY: Final = re.compile(r"[ \t]*(?:text|body|content|article|full text)[ \t]*:[ \t]*", re.IGNORECASE)
_RULE: Final = re.compile(r"[ \t]*[-=_*]{3,}[ \t]*")
# Lines of a head; what goes on for longer is a list of something else. Chosen, not measured.
_MOST_LINES: Final = 30
_FEWEST_LABELS: Final = 2
# Names that readers of records do not know, by those that they do. The day of saving is no day of the text: no name.
_SAME: Final = {
    "headline": "title",
    "head": "title",
    "link": "url",
    "address": "url",
    "permalink": "url",
    "original_url": "url",
    "original url": "url",
    "source url": "url",
    "source_url": "url",
    "by": "author",
    "byline": "author",
    "author(s)": "author",
    "writer": "author",
    "site": "outlet",
    "site_name": "outlet",
    "site name": "outlet",
    "website": "outlet",
    "newspaper": "outlet",
    "publisher": "outlet",
    "paper": "outlet",
    "date_published": "date",
    "date published": "date",
    "published on": "date",
    "publication date": "date",
    "publication_date": "date",
    "pubdate": "date",
}
# What a head of labelled lines states of an article, one of these at least; a list of other things has none of them.
_TELLING: Final = frozenset(("title", "url", "source", "outlet", "author", "date", "published", "publication"))
_OTHERS: Final = frozenset(
    (
        *("lang", "language", "section", "category", "categories", "tags", "keywords", "id", "crawled", "retrieved"),
        *("accessed", "saved", "downloaded", "scraped", "updated", "modified", "description", "summary", "abstract"),
        *("location", "dateline", "copyright", "page", "pages", "words", "country"),
    )
)
_LONGEST_LIST: Final = 50  # items that are read, as of authors. Chosen, not measured.
_LINKED: Final = re.compile(r"\[\[(?:[^\]|]*\|)?([^\]|]*)\]\]")  # as note-taking programs write names


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Front matter as it stands in a text.

    Attributes:
        span: all of it, offsets into the text.
        stated: what stands in it.
        parse: returns the values of that by their keys, empty when it cannot be read.
    """

    span: Span
    stated: str
    parse: Callable[[str], Mapping[object, object]]

    def values(self) -> Mapping[str, object]:
        """Return what it states, by keys in lower case, values as strings; empty when it cannot be read."""
        values = {key: _plain(value) for key, value in lowered(self.parse(self.stated)).items()}
        values = {_SAME[key]: value for key, value in values.items() if key in _SAME} | values
        source = values.get("source")
        if "url" not in values and isinstance(source, str) and canonical(source):
            values["url"] = values.pop("source")  # it is an address, and the outlet may be stated beside it
        return values


def front_matter(text: str) -> FrontMatter | None:
    """Find the front matter of a text, None when it has none."""
    for mark, block, parse in (("---", _YAML, _of_yaml), ("+++", _TOML, _of_toml)):
        match = block.match(text[:_WITHIN]) if text.startswith(mark) else None
        if match is not None and _KEY_FIRST.match(match[1]):
            return FrontMatter(Span(0, match.end()), match[1], parse)
    return _labelled_head(text)


def front_matter_spans(text: str) -> tuple[Span, ...]:
    """Return where the front matter of a text is, for ``Draft.hidden``; empty when it has none."""
    block = front_matter(text)
    return () if block is None else (block.span,)


def _labelled_head(text: str) -> FrontMatter | None:
    """Find lines of labels above a text, of which two at least are known and one tells of an article.

    They end at the first line that has no label, or behind the label of the text itself.
    """
    known: set[str] = set()
    end = position = 0
    for number, line in enumerate(text[:_WITHIN].splitlines(keepends=True)):
        start, position = position, position + len(line)
        if not line.strip():
            continue
        if number >= _MOST_LINES:
            return None
        if known and (body := _BODY.match(line)):
            end = start + body.end()
            break
        label = _LABELLED.match(line)
        if label is None or _key(label[1]) not in _TELLING | _OTHERS:
            if known and _RULE.fullmatch(line.rstrip("\n")):
                end = position
            break
        known.add(_key(label[1]))
        end = position
    if len(known) < _FEWEST_LABELS or not known & _TELLING or not text[end:].strip():
        return None
    return FrontMatter(Span(0, end), text[:end], _of_lines)


def _key(label: str) -> str:
    lower = " ".join(label.lower().split())
    return _SAME.get(lower, "author" if lower == "authors" else lower)


def _of_lines(stated: str) -> Mapping[object, object]:
    values: dict[object, object] = {}
    for line in stated.split("\n"):
        label = _LABELLED.match(line)
        if label is not None and label[2].strip():
            values.setdefault(_key(label[1]), label[2].strip())
    return values


def _of_yaml(stated: str) -> Mapping[object, object]:
    import yaml  # type: ignore[import-untyped]

    try:
        # BaseLoader makes strings, lists and mappings only: no objects, and no dates that YAML would guess.
        values = yaml.load(stated, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}


def _of_toml(stated: str) -> Mapping[object, object]:
    import tomllib

    try:
        return dict[object, object](tomllib.loads(stated).items())
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return {}


def _plain(value: object) -> object:
    """Take names out of the brackets of links, and spell what is no list or mapping.

    It looks no deeper than into a list: aliases of YAML can make a few lines of billions of values.
    """
    return [_spelled(item) for item in value[:_LONGEST_LIST]] if isinstance(value, list) else _spelled(value)


def _spelled(value: object) -> object:
    if isinstance(value, list | dict):
        return value
    return _LINKED.sub(r"\1", value if isinstance(value, str) else str(value))
