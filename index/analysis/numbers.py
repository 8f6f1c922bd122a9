"""Numbers: one word whatever separates their thousands, decimals that stay one number, and designators.

100,000, 100.000, 100 000 and 100'000 are "100000"; 9.90 and 9,90 are "9.90". Where it cannot be told, as of 1.234, the
separator is taken to part thousands: both sides of a comparison are read alike. A year is no part of a number that
follows it: only what begins with one to three digits has separated thousands.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

GLUE: Final = "\u202f"
"""Stands in the place of a space within a number or a designator; the narrow space of typographers."""

_SEPARATOR: Final = r"[.,'’٬\u2009\u202f]"
NUMBER: Final = rf"(?<![\p{{L}}\p{{M}}\p{{Nd}}])\p{{Nd}}++(?:(?:{_SEPARATOR}|٫)\p{{Nd}}++)+"
"""A pattern for digits with separators between them, to be used with ``regex.V1``."""

_GROUPED: Final = regex.compile(
    rf"([1-9]\d{{0,2}})({_SEPARATOR})(\d{{3}})(?:\2(\d{{3}}))*(?:(?!\2)[.,٫](?P<rest>\d+))?", regex.V1
)
_INDIAN: Final = regex.compile(r"[1-9]\d?(?:,\d{2})+,\d{3}(?:\.(?P<rest>\d+))?", regex.V1)
_DECIMAL: Final = regex.compile(r"(\d{1,3})[.,٫](?P<rest>\d+)|(\d+)[.,٫](?P<rest>\d{1,3})", regex.V1)
_DIGITS: Final = regex.compile(r"\d+")
_SPACED: Final = regex.compile(r"(?<![\w.,])[1-9][0-9]{0,2}(?:[ \xa0][0-9]{3}(?![0-9]|['’\-][0-9]))+")
# Few letters, in capitals but for some types of aircraft and a disease: else "On 24" and "May 5" would be designators.
_LETTERS: Final = regex.compile(r"(?:^|[^\w.'’\-])(?:[A-Z]{1,5}|Su|Tu|Mi|Il|Ka|An|Mi[gG]|Yak|[Cc]ovid)$")
_GOES_ON: Final = regex.compile(r"[\w\-]|[.,:'’][0-9]")
_IRISH: Final = regex.compile(r"(?<![\w'’])O (?=[A-Z][a-z])")
_RUN: Final = regex.compile(r"[0-9]+")
_SPACES: Final = " \xa0"
_REACH: Final = 6  # characters before a number that tell whether it is part of a designator
_LONGEST: Final = 4  # digits of a designator
_GROUP: Final = 3  # digits between two separators


def glued(text: str) -> str:
    """Return a text with ``GLUE`` for the spaces that part thousands, F 16 or O Neill; no offset changes.

    It is done to every text that is read, so only what stands around digits is looked at.
    """
    grouped, spaces = False, list[int]()
    for run in _RUN.finditer(text):
        start, end = run.span()
        if start > 1 and text[start - 1] in _SPACES:
            grouped = grouped or (end - start == _GROUP and text[start - 2].isdecimal())
            if end - start <= _LONGEST and _names(text, start, end):
                spaces.append(start - 1)
    if spaces:
        starts = (0, *(space + 1 for space in spaces))
        text = GLUE.join(text[start:end] for start, end in zip(starts, (*spaces, len(text)), strict=True))
    if grouped:
        text = _SPACED.sub(lambda match: match[0].replace(" ", GLUE).replace("\xa0", GLUE), text)
    return _IRISH.sub(f"O{GLUE}", text) if "O " in text else text


def _names(text: str, start: int, end: int) -> bool:
    """Tell whether a number is that of a designator whose letters stand before a space."""
    if not text[start - 2].isalpha() or _GOES_ON.match(text, end):
        return False
    return _LETTERS.search(text[max(0, start - 1 - _REACH) : start - 1]) is not None


def read_number(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of what ``NUMBER`` matches, each with where it is: one, or where it is no number, its parts.

    Dates, addresses and versions (5.4.2022, 10.0.0.1) are no numbers.
    """
    match = _GROUPED.fullmatch(text) or _INDIAN.fullmatch(text) or _DECIMAL.fullmatch(text)
    if match is None:
        yield from ((part[0], part.start(), part.end()) for part in _DIGITS.finditer(text))
        return
    rest = match["rest"] or ""
    whole = text[: match.start("rest") - 1] if rest else text
    yield "".join(_DIGITS.findall(whole)) + (f".{rest}" if rest else ""), 0, len(text)


def numbers_fingerprint() -> str:
    """Identify everything that shapes a number."""
    patterns = (_GROUPED, _INDIAN, _DECIMAL, _SPACED, _LETTERS, _GOES_ON, _IRISH)
    return "\n".join((NUMBER, *(pattern.pattern for pattern in patterns)))
