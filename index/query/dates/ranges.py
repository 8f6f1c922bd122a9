"""Days, months and years as a person types them into a question, to the days they span."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

import regex

from index.contracts.conditions import Dated
from index.query.dates.written import MOST_WORDS, Days, names_year, written

KEYS: Final = ("date", "after", "before", "since", "until")
LOOSE: Final = {"from": "after", "to": "until"}
"""What is a date's key before a date alone, and what it then means."""

_ALIKE: Final = {"since": "after"}
_YEARS: Final = frozenset({"г", "г.", "года", "р", "р.", "року"})  # "year", behind it in Russian and Ukrainian
_DAY: Final = regex.compile(r"\p{N}{1,2}[日号號일]")  # behind a month that is a date without it
_NONE: Final = "none"
_BETWEEN: Final = ".."


class DateReading(NamedTuple):
    """What a date was read as.

    Attributes:
        dated: None for what is no date, or may be either of two.
        note: a sentence about it; empty where it was written as dates are shown.
    """

    dated: Dated | None
    note: str = ""


def date_range(key: str, value: str) -> Dated | None:
    """Read what stands behind ``date:`` and its like; None for what is no date, or may be either of two.

    A date is a day, a month or a year: ``2022-01-20``, ``2022-01``, ``2022``, ``20 January 2022``, ``20.1.2022``.
    ``date:`` also takes ``none`` and a span such as ``2021-12..2022-01``, open at either end. ``after:`` and ``since:``
    begin with the first day named, ``before:`` ends with the last day before it, ``until:`` with the last day named.
    """
    return read_date(key, value).dated


def read_date(key: str, value: str, *, elsewhere: bool = True) -> DateReading:
    """Read what stands behind a key of dates, and say in a sentence how, unless it is no date.

    Args:
        key: of ``KEYS``.
        value: what stands there.
        elsewhere: languages other than English are tried as well, which is slow.
    """
    if key == "date" and value.lower() == _NONE:
        return DateReading(Dated())
    ends = value.split(_BETWEEN, 1) if key == "date" else [value]
    read = [written(end, elsewhere=elsewhere) if end.strip() else None for end in ends]
    if all(days is None for days in read) or any(days == () for days in read):
        return DateReading(None)
    for end, days in zip(ends, read, strict=True):
        if days is not None and len(days) > 1:
            return DateReading(None, f"“{end.strip()}” may be {' or '.join(map(str, days))}")
    spans = [days[0] if days else None for days in read]
    dated = _between(spans[0], spans[1]) if len(spans) == 2 else _of(_ALIKE.get(key, key), spans[0])
    as_shown = all(days is None or str(days) == end for days, end in zip(spans, ends, strict=True))
    return DateReading(dated, "" if dated is None or as_shown else f"“{key}:{value}” is read as “{dated}”.")


def longest_date(key: str, words: list[str], *, loose: bool, elsewhere: bool = True) -> tuple[int, DateReading]:
    """Return how many of the words behind a key are its date, and what that was read as; 0 for none.

    Args:
        key: of ``KEYS``.
        words: what stands there, such as ``5``, ``April``, ``2022``, ``gas``.
        loose: the words may well be no date, so that the slow way is tried for those alone that begin with a number.
        elsewhere: as for ``read_date``.
    """
    for count in range(1, min(len(words), MOST_WORDS + MOST_WORDS) + 1):
        value = " ".join(words[:count])
        if count > 1 and not names_year(words[count - 1]) and not names_year(words[0]):
            continue
        if loose and not value[:1].isdigit() and not written(value, elsewhere=False):
            continue
        reading = read_date(key, value, elsewhere=elsewhere)
        if reading.dated is None and not reading.note:
            continue
        behind = words[count] if count < len(words) else ""
        if _DAY.fullmatch(behind):
            count, reading = count + 1, read_date(key, f"{value} {behind}", elsewhere=elsewhere)
        return count + (behind in _YEARS), reading
    return 0, DateReading(None)


def _of(key: str, days: Days | None) -> Dated | None:
    assert days is not None
    match key:
        case "after":
            return Dated(first=days.first.isoformat())
        case "until":
            return Dated(last=days.last.isoformat())
        case "before":
            return Dated(last=(days.first - timedelta(days=1)).isoformat()) if days.first > days.first.min else None
    return Dated(days.first.isoformat(), days.last.isoformat())


def _between(first: Days | None, last: Days | None) -> Dated | None:
    return Dated(first.first.isoformat() if first else None, last.last.isoformat() if last else None)
