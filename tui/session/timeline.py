"""When what matches was published: days, weeks or months side by side, and picking a span of them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, get_args

Unit = Literal["day", "week", "month"]
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
_MOST_DAYS: Final = 70  # of a span that is shown by the day, as many as a line of 80 cells holds
_MOST_WEEKS: Final = 70 * 7  # days of a span that is shown by the week, likewise
_LAST: Final = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day of a span of time."""

    first: date
    last: date

    @property
    def query(self) -> str:
        """Return text that narrows a question to it: by whole months where it begins and ends with one."""
        first, last = str(self.first), str(self.last)
        if self.first == self.last:
            return f"date:{first}"
        if self.first.day == 1 and self.last.day == monthrange(self.last.year, self.last.month)[1]:
            first, last = first[:7], last[:7]
        return f"date:{first}" if first == last else f"date:{first}..{last}"


Counted = Sequence[tuple[date, int]]
"""Days in their order, each with how many articles were published then."""


def unit_for(days: Counted) -> Unit:
    """Return the unit in which a span of time can be seen at once."""
    span = (days[-1][0] - days[0][0]).days + 1 if days else 0
    return "day" if span <= _MOST_DAYS else "week" if span <= _MOST_WEEKS else "month"


def number_of(day: date, unit: Unit) -> int:
    """Return the number of the day, week (which begins on Monday) or month of a day, in the order of time."""
    if unit == "month":
        return day.year * 12 + day.month - 1
    return day.toordinal() if unit == "day" else (day.toordinal() - 1) // 7


def days_of(number: int, unit: Unit) -> Days:
    """Return the first and the last day of a day, week or month, given by its number."""
    if unit == "month":
        year, month = number // 12, number % 12 + 1
        return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    if unit == "day":
        return Days(date.fromordinal(number), date.fromordinal(number))
    return Days(date.fromordinal(7 * number + 1), date.fromordinal(min(7 * number + 7, _LAST)))


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars side by side from the first day to the last, those without an article too; places count from 0.

    Attributes:
        unit: what a bar stands for.
        first: number of the first bar.
        length: how many there are.
        counts: articles by the number of their bar.
    """

    unit: Unit
    first: int
    length: int
    counts: Mapping[int, int]

    @classmethod
    def of(cls, days: Counted, unit: Unit | None = None) -> Timeline | None:
        """Return the bars of some days, in the unit that fits unless another is wanted; None without any."""
        if not days:
            return None
        unit = unit or unit_for(days)
        counts: dict[int, int] = {}
        for day, articles in days:
            number = number_of(day, unit)
            counts[number] = counts.get(number, 0) + articles
        first, last = number_of(days[0][0], unit), number_of(days[-1][0], unit)
        return cls(unit, first, last - first + 1, counts)

    def articles(self, place: int) -> int:
        """Return how many articles a bar stands for."""
        return self.counts.get(self.first + place, 0)

    def days(self, place: int) -> Days:
        """Return the days of a bar."""
        return days_of(self.first + place, self.unit)

    def place(self, day: date) -> int:
        """Return the place of the bar of a day, the nearest there is."""
        return self.nearest(number_of(day, self.unit) - self.first)

    def nearest(self, place: int) -> int:
        """Return a place that there is."""
        return min(max(0, place), self.length - 1)


@dataclass(frozen=True, slots=True)
class Picking:
    """A span being picked on a timeline.

    Attributes:
        timeline: on which.
        at: the place that keys move.
        held: the other end of a span that is being drawn; None where one bar is chosen.
        begun: where Enter was pressed once, so that it ends a span at a second place; None else.
    """

    timeline: Timeline
    at: int
    held: int | None = None
    begun: int | None = None

    @classmethod
    def on(cls, timeline: Timeline) -> Picking:
        """Begin at the end, where the news is."""
        return cls(timeline, timeline.length - 1)

    def moved(self, step: int, *, holding: bool = False) -> Picking:
        """Choose a bar some places further, or extend the span to it."""
        return self.to(self.at + step, holding=holding)

    def to(self, place: int, *, holding: bool = False) -> Picking:
        """Choose a bar by its place, or extend the span to it."""
        at = self.timeline.nearest(place)
        if not holding:
            return replace(self, at=at, held=None)
        return replace(self, at=at, held=self._other_end, begun=None)

    def entered(self) -> Picking:
        """Take down that the chosen span was picked: one bar begins a span, which Enter at another one ends."""
        if self.held is None and self.begun is None:
            return replace(self, begun=self.at)
        return replace(self, held=self._other_end, begun=None)

    def follow(self, timeline: Timeline) -> Picking:
        """Go on with other bars, at the same time."""
        before = self.timeline
        held = None if self.held is None else timeline.place(before.days(self.held).first)
        begun = None if self.begun is None else timeline.place(before.days(self.begun).first)
        return Picking(timeline, timeline.place(before.days(self.at).first), held, begun)

    @property
    def places(self) -> range:
        """Return the places of the chosen bars."""
        end = self._other_end
        return range(min(self.at, end), max(self.at, end) + 1)

    @property
    def _other_end(self) -> int:
        ends = (self.held, self.begun, self.at)
        return next(end for end in ends if end is not None)

    @property
    def days(self) -> Days:
        """Return the days of the chosen bars."""
        chosen = self.places
        return Days(self.timeline.days(chosen[0]).first, self.timeline.days(chosen[-1]).last)

    @property
    def articles(self) -> int:
        """Return how many articles the chosen bars stand for."""
        first = self.timeline.first
        chosen = range(first + self.places.start, first + self.places.stop)
        return sum(articles for number, articles in self.timeline.counts.items() if number in chosen)
