"""Copies of one passage, listed under the hit that they were folded under; they have its rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from index.answer import Answer, Hit
    from index.searcher import Searcher

Copies: TypeAlias = "dict[str, tuple[Hit, ...]]"
"""The copies that are shown, by the identifier of the passage they were folded under."""


def copies(searcher: Searcher, answer: Answer, hit: Hit) -> tuple[Hit, ...]:
    """Return what was folded under a hit as hits, each with its own article, offsets and matches."""
    return tuple(
        replace(
            hit,
            article=copy.article,
            passage=copy.passage,
            highlights=searcher.highlights(answer.query, copy.passage.text, copy.article.language),
            copies=0,
        )
        for copy in searcher.copies(answer, hit)
    )


def listed(hits: Sequence[Hit], shown: Mapping[str, tuple[Hit, ...]]) -> tuple[Hit, ...]:
    """Return hits, each followed by its copies where they are shown."""
    return tuple(chain.from_iterable((hit, *shown.get(hit.passage.id, ())) for hit in hits))


def best_of(hit: Hit | None, hits: Sequence[Hit]) -> Hit | None:
    """Return the hit that a copy was folded under; any other hit itself."""
    return None if hit is None else next(one for one in hits if one.rank == hit.rank)


def is_copy(hits: Sequence[Hit], at: int) -> bool:
    """Tell whether a hit of a list is a copy of the one it stands under."""
    return at > 0 and hits[at - 1].rank == hits[at].rank
