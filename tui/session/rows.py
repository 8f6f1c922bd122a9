"""The rows of an answer: its hits in their order, copies folded with the earliest first, and what is unfolded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from tui.session.request import FIRST_PAGE

if TYPE_CHECKING:
    from index.contracts.options import Group, Mode
    from index.search.answer import Answer, Hit

_WORDS: Final = re.compile(r"\w+")
_LAST: Final = "\U0010ffff"  # sorts behind every date


class Kind(StrEnum):
    """What a row is to the others."""

    BEST = "best"
    COPY = "copy"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list.

    Attributes:
        hit: what it shows.
        rank: of the result it belongs to: its number on the list, from 1, where copies that are folded have none.
        kind: a result of its own, or a copy or further passage listed under one.
        copies: how many copies are folded under it, or listed there.
        passages: how many further passages of its article are.
        until: when the latest of its copies was published, None where that is not known.
    """

    hit: Hit
    rank: int
    kind: Kind = Kind.BEST
    copies: int = 0
    passages: int = 0
    until: str | None = None

    @property
    def passage(self) -> str:
        """Return what names the row: no other row of an answer has its passage."""
        return self.hit.passage.id


@dataclass(frozen=True, slots=True)
class RowKey:
    """A result of an answer, the same while no other question is asked, however many rows there are."""

    passage: str
    mode: Mode
    group: Group
    nearest: bool
    expand: bool | None

    @classmethod
    def of(cls, answer: Answer, hit: Hit) -> Self:
        """Return the key of a hit's row."""
        return cls(hit.passage.id, answer.mode, answer.group, answer.nearest, answer.query.expand)


Unfolded: TypeAlias = "Mapping[RowKey, tuple[Hit, ...]]"
"""What was looked up of the results that are unfolded, by their keys."""


def listed(answer: Answer, unfolded: Unfolded) -> tuple[Row, ...]:
    """Return the rows of an answer, each result followed by what was folded under it where that is shown."""
    return tuple(_rows(answer, unfolded))


def as_listed(answer: Answer) -> Answer:
    """Return an answer with its hits as the list has them: each result before its copies, which have its number."""
    hits = (replace(hit, rank=rank) for rank, group in enumerate(_groups(answer), 1) for hit in group)
    return replace(answer, hits=tuple(hits))


def _rows(answer: Answer, unfolded: Unfolded) -> Iterator[Row]:
    by_article = answer.group == "article"
    for rank, (best, *copies) in enumerate(_groups(answer), 1):
        until = max((hit.article.published or "" for hit in copies), default="")
        yield Row(best, rank, Kind.BEST, len(copies) + best.copies, best.folded, until or None)
        if (more := unfolded.get(RowKey.of(answer, best))) is None:
            continue
        further = Kind.PASSAGE if by_article else Kind.COPY
        yield from (Row(hit, rank, Kind.COPY) for hit in copies)
        yield from (Row(hit, rank, further) for hit in (more if by_article else sorted(more, key=_day)))


def best_of(rows: Sequence[Row], index: int) -> int:
    """Return the place of the result that a row belongs to."""
    while index > 0 and rows[index].kind != Kind.BEST:
        index -= 1
    return index


def _groups(answer: Answer) -> Iterator[list[Hit]]:
    """Yield the results: by article the hits whose passages have the same words, the earliest published first.

    By passage these are folded already, and each hit is a result. The first is the earliest of those on the page where
    the best one stands, so that further pages change no row. In order by date each row stands by its own date, so there
    the first one is that which came first.
    """
    hits = answer.hits
    if answer.group != "article":
        yield from ([hit] for hit in hits)
        return
    places: dict[str, list[int]] = {}
    for place, hit in enumerate(hits):
        words = " ".join(_WORDS.findall(hit.passage.text.casefold()))
        places.setdefault(words or hit.passage.id, []).append(place)
    for first, *others in places.values():
        same_page = [place for place in others if place // FIRST_PAGE == first // FIRST_PAGE]
        beside = same_page if answer.order == "best" else []
        head = min((first, *beside), key=lambda place: (_day(hits[place]), place))
        left = sorted(({first, *others} - {head}), key=lambda place: (_day(hits[place]), place))
        yield [hits[head], *(hits[place] for place in left)]


def _day(hit: Hit) -> str:
    return hit.article.published or _LAST
