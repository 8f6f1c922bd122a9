"""Publication dates as ISO 8601, or nothing: no date is better than an invented one."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Final

from archive.text import written_dates
from archive.text.captures import capture

# Raise it with every change that reads some date otherwise: `update` finds by it what older rules dated.
DATES_VERSION: Final = 2

_EARLIEST: Final = 1600  # the first newspapers are of 1605
_LONGEST: Final = 64  # characters; dates with weekday, time and zone have some 40. Chosen, not measured.
# By how much seconds, milliseconds and microseconds since 1970 are divided, by their number of digits.
_EPOCH_DIGITS: Final = {9: 1, 10: 1, 13: 1_000, 16: 1_000_000}
_SLASHED = re.compile(r"(?<![\d/-])(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}\b")
_DOTTED = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}\b")
_LABEL = re.compile(r"(?:first )?(?:published|posted|date|dated)(?: on| at)?\s*:?\s+|date:", re.IGNORECASE)
# Followed by a full date alone; "data" and "released" also begin titles, so no line is passed over for one of these.
_ANY_LABEL = re.compile(
    rf"(?:{written_dates.PUBLISHED})(?!\w)(?:\s+(?:on|at|am|le|el|il|op|den|em|dne|på))?(?:\s*:\s*|\s+)", re.IGNORECASE
)
# "2022 - 03 - 14", "2022. 3. 14."
_SPACED = re.compile(r"(\d{4})\s?([-./])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d|\s?[-/]\s?\d)")
_POINTED = re.compile(r"(\d{4},?|-\d\d,?) (\d{1,2})\.([0-5]\d)(?![\d.])")  # "14 Mar 2022 09.41 GMT"
_WEEKDAY = re.compile(r"\d{4}-W\d\d-[1-7](?!\d)")
_IN_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)([/_-]?)(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)")
# Zones that RFC 2822 names; other abbreviations mean different zones in different places.
_ZONES = {
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}
# Two defaults that share nothing: what a text leaves out shows as a difference.
_DEFAULTS = (datetime(1904, 1, 1), datetime(2011, 12, 28))


def parse(value: object, now: datetime | None = None) -> str | None:
    """Read a metadata value as a date, with its time when it has one.

    Takes strings in most spellings (by python-dateutil), with months of other languages too (by dateparser), seconds,
    milliseconds or microseconds since 1970, and dates such as 20220120. A time of exactly midnight counts as none: it
    is how programs write a bare date.

    Returns:
        ``YYYY-MM-DD``, ``YYYY-MM-DDTHH:MM:SS`` or that with an offset; None for what names no full date, could be
        either of two (03/04/2021), lies before 1600 or beyond tomorrow.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        value = f"{value:.0f}" if isinstance(value, float) else str(value) if abs(value) < 10**20 else ""
    if not isinstance(value, str):
        return None
    text = " ".join(value[: 2 * _LONGEST].split())
    if not 6 <= len(text) <= _LONGEST:
        return None
    text = _POINTED.sub(r"\1 \2:\3", _spaced(text))
    moment = _epoch(text) or _iso(text) or _written(text)
    return None if moment is None else _plausible(moment, now or datetime.now(UTC))


def from_line(line: str) -> str | None:
    """Read a line that is nothing but a full date, perhaps after "Published:" or "Publié le"; None for any other."""
    if not _may_be_date(line):
        return None
    label = _ANY_LABEL.match(line.strip())
    return parse(_unlabelled(line)) or (parse(line.strip()[label.end() :]) if label else None)


def is_date_line(line: str) -> bool:
    """Tell whether a line is nothing but a date or a weekday, even one without a year."""
    return _may_be_date(line) and _dateutil(_unlabelled(line), _DEFAULTS[0]) is not None


def from_url(url: str | None) -> str | None:
    """Find a date in the path of an address, as in ``/2022/01/20/``; None when there is none.

    Of a copy in a web archive (``/web/20220320/https://...``) the address copied counts, not the day of the copy.
    """
    if not url:
        return None
    copied = capture(url)
    path = (copied.original if copied else url).partition("?")[0].rpartition("://")[2].partition("/")[2]
    for match in _IN_PATH.finditer(path):
        year, separator, month, day = match.groups()
        if separator or len(month) == len(day) == 2:
            moment = _iso(f"{year}-{int(month):02d}-{int(day):02d}")
            if moment is not None:
                return _plausible(moment, datetime.now(UTC))
    return None


def _epoch(text: str) -> datetime | None:
    digits = _EPOCH_DIGITS.get(len(text))
    if digits is None or not (text.isascii() and text.isdigit()):
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(text) // digits)


def _iso(text: str) -> datetime | None:
    # A week (2021-W05) names no day.
    if ("W" in text and not _WEEKDAY.match(text)) or not text[:4].isdigit():
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _written(text: str) -> datetime | None:
    if text.isdigit() or _ambiguous(text) or written_dates.is_range(text):
        return None
    day_first = _DOTTED.match(text) is not None
    moments = [_dateutil(text, default, day_first) for default in _DEFAULTS]
    first = moments[0]
    return first if first is not None and moments[1] == first else written_dates.read(text)


def _spaced(text: str) -> str:
    """Return a text that begins with year, month and day in numbers with these as ISO 8601 writes them."""
    match = _SPACED.match(text)
    if match is None or (" " not in match[0] and match[2] != "."):
        return text
    rest = text[match.end() :].removeprefix(".")
    return f"{match[1]}-{int(match[3]):02d}-{int(match[4]):02d}{rest}"


def _ambiguous(text: str) -> bool:
    """Tell whether day and month could be swapped, which different countries do."""
    match = _SLASHED.search(text)
    return match is not None and match[1] != match[2] and int(match[1]) <= 12 and int(match[2]) <= 12


def _dateutil(text: str, default: datetime, day_first: bool = False) -> datetime | None:
    from dateutil import parser

    try:
        return parser.parse(text, default=default, dayfirst=day_first, tzinfos=_zone)
    except (ValueError, OverflowError, TypeError, ArithmeticError):  # what its documentation and fuzzing name
        return None


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    if offset is not None and abs(offset) < 86_400:
        return timezone(timedelta(seconds=offset))
    hours = _ZONES.get(name or "")
    return None if hours is None else timezone(timedelta(hours=hours))


def _plausible(moment: datetime, now: datetime) -> str | None:
    day: date = moment.date()
    if day.year < _EARLIEST or day > now.date() + timedelta(days=1):
        return None
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return day.isoformat()
    return moment.isoformat(timespec="seconds")


def _unlabelled(line: str) -> str:
    return _LABEL.sub("", line.strip(), count=1) if _LABEL.match(line.strip()) else line.strip()


def _may_be_date(line: str) -> bool:
    line = line.strip()
    return 6 <= len(line) <= _LONGEST and len(line.split()) <= 10
