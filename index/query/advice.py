"""Advice about fields that there are not, and about dates that are none: what was meant, most likely."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

import regex

from index.contracts.conditions import Attribute
from index.query.ast import LIKE, Run, Subquery, Word
from index.query.date_ranges import KEYS, date_range

FIELDS: Final = (*Attribute, *KEYS, LIKE)
_MEANT: Final = {
    "by": "author", "writer": "author", "reporter": "author",
    "publisher": "outlet", "publication": "outlet", "paper": "outlet", "newspaper": "outlet",
    "site": "url", "domain": "url", "host": "url", "link": "url",
    "headline": "title", "intitle": "title", "language": "lang", "file": "path", "folder": "path",
    "published": "date", "day": "date", "month": "date", "year": "date",
    "since": "after", "from": "outlet", "until": "before", "to": "before",
}  # fmt: skip
"""What other programs, and people, call the fields."""
_FIELD: Final = regex.compile(r"[+-]?(?P<field>\p{L}[\p{L}_-]{1,19}):(?!//)(?P<value>.*)")
_SPAN: Final = regex.compile(r"(?<!\S)[+-]?date:(?P<begin>[\d-]+)\.\.(?P<end>[\d-]+)(?!\S)")
_MOST: Final = 3  # fields of a question that are told of; chosen, not measured


def advice(clean: str, items: Run) -> Iterator[str]:
    """Yield sentences about a question.

    Args:
        clean: its text, on one line.
        items: what was read.
    """
    for match in _SPAN.finditer(clean):
        span, (begin, end) = date_range("date", f"{match['begin']}..{match['end']}"), match.group("begin", "end")
        if span is not None and span.first is not None and span.last is not None and span.first > span.last:
            yield f"date:{begin}..{end} ends before it begins, so no day is in it; date:{end}..{begin} may be meant."
    found = (unknown for word in _words(items) if (unknown := _unknown_field(word)) is not None)
    fields = {unknown["field"].lower(): unknown["value"].strip() for unknown in found}
    for field in list(fields)[:_MOST]:
        yield _sentence(field, fields[field])


def _words(run: Run) -> Iterator[str]:
    for item in run:
        if isinstance(item.what, Subquery):
            for inner in item.what.runs:
                yield from _words(inner)
        elif isinstance(item.what, Word):
            yield item.what.text


def _unknown_field(word: str) -> regex.Match[str] | None:
    """Return a word's field and value, if there is no such field, or the value is no date.

    One without a value counts only if people mean a field by it.
    """
    match = _FIELD.fullmatch(word)
    field = match["field"].lower() if match is not None else ""
    if match is None or (field in FIELDS and field not in KEYS) or not (match["value"].strip() or field in _MEANT):
        return None
    return match


def _sentence(field: str, value: str) -> str:
    meant = _MEANT.get(field) or next(iter(get_close_matches(field, FIELDS, 1)), None)
    if field == "from" and date_range("after", value) is not None:
        meant = "after"
    typed = f"{field}:{value}" if value else "it"
    if field in KEYS:
        return f"“{value}” is no date, so {typed} was read as words; dates are 2022, 2022-01 or 2022-01-20."
    told = f"There is no field “{field}”, so {typed} was read as words"
    if meant is None:
        return f"{told}; the fields are {', '.join(FIELDS[:-1])} and {FIELDS[-1]}."
    return f"{told}; {meant}:{value or '…'} may be meant."
