"""Metadata that a record or a page states about itself, whatever the types of its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from archive.text import dates
from archive.text.decode import neutral, single_line
from archive.text.language import code
from archive.text.urls import canonical

# Authors that are read: a list that is longer is no list of authors. Chosen, not measured.
_LONGEST_LIST: Final = 50


@dataclass(frozen=True, slots=True)
class Fields:
    """The default fields of a record (JSON Lines, front matter); None where it states nothing usable.

    Attributes:
        text: neutral text of the field ``text`` or ``body``.
        published: ISO 8601; ``published_from`` is ``metadata`` or, when only the address tells, ``url``.
        language: ISO 639-1.
    """

    title: str | None
    text: str | None
    url: str | None
    published: str | None
    published_from: str | None
    outlet: str | None
    author: str | None
    language: str | None


def lowered(record: Mapping[object, object]) -> Mapping[str, object]:
    """Spell the keys of a record in lower case; a key that is so spelled already wins over one that is not."""
    exact = {key: value for key, value in record.items() if isinstance(key, str)}
    return {key.lower(): value for key, value in exact.items()} | exact


def fields(record: Mapping[str, object]) -> Fields:
    """Read the default keys of a ``lowered`` record; the first of several names that holds something counts."""
    outlet = _name(_first(record, "outlet", "publication", "source"))
    url = canonical(_string(_first(record, "url")) or outlet or "")
    published, published_from = _published(record, url)
    text = _string(_first(record, "text", "body"))
    return Fields(
        title=stated_line(_string(_first(record, "title"))),
        text=neutral(text) if text is not None else None,
        url=url,
        published=published,
        published_from=published_from,
        outlet=stated_line(outlet) if outlet and not canonical(outlet) else None,
        author=stated_line(_names(_first(record, "author", "authors"))),
        language=code(_string(_first(record, "lang", "language"))),
    )


def _published(record: Mapping[str, object], url: str | None) -> tuple[str | None, str | None]:
    for key in ("date", "published"):
        stated = dates.parse(record.get(key))
        if stated is not None:
            return stated, "metadata"
    in_url = dates.from_url(url)
    return in_url, "url" if in_url else None


def _first(record: Mapping[str, object], *keys: str) -> object:
    return next((value for key in keys if (value := record.get(key)) not in (None, "", [], {})), None)


def _string(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _name(value: object) -> str | None:
    """Take a name, also from ``{"name": ...}`` as news interfaces write it."""
    return _string(value.get("name") if isinstance(value, Mapping) else value)


def _names(value: object) -> str | None:
    values = value[:_LONGEST_LIST] if isinstance(value, list) else [value]
    return ", ".join(name.strip() for item in values if (name := _name(item))) or None


def stated_line(value: str | None) -> str | None:
    """Make a stated value one neutral line; None when nothing is left of it."""
    return (single_line(value) or None) if value else None
