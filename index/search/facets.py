"""Counting all that matches a question, by outlet, author, language, source, where a date was found, and time.

Each value is written as query text that admits exactly the articles it counts, so that narrowing by it lists as many.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from index.contracts.conditions import NAMES, UNKNOWN, Attribute, Dated, Named
from index.contracts.options import FacetBy, Mode
from index.ranking.article_values import ArticleValues
from index.ranking.matches import Matches
from index.search.answer import Totals

if TYPE_CHECKING:
    from index.query.ast import Query

MOST: Final = 100
"""Values of each that are given unless others are wanted; more than a screen shows. Chosen, not measured."""
_BY_TIME: Final = frozenset({FacetBy.DAY, FacetBy.WEEK, FacetBy.MONTH, FacetBy.YEAR})
_EPOCH: Final = date(1970, 1, 1).toordinal()
_LAST: Final = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value with what matches and has it.

    Attributes:
        value: as it is spelled in most articles; of a source, what it is called; of time, ``2022-01-20``, the Monday of
            a week, ``2022-01`` or ``2022``; ``none`` where it is not known.
        query: text that narrows a question to it (``index.query.parser.narrowed``); behind a ``-``, it leaves it out.
        articles: how many that match have it; ``passages`` are those of them that match.
    """

    value: str
    query: str
    articles: int
    passages: int


@dataclass(frozen=True, slots=True)
class Facet:
    """What matches, counted by one thing.

    Attributes:
        by: what that is.
        values: the most frequent first, equals by name; spans of time in their order, those without a match left out.
        distinct: how many values there are; more than ``values`` where only the most frequent were wanted.
        unknown: what matches and has no known value; None where there is none. It is not among ``values``.
    """

    by: FacetBy
    values: tuple[FacetValue, ...]
    distinct: int
    unknown: FacetValue | None


@dataclass(frozen=True, slots=True)
class Facets:
    """All that matches a question, counted.

    Attributes:
        query: the question as it was parsed.
        mode: as it was asked; ``totals.basis`` says by what articles match.
        generation: number of the generation that answered.
        facets: in the order in which they were asked for.
        degraded: sentences about what was missing; empty when everything worked.
        took_ms: wall time.
    """

    query: Query
    mode: Mode
    generation: int
    totals: Totals
    facets: tuple[Facet, ...]
    degraded: tuple[str, ...] = ()
    took_ms: float = field(default=0.0, compare=False)


class Counter:
    """Counts matches in one generation. Safe to share between threads.

    Args:
        values: of its articles.
        removed: returns those, by identifier, that were removed since it was built; they do not count.
    """

    def __init__(self, values: ArticleValues, removed: Callable[[], Collection[str]]) -> None:
        self._values = values
        self._removed = removed

    def count(self, matches: Matches, by: Sequence[FacetBy], most: int | None) -> tuple[Totals, tuple[Facet, ...]]:
        """Count all, and by several things, each once; but for spans of time, ``most`` values of each are given."""
        standing = self._standing(matches)
        return self._totals(standing), tuple(self._facet(standing, each, most) for each in dict.fromkeys(by))

    def totals(self, matches: Matches) -> Totals:
        """Return how much matches, and when it was published."""
        return self._totals(self._standing(matches))

    def _standing(self, matches: Matches) -> Matches:
        removed = self._removed()
        return matches.without(self._values.ordinals_of(removed)) if removed else matches

    def _totals(self, matches: Matches) -> Totals:
        days = self._values.days[matches.articles]
        dated = days[days > 0]
        first, last = (_day(int(dated.min())), _day(int(dated.max()))) if len(dated) else (None, None)
        undated = len(days) - len(dated)
        return Totals(len(matches.articles), len(matches.passages), matches.basis, first, last, undated)

    def _facet(self, matches: Matches, by: FacetBy, most: int | None) -> Facet:
        if by in _BY_TIME:
            return self._by_time(matches, by)
        coded = self._values.named(Attribute(by))
        codes = coded.codes[matches.articles]
        articles = np.bincount(codes, minlength=len(coded.values)).tolist()
        weights = np.bincount(codes, matches.of_each, minlength=len(coded.values)).tolist()
        known = list[tuple[int, str, int]]()
        unknown = None
        for code, name in enumerate(coded.values):
            if not articles[code]:
                continue
            if name is None:
                unknown = _value(by, None, articles[code], int(weights[code]))
            else:
                known.append((-articles[code], name, int(weights[code])))
        values = tuple(_value(by, name, -count, weight) for count, name, weight in sorted(known)[:most])
        return Facet(by, values, len(known), unknown)

    def _by_time(self, matches: Matches, by: FacetBy) -> Facet:
        days, passages = self._values.days[matches.articles], matches.of_each
        dated = days > 0
        numbers = _numbers(days[dated], by)
        least = int(numbers.min()) if len(numbers) else 0
        articles = np.bincount(numbers - least)
        weights = np.bincount(numbers - least, passages[dated])
        values = tuple(
            _span(by, number + least, int(articles[number]), int(weights[number]))
            for number in np.flatnonzero(articles).tolist()
        )
        undated = int(np.count_nonzero(~dated))
        of_undated = int(passages[~dated].sum())
        unknown = FacetValue(UNKNOWN, str(Dated()), undated, of_undated) if undated else None
        return Facet(by, values, len(values), unknown)


def _value(by: FacetBy, name: str | None, articles: int, passages: int) -> FacetValue:
    """Return a value with the text that narrows to it: a whole name in quotation marks, a code as it is."""
    attribute = Attribute(by)
    whole = attribute in NAMES
    text = str(Named(attribute, name or UNKNOWN, quoted=whole and name is not None, whole=whole))
    return FacetValue(name or UNKNOWN, text, articles, passages)


def _span(by: FacetBy, number: int, articles: int, passages: int) -> FacetValue:
    """Return a span of time, given by its number, with the text that narrows to it."""
    if by == FacetBy.YEAR:
        value = f"{number:04}"
    elif by == FacetBy.MONTH:
        value = f"{number // 12:04}-{number % 12 + 1:02}"
    elif by == FacetBy.DAY:
        value = f"{date.fromordinal(number)}"
    else:
        monday = 7 * number + 1
        value = f"{date.fromordinal(monday)}"
        return FacetValue(value, f"date:{value}..{date.fromordinal(min(monday + 6, _LAST))}", articles, passages)
    return FacetValue(value, f"date:{value}", articles, passages)


def _numbers(days: NDArray[np.int32], by: FacetBy) -> NDArray[np.int64]:
    """Return the number of the year, month, week or day of each day (YYYYMMDD), in the order of time.

    Days are numbered as by ``date.toordinal``, of which 1 is a Monday.
    """
    years = days.astype(np.int64) // 10_000
    if by == FacetBy.YEAR:
        return years
    months = years * 12 + days // 100 % 100 - 1
    if by == FacetBy.MONTH:
        return months
    first = (months - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    ordinals = first + days % 100 - 1 + _EPOCH
    return ordinals if by == FacetBy.DAY else (ordinals - 1) // 7


def _day(number: int) -> str:
    return f"{number // 10_000:04}-{number // 100 % 100:02}-{number % 100:02}"
