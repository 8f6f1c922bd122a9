"""What is printed with a hit when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index import Answer, Hit, Searcher
    from index.ranking.score_breakdown import Arithmetic
    from index.search.answer import Copy
    from index.search.passed_over import PassedOver


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
