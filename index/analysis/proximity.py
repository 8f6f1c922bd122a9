"""Near phrases: Lucene's slop, spelled out so that both engines mean the same.

A document holds a phrase within a slop when, for some choice of one occurrence a word, no two in one place, the words
are moved from their places in the phrase by amounts that differ by at most the slop: a word between costs one, two
neighbours in reversed order cost two. tantivy's own slop means the same for two different words, asked in both orders.
From three words on it finds too much, from four on too little (measured); hence their arrangements are listed and asked
for one by one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

MOST_ARRANGEMENTS: Final = 700  # rows of words for one near phrase; see ``fitting_slop`` for what that allows


def fitting_slop(size: int, slop: int, most: int = MOST_ARRANGEMENTS) -> int:
    """Return the largest slop, up to the one given, that a phrase of ``size`` words may have.

    Two words may have 349, three 14, four 5, five 2, eight 1: what needs no more than 700 arrangements.
    """
    return max((each for each in range(slop + 1) if _ways(size, each) <= most), default=0)


def costs(tokens: Sequence[str], slop: int) -> int:
    """Return how many rows of words have to be looked for, so that a near phrase is found."""
    return 2 if len(tokens) == 2 and tokens[0] != tokens[1] else _ways(len(tokens), slop)


def _ways(size: int, slop: int) -> int:
    return int((slop + 1) ** size - slop**size)


def arrangements(tokens: Sequence[str], slop: int) -> Iterator[tuple[int, ...]]:
    """Yield every way in which the words may stand: the place of each word, counted from the first of them."""
    for moves in product(range(slop + 1), repeat=len(tokens)):
        places = tuple(position + move for position, move in enumerate(moves))
        if min(moves) == 0 and len(set(places)) == len(places):
            least = min(places)
            yield tuple(place - least for place in places)


def stands_near(places: Sequence[Sequence[int]], slop: int) -> bool:
    """Tell whether one document holds the phrase, given the sorted places of each of its words there."""
    moved = [[place - position for place in each] for position, each in enumerate(places)]
    for least in sorted({move for each in moved for move in each}):
        windows = [
            [move + position for move in each[bisect_left(each, least) : bisect_right(each, least + slop)]]
            for position, each in enumerate(moved)
        ]
        if _apart(windows, frozenset()):
            return True
    return False


def _apart(choices: Sequence[Sequence[int]], taken: frozenset[int]) -> bool:
    """Tell whether one place can be chosen from each, no two the same."""
    return not choices or any(_apart(choices[1:], taken | {place}) for place in choices[0] if place not in taken)
