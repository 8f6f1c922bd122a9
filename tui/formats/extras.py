"""What is printed with a hit, or with an answer, when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from tui.formats.lines import Line
from tui.formats.plural import counted

if TYPE_CHECKING:
    from index import Answer, Facet, Facets, Hit, Searcher, Totals
    from index.ranking.score_breakdown import Arithmetic
    from index.search.answer import Copy
    from index.search.passed_over import PassedOver

_SHOWN: Final = 10  # values of each facet that a person reads; spans of time are all shown. Chosen, not measured
_OVER_TIME: Final = frozenset({"day", "week", "month", "year"})
_BASES: Final = {"words": "Match by words", "meaning": "Match by meaning", "conditions": "Meet the conditions"}

WITH_NEAREST: Final = ("text", "jsonl")
"""The formats that print nearest sentences, which take longer to find than the search."""


@dataclass(frozen=True, slots=True)
class HitExtras:
    """What goes with one hit.

    Attributes:
        explained: whether its nearest sentence is told.
        arithmetic: what its score is made of, None where that was not asked for or there is no score.
        copies: passages with the same text, None where they were not asked for.
        further: passages of its article that were folded under it, likewise.
    """

    explained: bool = False
    arithmetic: Arithmetic | None = None
    copies: tuple[Copy, ...] | None = None
    further: tuple[Hit, ...] | None = None


def hit_extras(
    searcher: Searcher, answer: Answer, passed_over: PassedOver, *, explain: bool, unfold: bool
) -> tuple[HitExtras, ...]:
    """Look up what goes with each hit of an answer; what of that cannot be quoted is taken down."""
    sums = searcher.explain(answer) if explain else ()
    return tuple(
        HitExtras(
            explained=explain,
            arithmetic=sums[index] if sums else None,
            copies=searcher.copies(answer, hit, passed_over) if unfold else None,
            further=(searcher.folded(answer, hit, passed_over) if hit.folded else ()) if unfold else None,
        )
        for index, hit in enumerate(answer)
    )


def prepare_nearest(answer: Answer, *, every: bool = False) -> None:
    """Find the nearest sentences of hits without a match in one go, or of ``every`` hit."""
    texts = [hit.passage.text for hit in answer if every or not hit.highlights]
    for hit in answer.hits[:1]:
        if hit.sentences is not None and texts:
            hit.sentences.prepare(texts)


def counts_object(answer: Answer, facets: Facets | None) -> dict[str, Any]:
    """Return the keys of ``search --json`` for an order other than the usual one, and for what is counted."""
    totals = answer.totals if facets is None else facets.totals
    return {
        **({} if answer.order == "best" else {"order": answer.order}),
        **({} if totals is None else {"totals": asdict(totals)}),
        **({} if facets is None else {"facets": {facet.by: _facet_object(facet) for facet in facets.facets}}),
    }


def _facet_object(facet: Facet) -> dict[str, Any]:
    values = asdict(facet)
    del values["by"]
    return values


def count_lines(answer: Answer, facets: Facets | None) -> Iterator[Line | str]:
    """Yield how much matches, and how much of each value, with what narrows a question to it."""
    totals = answer.totals if facets is None else facets.totals
    if totals is not None:
        yield ""
        yield _totals_line(totals)
    for facet in () if facets is None else facets.facets:
        yield ""
        yield Line(f"By {facet.by}", bold=True)
        shown = facet.values if facet.by in _OVER_TIME else facet.values[:_SHOWN]
        for value in (*shown, *filter(None, [facet.unknown])):
            yield Line(f"{value.articles:>7,}  {value.query}", "    ")
        if more := facet.distinct - len(shown):
            yield Line(f"         and {more:,} more", "    ")


def _totals_line(totals: Totals) -> str:
    found = f"{counted(totals.articles, 'article')}, {counted(totals.passages, 'passage')}"
    span = f"; published {totals.first} to {totals.last}" if totals.first else ""
    undated = f"; {totals.undated:,} undated" if totals.undated else ""
    return f"{_BASES[totals.basis]}: {found}{span}{undated}"
