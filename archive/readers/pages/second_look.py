"""Whether an extractor left out lines of the article, or ran them together or broke them, and how they should be.

Extractors judge blocks by their length and their links, and so lose short ones: the items of a list, the headings of a
live blog, all of a page in an unusual frame. Of some pages they make one line, of others they keep the breaks that
their source has within paragraphs. What should come out is told by the page's own lines (``lines``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from archive.readers.pages.lines import Line, flat

_PARAGRAPHS: Final = frozenset(["p", "blockquote", "pre", "summary", "dt", "dd", "li"])
_HEADINGS: Final = frozenset(["h2", "h3", "h4", "h5", "h6"])
_ITEMS: Final = frozenset(["li", "dt", "dd"])
# Letters and digits of a paragraph between two others that is no button or mark of an advertisement, and of a block
# without a tag that says it is a paragraph. Chosen, not measured.
_SHORTEST: Final = 25
_SHORTEST_BLOCK: Final = 60
# Letters and digits of what is the same in a page and in what was made of it by more than chance. Chosen, not measured.
_TELLING: Final = 20
# How far ahead a line is looked for, and how many are looked for everywhere: each costs a pass over the text.
_AHEAD: Final = 50_000
_MOST_SOUGHT: Final = 500
# Lines of the same letters, above which they are looked for in their order alone. Chosen, not measured.
_MOST_SAME: Final = 50
# The share of links above which a line points elsewhere. Chosen, not measured.
_POINTER: Final = 0.5
_SENTENCE: Final = re.compile(r"[.!?…。！？।؟][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Look:
    """What an extractor made of a page, beside the page's own lines.

    Attributes:
        lines: of the extracted text; where it ran lines of the page together or broke them, those of the page.
        places: for each line of the page the one of ``lines`` that holds it, None where none does.
        score: letters of the page's lines that came out in their order, less those that are not among them.
        share: of the letters of the page's lines that came out.
    """

    lines: tuple[str, ...]
    places: tuple[int | None, ...]
    score: int
    share: float


@dataclass(frozen=True, slots=True)
class _Claim:
    """Where a line of the page lies in the letters of the extracted text."""

    start: int
    end: int
    number: int


def look(text: str, page: Sequence[Line]) -> Look:
    """Compare an extracted text with the lines of its page."""
    extracted = [line for line in text.split("\n") if line.strip()]
    flats = [flat(line) for line in extracted]
    claims = sorted(_claims(flats, page), key=lambda claim: claim.start)
    made, places = list[str](), dict[int, int]()
    for texts, held in _groups(extracted, flats, claims, page):
        for position, claim in enumerate(held):
            places[claim.number] = len(made) + min(position, len(texts) - 1)
        made += texts
    covered = sum(claim.end - claim.start for claim in claims)
    foreign = sum(map(len, flats)) - covered
    reach = accumulate((claim.number for claim in claims), max)
    turned = sum(claim.end - claim.start for claim, most in zip(claims, reach, strict=True) if claim.number < most)
    share = covered / max(1, sum(len(line.flat) for line in page))
    return Look(
        tuple(made), tuple(places.get(number) for number in range(len(page))), covered - turned - foreign, share
    )


def missing(seen: Look, page: Sequence[Line]) -> dict[int, int]:
    """Return which lines of a page belong to the article and were left out, each with the extracted line before it.

    They are paragraphs, items and headings that lie between two lines which came out, sentences between the headline
    and the first (with -1 for the line before them), and items of a list that follows the last one.
    """
    found = [number for number, place in enumerate(seen.places) if place is not None]
    if not found:
        return {}
    headline = next((number for number in range(found[0], -1, -1) if page[number].tag == "h1"), found[0])
    lead = range(headline + 1, found[0])
    wanted = {number: -1 for number in lead if _belongs(page[number]) and _SENTENCE.search(page[number].text)}
    for before, after in pairwise(found):
        for number in range(before + 1, after):
            if _belongs(page[number]):
                wanted[number] = seen.places[before] or 0
    last = found[-1]
    for number in range(last + 1, len(page)):
        if not (_belongs(page[number]) and page[number].tag in _ITEMS and _follows(page[number], page[last])):
            break
        wanted[number] = seen.places[last] or 0
    return wanted


def value(seen: Look, page: Sequence[Line]) -> int:
    """Return the score of what an extractor made of a page once the lines that it left out are put in their place."""
    return seen.score + sum(len(page[number].flat) for number in missing(seen, page))


def filled(seen: Look, page: Sequence[Line], wanted: dict[int, int]) -> str:
    """Return an extracted text with the lines that it left out."""
    behind = dict[int, list[str]]()
    for number, place in wanted.items():
        behind.setdefault(place, []).append(_written(page[number]))
    texts = [text for number, line in enumerate(seen.lines) for text in (line, *behind.get(number, ()))]
    return "\n".join([*behind.get(-1, ()), *texts])


def _claims(flats: Sequence[str], page: Sequence[Line]) -> Iterator[_Claim]:
    """Yield where the lines of the page are found, none where another is; short ones only where a line begins."""
    letters = "".join(flats)
    whole = dict[str, list[int]]()
    for begins, line in zip(accumulate(map(len, flats), initial=0), flats, strict=False):
        whole.setdefault(line, []).append(begins)
    at, sought, taken = 0, 0, set[int]()
    for number, own in enumerate(page):
        here = letters.startswith(own.flat, at)
        start = at if here else _begun(whole.get(own.flat, ()), at, taken)
        if start is None and len(own.flat) >= _TELLING:
            start = letters.find(own.flat, at, at + _AHEAD)
            if start < 0 and sought < _MOST_SOUGHT:
                start, sought = letters.find(own.flat), sought + 1
        if start is None or start < 0 or start in taken:
            continue
        at = start + len(own.flat)
        taken.add(start)
        yield _Claim(start, at, number)


def _begun(starts: Sequence[int], at: int, taken: set[int]) -> int | None:
    """Return the first of some places from one on that is free, else the first free one of all, where they are few."""
    following = (starts[number] for number in range(bisect_left(starts, at), len(starts)))
    start = next((start for start in following if start not in taken), None)
    if start is None and len(starts) <= _MOST_SAME:
        start = next((start for start in starts if start not in taken), None)
    return start


def _groups(
    extracted: Sequence[str], flats: Sequence[str], claims: Sequence[_Claim], page: Sequence[Line]
) -> Iterator[tuple[list[str], list[_Claim]]]:
    """Yield the lines of the text anew, with the claims that each few of them hold."""
    ends = list(accumulate(map(len, flats)))
    at, number = 0, 0
    while number < len(extracted):
        start = ends[number] - len(flats[number])
        while at < len(claims) and claims[at].start < start:
            at += 1
        same = _same(start, number, at, ends, claims)
        if same is not None and not extracted[number].startswith("|"):
            lines, held = extracted[number : same[0]], list(claims[at : same[1]])
            is_same = len(lines) == len(held) == 1
            yield (list(lines) if is_same else [_written(page[claim.number]) for claim in held]), held
            number, at = same
        else:
            stop = at
            while flats[number] and stop < len(claims) and claims[stop].start < ends[number]:
                stop += 1
            yield [extracted[number]], list(claims[at:stop])
            number, at = number + 1, stop


def _same(start: int, number: int, at: int, ends: Sequence[int], claims: Sequence[_Claim]) -> tuple[int, int] | None:
    """Return behind which extracted line and which claim both have had the same letters; None where they never do."""
    if at >= len(claims) or claims[at].start != start or ends[number] == start:
        return None
    line, claim = number, at
    while ends[line] != claims[claim].end:
        if ends[line] < claims[claim].end:
            line += 1
        else:
            claim += 1
            if claim >= len(claims) or claims[claim].start != claims[claim - 1].end:
                return None
        if line >= len(ends):
            return None
    return line + 1, claim + 1


def _written(line: Line) -> str:
    return f"- {line.text}" if line.tag in _ITEMS else line.text


def _belongs(line: Line) -> bool:
    if line.linked > _POINTER:
        return False
    if line.tag in _HEADINGS or line.tag in _ITEMS:
        return True
    if line.tag in _PARAGRAPHS:
        return len(line.flat) >= _SHORTEST or _SENTENCE.search(line.text) is not None
    return line.tag in ("div", "section", "article", "main") and len(line.flat) >= _SHORTEST_BLOCK


def _follows(item: Line, line: Line) -> bool:
    """Tell whether an item is of a list that stands beside a line, or beside the list that the line is of."""
    around = item.parent.getparent() if item.parent is not None else None
    beside = line.parent.getparent() if line.parent is not None and line.tag in _ITEMS else line.parent
    return around is not None and around is beside
