"""Advice about fields that there are not, days among words, and spans of days that are empty: what was meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import product
from typing import Final

import regex

from index.contracts.conditions import Attribute, Dated
from index.query.ast import LIKE, Run, Subquery
from index.query.dates.ranges import KEYS
from index.query.dates.written import Days, names_year, written

FIELDS: Final = (*Attribute, *KEYS, LIKE)
_MEANT: Final = {
    "by": "author", "writer": "author", "reporter": "author",
    "publisher": "outlet", "publication": "outlet", "paper": "outlet", "newspaper": "outlet",
    "domain": "site", "host": "site", "link": "url",
    "headline": "title", "intitle": "title", "language": "lang", "file": "path", "folder": "path",
    "published": "date", "day": "date", "month": "date", "year": "date",
}  # fmt: skip
"""What other programs, and people, call the fields."""
_FIELD: Final = regex.compile(r"[+-]?(?P<field>\p{L}[\p{L}_-]{1,19}):(?!//)(?P<value>.*)")
_MOST: Final = 3  # fields of a question that are told of in full; chosen, not measured


def advice(items: Run, plain: Sequence[str]) -> Iterator[str]:
    """Yield sentences about a question.

    Args:
        items: what was read.
        plain: its words, as they were typed; of those with a value that a field cannot have, something was said.
    """
    asked = tuple(dict.fromkeys(_dates(items)))
    if not asked and (named := _day_among(plain)) is not None:
        yield f"“{named[0]}” is looked for as words; date:{named[1]} asks for what was published on that day."
    for dated in asked:
        if dated.first is not None and dated.last is not None and dated.first > dated.last:
            turned = f"date:{dated.last}..{dated.first}"
            yield f"{dated} ends before it begins, so no day is in it; {turned} may be meant."
    found = (unread for word in plain if (unread := _unread_field(word)) is not None)
    fields = {unread["field"].lower(): unread["value"].strip() for unread in found}
    for field in list(fields)[:_MOST]:
        yield _sentence(field, fields[field])
    if others := list(fields)[_MOST:]:
        yield f"Fields that there are not, read as words too: {', '.join(others)}."


def _dates(run: Run) -> Iterator[Dated]:
    for item in run:
        if isinstance(item.what, Subquery):
            for inner in item.what.runs:
                yield from _dates(inner)
        elif isinstance(item.what, Dated):
            yield item.what


def _day_among(plain: Sequence[str]) -> tuple[str, Days] | None:
    """Return the first words that name one day, in English or as 2022-04-05, and the day; what may be two is none."""
    for at, size in product(range(len(plain)), (1, 3)):
        typed = " ".join(plain[at : at + size]).rstrip(",;:?!")
        if typed.isdigit() or not names_year(typed):
            continue
        match written(typed, elsewhere=False):
            case (Days(first, last) as days,) if first == last:
                return typed, days
    return None


def _unread_field(word: str) -> regex.Match[str] | None:
    """Return a word's field and value, if there is no such field, or nothing that it could take.

    One that there is not counts without a value only if people mean a field by it.
    """
    match = _FIELD.fullmatch(word)
    if match is None:
        return None
    field, value = match["field"].lower(), match["value"].strip()
    if field in FIELDS:
        return match if not value or value.startswith("(") else None
    return match if value or field in _MEANT else None


def _sentence(field: str, value: str) -> str:
    if field in FIELDS:
        return f"“{field}:” takes a word or a phrase directly behind it, so it was read as a word."
    meant = _MEANT.get(field) or next(iter(get_close_matches(field, FIELDS, 1)), None)
    typed = f"{field}:{value}" if value else "it"
    told = f"There is no field “{field}”, so {typed} was read as words"
    if meant is None:
        return f"{told}; the fields are {', '.join(FIELDS[:-1])} and {FIELDS[-1]}."
    return f"{told}; {meant}:{value or '…'} may be meant."
