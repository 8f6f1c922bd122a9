"""What goes together in one row of an answer: the best of it is the row, the rest is folded under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.contracts.arrays import distinct, firsts
from index.contracts.engines import Ordinals
from index.contracts.options import Group
from index.generations.columns import Columns


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A group of ranked passages: the place of its best in the ranking, and how many more are folded under it."""

    best: int
    folded: int


def keys(columns: Columns, group: Group, passages: Ordinals) -> NDArray[Any]:
    """Return a number for each passage that is equal within a group: of the same words, or of the same article."""
    return (columns.copies_of if group == Group.PASSAGE else columns.article_of)[passages]


def rows(group_keys: NDArray[Any]) -> Iterator[ResultRow]:
    """Yield the groups of ranked passages, given by their keys, best first."""
    places = np.argsort(group_keys, kind="stable")
    begins = np.flatnonzero(firsts(group_keys[places]))
    first, counts = places[begins], np.diff(begins, append=len(group_keys))
    for group in np.argsort(first):
        yield ResultRow(int(first[group]), int(counts[group]) - 1)


def head(group_keys: NDArray[Any], order: Ordinals, wanted: int) -> Ordinals:
    """Return the positions of all that is in the first so many groups, ascending, and of all that ties with these.

    Args:
        group_keys: of passages.
        order: numbers that sort them, aligned; equal for those whose order is not told yet.
        wanted: how many groups.
    """
    if not len(group_keys):
        return np.empty(0, np.int64)
    places = np.argsort(group_keys, kind="stable")
    begins = np.flatnonzero(firsts(group_keys[places]))
    earliest = np.minimum.reduceat(order[places], begins)
    last = np.partition(earliest, min(wanted, len(earliest)) - 1)[min(wanted, len(earliest)) - 1]
    sizes = np.diff(begins, append=len(group_keys))
    kept: Ordinals = np.sort(places[np.repeat(earliest <= last, sizes)])
    return kept


def count(group_keys: NDArray[Any]) -> int:
    """Return how many groups there are."""
    return len(distinct(group_keys))


def completed(columns: Columns, group: Group, passages: Ordinals, admissible: NDArray[np.bool_] | None) -> Ordinals:
    """Add to passages (ascending) what may answer beside them, so that no row lacks any of its article."""
    if group == Group.PASSAGE:
        return passages
    candidates = columns.passages_of(distinct(columns.article_of[passages].astype(np.int64)))
    return candidates if admissible is None else candidates[admissible[candidates]]
