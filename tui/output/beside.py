"""What is printed beside a hit when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index import Answer, Searcher
    from index.answer import Copy
    from index.arithmetic import Arithmetic


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes with one hit.

    Attributes:
        explained: whether its nearest sentence is told.
        arithmetic: what its score is made of, None where that was not asked for or there is no score.
        copies: that were folded under it, None where they were not asked for.
    """

    explained: bool = False
    arithmetic: Arithmetic | None = None
    copies: tuple[Copy, ...] | None = None


def beside(searcher: Searcher, answer: Answer, *, explain: bool, copies: bool) -> tuple[Beside, ...]:
    """Look up what goes with each hit of an answer."""
    sums = searcher.explain(answer) if explain else ()
    return tuple(
        Beside(explain, sums[at] if sums else None, searcher.copies(answer, hit) if copies else None)
        for at, hit in enumerate(answer)
    )
