"""What is counted, in words: totals, the values to narrow by, spans of time."""

from __future__ import annotations

from datetime import date
from typing import Final

from archive.text.visible import visible_line
from tui.app.view.draw import padded
from tui.formats.plural import counted
from tui.formats.wrapping import cells
from tui.session.counts import Counts, Part, ValueRow
from tui.session.narrowing import By
from tui.session.timeline import Days

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNKNOWN: Final = (":none", ":=none")  # ends of texts that ask for what is not known; names are in quotation marks
_BASES: Final = {"words": " by words", "meaning": " by meaning"}
_NAMES: Final[dict[By, str]] = {
    "outlet": "Outlet",
    "month": "Month",
    "lang": "Language",
    "author": "Author",
    "source": "Source",
    "dated": "Date found in",
}
_WHERE_DATED: Final = {
    "metadata": "metadata",
    "text": "the text",
    "url": "the address",
    "unstated": "(not noted)",
    "none": "no date",
}


def totals(counts: Counts) -> str:
    """Say how much matches and by what, of how many outlets, from when to when."""
    all_of_it = counts.totals
    parts = [f"{counted(all_of_it.articles, 'article')}{_BASES.get(all_of_it.basis, '')}"]
    if counts.outlets:
        parts.append(counted(counts.outlets, "outlet"))
    if all_of_it.first and all_of_it.last:
        first, last = (month(date.fromisoformat(day)) for day in (all_of_it.first, all_of_it.last))
        parts.append(first if first == last else f"{first} - {last}")
    if all_of_it.undated:
        parts.append(f"{all_of_it.undated:,} undated")
    return ", ".join(parts)


def month(day: date) -> str:
    """Name the month of a day."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def span(days: Days) -> str:
    """Name a day, a month or a span of days."""
    if days.first == days.last:
        return _day(days.first)
    if days.query == f"date:{str(days.first)[:7]}":
        return month(days.first)
    first = _day(days.first) if days.first.year != days.last.year else _day(days.first).removesuffix(_year(days.first))
    return f"{first} - {_day(days.last)}"


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}{_year(day)}"


def _year(day: date) -> str:
    return f" {day.year}"


def value_row(row: ValueRow, width: int) -> str:
    """Say what a row is, in a number of cells: whether its value is demanded or left out, its name, how many have it.

    No colour is needed to see any of that.
    """
    if row.part == Part.HEADING:
        return padded(_NAMES[row.by], width)
    if row.part == Part.MORE:
        return padded(f"    … {row.articles:,} more", width)
    if row.part == Part.LEFT_OUT:
        return padded(f"    {row.articles:,} more are not listed", width)
    sign = " " if row.chip is None else "-" if row.chip.excluded else "x"
    number = f" {row.articles:,}"
    return padded(f"[{sign}] {_value(row)}", max(0, width - cells(number))) + number


def _value(row: ValueRow) -> str:
    if row.by == "dated":
        return _WHERE_DATED.get(row.value, visible_line(row.value))
    if row.query.endswith(_UNKNOWN):
        return "not known"
    if row.by == "month" and len(row.value) == len("2022-01"):
        return month(date.fromisoformat(f"{row.value}-01"))
    return visible_line(row.value)
