"""All that matches a question, counted, and the rows of values by which it can be narrowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tui.session.narrowing import SPAN, By, Chip, Narrowing
from tui.session.request import Question, Request

if TYPE_CHECKING:
    from index.search.answer import Totals
    from index.search.facets import Facet, FacetValue
    from index.search.searcher import Searcher

FACETS: Final[tuple[By, ...]] = ("outlet", "month", "lang", "author", "source", "dated")
FEW: Final = 6  # values of each that are shown before all are asked for; chosen, not measured
_NEWEST_FIRST: Final[By] = "month"


@dataclass(frozen=True, slots=True)
class Counts:
    """What matches a question, counted.

    Attributes:
        of: the question; None once they may be out of date.
        totals: of all that matches.
        outlets: how many outlets that has.
        facets: each counted as if nothing narrowed the question by the same thing, so that more values can be chosen.
        days: the days of publication, likewise apart from a span of time that was picked.
    """

    of: Question | None
    totals: Totals
    outlets: int
    facets: tuple[Facet, ...]
    days: Facet


def count(searcher: Searcher, request: Request, stale: Callable[[], bool]) -> Counts | None:
    """Count all that matches a question; None once that is of no use any more, or while there is nothing to ask."""
    from index.contracts.options import FacetBy, Mode

    asked, mode, expand = request.asked, Mode(request.mode), request.expand
    if asked is None:
        return None
    day, every = FacetBy.DAY, [FacetBy(by) for by in FACETS]
    whole = searcher.facets(request.narrowing.of(asked), (*every, day), mode, expand)
    found: dict[FacetBy, Facet] = {facet.by: facet for facet in whole.facets}
    outlets = found[FacetBy.OUTLET].distinct
    for by in (*FACETS, SPAN):
        if not request.narrowing.about(by):
            continue
        if stale():
            return None
        counted_by = day if by == SPAN else FacetBy(by)
        apart = request.narrowing.apart_from(by).of(asked)
        found[counted_by] = searcher.facets(apart, (counted_by,), mode, expand).facets[0]
    return Counts(request.counted, whole.totals, outlets, tuple(found[by] for by in every), found[day])


class Part(StrEnum):
    """What a row is."""

    HEADING = "heading"
    VALUE = "value"
    MORE = "more"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A row of the values by which a question can be narrowed.

    Attributes:
        by: what it is a value of.
        value: as it is spelled; ``none`` where it is not known.
        query: text that narrows to it.
        articles: how many match and have it; of a row that stands for others, how many those are.
        chip: the chip that has it, None without.
    """

    part: Part
    by: By
    value: str = ""
    query: str = ""
    articles: int = 0
    chip: Chip | None = None

    @property
    def name(self) -> str:
        """Return what names the row among all."""
        return f"{self.part} {self.by} {self.query}"


def value_rows(counts: Counts, narrowing: Narrowing, unfolded: frozenset[By]) -> tuple[ValueRow, ...]:
    """Return the rows of all values: of each thing the most frequent, months the newest first, whatever has a chip."""
    return tuple(
        row for by, facet in zip(FACETS, counts.facets, strict=True) for row in _rows(by, facet, narrowing, unfolded)
    )


def _rows(by: By, facet: Facet, narrowing: Narrowing, unfolded: frozenset[By]) -> Iterator[ValueRow]:
    chips = {chip.query: chip for chip in narrowing.about(by)}
    known = facet.values[::-1] if by == _NEWEST_FIRST else facet.values
    values = [*known, *([facet.unknown] if facet.unknown is not None else [])]
    uncounted = [chip for query, chip in chips.items() if all(value.query != query for value in values)]
    if not values and not chips:
        return
    yield ValueRow(Part.HEADING, by, articles=facet.distinct)
    shown = _shown(values, chips, whole=by in unfolded)
    yield from (ValueRow(Part.VALUE, by, one.value, one.query, one.articles, chips.get(one.query)) for one in shown)
    yield from (ValueRow(Part.VALUE, by, chip.query, chip.query, 0, chip) for chip in uncounted)
    if left := len(values) - len(shown):
        yield ValueRow(Part.MORE, by, articles=left)
    if left_out := facet.distinct - len(facet.values):
        yield ValueRow(Part.LEFT_OUT, by, articles=left_out)


def _shown(values: Sequence[FacetValue], chips: dict[str, Chip], *, whole: bool) -> list[FacetValue]:
    """Return the first values, and those with a chip; all of them where few would be left."""
    if whole or len(values) <= FEW + 1:
        return list(values)
    return [value for place, value in enumerate(values) if place < FEW or value.query in chips]
