"""Dates as people write them, in English and other languages, to the days they span; nothing is guessed.

A day needs its month and its year, a month its year. What may be either of two days stays open: 03/04/2022, and months
whose name is another one's in the next country (listopad). Numbers are read by the standard library, English by
python-dateutil, other languages by dateparser, which is slow to load and asked last.
"""

from __future__ import annotations

from calendar import month_abbr, monthrange
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import regex

from archive.text.written_dates import reader

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

MOST_WORDS: Final = 7  # of a date: a weekday, a day, a month and a year have four, five with "de" twice; chosen
_LONGEST: Final = 64  # characters
_NUMBERS: Final = regex.compile(r"\d+(?:[./-]\d+){0,2}\.?")
_DAYS: Final = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y")
_EITHER: Final = (("%d/%m/%Y", "%m/%d/%Y"), ("%d-%m-%Y", "%m-%d-%Y"))  # countries differ
_MONTHS: Final = ("%Y-%m", "%Y/%m", "%Y.%m", "%m/%Y", "%m.%Y", "%m-%Y")
_YEAR: Final = regex.compile(r"(?<!\p{N})\p{Nd}{4}(?!\p{N})")
_SWAPPED: Final = regex.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{4}")
# Two defaults that share nothing: what a text leaves out shows as a difference.
_DEFAULTS: Final = (datetime(1904, 1, 1), datetime(2011, 12, 28))
# A month in its name, or all three numbers by the standard, without which more numbers than two may be in any order.
_NAMED: Final = regex.compile(rf"(?i)\b(?:{'|'.join(month_abbr[1:])})|^\d{{4}}-\d\d-\d\d")
_NUMBER: Final = regex.compile(r"\p{Nd}+")
_NUMBERED: Final = frozenset({"zh", "zh-Hant", "ja", "ko"})  # languages whose months are numbers
_BASE: Final = datetime(2000, 1, 1)  # so that what is read does not depend on today
# Languages of one group are all asked: some of their names of months differ in meaning alone. Of groups, the first that
# reads a date does.
_LANGUAGES: Final = (
    (r"\p{Cyrillic}", (("ru", "uk", "bg", "be"), ("sr-Cyrl",), ("mk",), ("kk",))),
    (r"\p{Arabic}", (("ar", "fa", "ur"),)),
    (r"[\p{Hiragana}\p{Katakana}\p{Han}]", (("zh",), ("ja",), ("zh-Hant",))),
    (r"\p{Hangul}", (("ko",),)),
    (r"\p{Greek}", (("el",),)),
    (r"\p{Hebrew}", (("he",),)),
    (r"\p{Thai}", (("th",),)),
    (r"\p{Devanagari}", (("hi",), ("ne",), ("mr",))),
    (r"\p{Bengali}", (("bn",),)),
    (r"\p{Tamil}", (("ta",),)),
    (r"\p{Georgian}", (("ka",),)),
    (r"\p{Armenian}", (("hy",),)),
    (
        r"\p{Latin}",
        (
            ("fr",), ("es",), ("de",), ("pt",), ("it",), ("tr",), ("nl",), ("pl", "cs", "sk", "hr", "sl"),
            ("sv", "da", "nb"), ("ro",), ("hu",), ("fi",), ("id",), ("ca",), ("vi",), ("lt", "lv", "et"), ("az",),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both inclusive."""

    first: date
    last: date

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first.isoformat()
        return self.first.isoformat()[:7] if self.first.month == self.last.month else self.first.isoformat()[:4]


@lru_cache(maxsize=512)  # a question is read with every key
def written(text: str, *, elsewhere: bool = True) -> tuple[Days, ...]:
    """Return what a text may mean as a day, a month or a year: one where that is clear, more where it is not.

    Args:
        text: nothing but the date; anything else has no meaning.
        elsewhere: languages other than English are tried as well.
    """
    text = text.strip().rstrip(",;")
    if not 4 <= len(text) <= _LONGEST:
        return ()
    if _NUMBERS.fullmatch(text):
        return _in_numbers(text)
    return _in_words(text, elsewhere)


def names_year(text: str) -> bool:
    """Tell whether a year stands in a text, without which no date is read."""
    return _YEAR.search(text) is not None


def _in_numbers(text: str) -> tuple[Days, ...]:
    for form in _DAYS:
        if day := _parsed(text, form):
            return (Days(day, day),)
    for forms in _EITHER:
        if days := dict.fromkeys(day for form in forms if (day := _parsed(text, form))):
            return tuple(Days(day, day) for day in days)
    for form in _MONTHS:
        if day := _parsed(text, form):
            return (_month(day),)
    year = _parsed(text, "%Y")
    return (Days(year, year.replace(month=12, day=31)),) if year else ()


def _parsed(text: str, form: str) -> date | None:
    with suppress(ValueError):
        return datetime.strptime(text, form).date()
    return None


def _month(day: date) -> Days:
    return Days(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))


def _in_words(text: str, elsewhere: bool) -> tuple[Days, ...]:
    if not _YEAR.search(text) or _SWAPPED.search(text) or not any(map(str.isalpha, text)):
        return ()
    english = _in_english(text)
    return english if english or not elsewhere else _in_other_languages(text)


def _in_english(text: str) -> tuple[Days, ...]:
    from dateutil import parser

    try:
        one, other = (parser.parse(text, default=default, ignoretz=True).date() for default in _DEFAULTS)
    except (ValueError, OverflowError, TypeError, ArithmeticError):  # what its documentation and fuzzing name
        return ()
    numbers = len(_NUMBER.findall(text))
    if one == other and (numbers == 2 or _NAMED.search(text)):
        return (Days(one, one),)
    return (_month(one),) if (one.year, one.month) == (other.year, other.month) and numbers == 1 else ()


def _in_other_languages(text: str) -> tuple[Days, ...]:
    for script, groups in _LANGUAGES:
        if regex.search(script, text):
            for group in groups:
                if found := tuple(dict.fromkeys(days for code in group for days in _in_language(text, code))):
                    return found
            return ()
    return ()


def _in_language(text: str, code: str) -> Iterator[Days]:
    """Yield what a text means in a language, if its numbers are no more than what was read of them: T3 is no month."""
    read = _reader(code).get_date_data(text)
    if read.date_obj is None or not {"month", "year"} <= {*read.parts} or read.period not in ("day", "month", "time"):
        return
    day = read.date_obj.date()
    numbers = len(_NUMBER.findall(text)) - (code in _NUMBERED)
    if "day" not in read.parts and numbers == 1:
        yield _month(day)
    elif "day" in read.parts and (numbers == 2 or "time" in read.parts):
        yield Days(day, day)


@lru_cache(maxsize=64)
def _reader(code: str) -> DateDataParser:
    return reader([code], ("month", "year"), _BASE)
