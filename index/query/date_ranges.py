"""Days, months and years as a person types them into a question, to the days they span."""

from __future__ import annotations

from calendar import monthrange
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Final

from index.contracts.conditions import Dated

KEYS: Final = ("date", "after", "before")
_NONE: Final = "none"
_BETWEEN: Final = ".."


def date_range(key: str, value: str) -> Dated | None:
    """Read what stands behind ``date:``, ``after:`` or ``before:``; None for what is no date.

    Dates are ``2022``, ``2022-01`` or ``2022-01-20``. ``date:`` also takes ``none`` and a span such as
    ``2021-12..2022-01``, open at either end. ``after:`` begins with the first day named, ``before:`` ends with the last
    day before it.
    """
    if key == "date" and value.lower() == _NONE:
        return Dated()
    if key == "date" and _BETWEEN in value:
        return _between(*value.split(_BETWEEN, 1))
    span = _span(value)
    if span is None:
        return None
    if key == "after":
        return Dated(first=span[0].isoformat())
    if key == "before":
        return Dated(last=(span[0] - timedelta(days=1)).isoformat()) if span[0] > date.min else None
    return Dated(span[0].isoformat(), span[1].isoformat())


def _between(begin: str, end: str) -> Dated | None:
    first, last = _span(begin), _span(end)
    if (begin and first is None) or (end and last is None) or not (begin or end):
        return None
    return Dated(first[0].isoformat() if first else None, last[1].isoformat() if last else None)


def _span(value: str) -> tuple[date, date] | None:
    """Return the first and the last day of a day, a month or a year."""
    with suppress(ValueError):
        day = datetime.strptime(value, "%Y-%m-%d").date()
        return day, day
    with suppress(ValueError):
        month = datetime.strptime(value, "%Y-%m").date()
        return month, month.replace(day=monthrange(month.year, month.month)[1])
    with suppress(ValueError):
        year = datetime.strptime(value, "%Y").date()
        return year, year.replace(month=12, day=31)
    return None
