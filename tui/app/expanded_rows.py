"""What is folded under a hit, listed beneath it: copies, or passages of its article; they have its rank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Self, TypeAlias

if TYPE_CHECKING:
    from index.contracts.options import Group, Mode
    from index.search.answer import Answer, Hit


@dataclass(frozen=True, slots=True)
class RowKey:
    """A row of an answer, the same while no other question is asked: how many rows there are makes no difference."""

    passage: str
    mode: Mode
    group: Group
    nearest: bool
    expand: bool | None

    @classmethod
    def of(cls, answer: Answer, hit: Hit) -> Self:
        """Return the key of a hit's row."""
        return cls(hit.passage.id, answer.mode, answer.group, answer.nearest, answer.query.expand)


Folds: TypeAlias = "dict[RowKey, tuple[Hit, ...]]"
"""The hits listed under a row, by its key."""


def listed(answer: Answer | None, shown: Mapping[RowKey, tuple[Hit, ...]]) -> tuple[Hit, ...]:
    """Return the hits of an answer, each followed by what was folded under it where that is shown."""
    if answer is None:
        return ()
    return tuple(chain.from_iterable((hit, *shown.get(RowKey.of(answer, hit), ())) for hit in answer))


def best_of(hit: Hit | None, hits: Sequence[Hit]) -> Hit | None:
    """Return the hit that another was folded under; any other hit itself."""
    return None if hit is None else next(row for row in hits if row.rank == hit.rank)


def under(hits: Sequence[Hit], index: int) -> Hit | None:
    """Return the hit that one of a list stands under, None for a row of its own."""
    return best_of(hits[index], hits) if index > 0 and hits[index - 1].rank == hits[index].rank else None


def beside(hits: Sequence[Hit], index: int, step: int, *, article: bool) -> int | None:
    """Return the next row of a list (1) or the one before (-1), or that of another article; None at the end.

    Articles follow each other in the order of their first rows, so that walking through them meets each once.
    """
    if not article:
        return index + step if 0 <= index + step < len(hits) else None
    firsts = {hit.article.id: number for number, hit in reversed([*enumerate(hits)])}
    order = sorted(firsts.values())
    place = order.index(firsts[hits[index].article.id]) + step if hits else -1
    return order[place] if 0 <= place < len(order) else None
