"""Which parts of a row look how: spans of several kinds laid over each other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Protocol


class Look(StrEnum):
    """Why a piece of text is drawn in its own way; the value names the style class."""

    MATCH = "match"
    CURRENT = "current"
    NEAREST = "nearest"
    HIDDEN = "hidden"
    SELECTED = "selected"


class Ranged(Protocol):
    """Anything with a half-open range: spans, highlights, passages."""

    @property
    def start(self) -> int:
        """Return the first offset."""

    @property
    def end(self) -> int:
        """Return the offset after the last."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Sorted, disjoint ranges that share a look."""

    look: Look
    spans: Sequence[Ranged]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with one set of looks."""

    start: int
    end: int
    looks: frozenset[Look]


def overlapping(spans: Sequence[Ranged], start: int, end: int) -> Iterator[Ranged]:
    """Give the ranges that touch ``[start, end)``, in order; quick however many there are."""
    index = bisect_right(spans, start, key=_end)
    while index < len(spans) and spans[index].start < end:
        yield spans[index]
        index += 1


def pieces(start: int, end: int, layers: Sequence[Layer]) -> list[Piece]:
    """Split ``[start, end)`` wherever the looks change; the pieces cover it without gaps."""
    styled = [(layer.look, span) for layer in layers for span in overlapping(layer.spans, start, end)]
    edges = {start, end}
    for _, span in styled:
        edges |= {max(start, span.start), min(end, span.end)}
    cuts = sorted(edges)
    return [
        Piece(a, b, frozenset(look for look, span in styled if span.start <= a and b <= span.end))
        for a, b in pairwise(cuts)
    ]


def _end(span: Ranged) -> int:
    return span.end
