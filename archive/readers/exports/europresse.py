"""Exports of Europresse: an outlet, a line with the day, a headline, and at the end a number: news·20220314·LM·004."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from archive.readers.exports.lines import Facts, Line, Piece, blocks, dated, is_name, joined, parted, piece
from archive.text import dates

HINT: Final = re.compile(r"\w[·•∙.](?:19|20)\d{6}[·•∙.]\w")
_NUMBER: Final = re.compile(
    r"(?:n(?:uméro|[o°º])\.? (?:de|du) document ?: ?|document number ?: ?|id ?: ?)?"
    r"(\w{3,8}[·•∙.]((?:19|20)\d{6})[·•∙.]\w{1,8}[·•∙.][\w-]{1,24})",
    re.IGNORECASE,
)
_DAY: Final = re.compile(
    r"(?:\b[^\W\d_]{4,9},? )?\b\d{1,2}(?:er)? [^\W\d_]{3,10}\.? \d{4}\b|\b[A-Z][a-z]{2,8} \d{1,2}, \d{4}\b"
)
_RIGHTS: Final = re.compile(r"(?:©|\(c\)|copyright|tous droits réservés|all rights reserved)", re.IGNORECASE)
_FIELD: Final = re.compile(
    r"(?:nom de la source|type de source|périodicité|couverture géographique|provenance|source name|source type"
    r"|periodicity|geographic(?:al)? coverage|origin|documents? à la une|aussi paru dans|note\(s\)|taille de l'article"
    r"|certificat émis|certificate issued|émis le)\b.*|p\. ?\w+|\d[\d ]* mots",
    re.IGNORECASE,
)
_CUT: Final = re.compile(r"\s*(?:[•·|]|, no\.? |, n° )")
# Lines of a head among which the day stands. Chosen, not measured.
_HEAD: Final = 14


def articles(some: Sequence[Line]) -> list[Piece]:
    """Return the articles of an export; none where the lines are none of Europresse's."""
    ends = [number for number, line in enumerate(some) if _NUMBER.fullmatch(line.text)]
    # A number at the head of an article, with nothing above it, ends none.
    ends = [number for number in ends if number >= 3]
    if not ends:
        return []
    starts = [0, *(end + 1 for end in ends if end + 1 < len(some))]
    parts = parted(some, starts)
    if len(parts) > len(ends) and _day_of(parts[-1]) is None:  # what is printed below the last article
        parts = [*parts[:-2], [*parts[-2], *parts[-1]]]
    return [_article(part) for part in parts]


def _day_of(own: Sequence[Line]) -> int | None:
    for number, line in enumerate(own[:_HEAD]):
        match = _DAY.search(line.text)
        if match and not _FIELD.fullmatch(line.text) and dated(_first(match[0])):
            return number
    return None


def _article(own: Sequence[Line]) -> Piece:
    number = next((match for line in own if (match := _NUMBER.fullmatch(line.text))), None)
    day = _day_of(own)
    head = 0 if day is None else day
    below = head + 1
    outlet = _outlet(own, day)
    while below < len(own) and (_FIELD.fullmatch(own[below].text) or own[below].text.startswith(outlet or "\0")):
        below += 1
    end = next((at for at in range(below, len(own)) if _NUMBER.fullmatch(own[at].text)), len(own))
    while end - 1 > below and any(_ends_text(line) for line in own[max(below + 1, end - 3) : end]):
        end -= 1
    title, author, text = _parts(own[below:end])
    stated = dates.parse(number[2]) if number else None
    written = _DAY.search(own[head].text) if day is not None else None
    facts = Facts(
        identifier=number[1] if number else None,
        title=joined(title) if title else None,
        published=(dated(_first(written[0])) if written else None) or stated,
        outlet=outlet,
        author=author,
    )
    return piece(own, [*title, *text], facts)


def _ends_text(line: Line) -> bool:
    return _RIGHTS.search(line.text) is not None or _FIELD.fullmatch(line.text) is not None


def _outlet(own: Sequence[Line], day: int | None) -> str | None:
    """Return the outlet: above the line with the day, or below where that opens the article."""
    if day is None:
        return None
    above = [line for line in own[:day] if not _FIELD.fullmatch(line.text)]
    named = above[-1] if above else own[day + 1] if day + 1 < len(own) else None
    return _CUT.split(named.text, maxsplit=1)[0].strip() if named else None


def _parts(text: Sequence[Line]) -> tuple[Sequence[Line], str | None, Sequence[Line]]:
    """Return the headline, who wrote the article and its text."""
    parts = blocks(text)
    if len(parts) < 2:
        return text[:1], None, text[1:]
    title, rest = parts[0], parts[1:]
    if len(title) > 1 and is_name(title[-1].text):
        return title[:-1], title[-1].text, [line for part in rest for line in part]
    if len(rest) > 1 and len(rest[0]) == 1 and is_name(rest[0][0].text):
        return title, rest[0][0].text, [line for part in rest[1:] for line in part]
    return title, None, [line for part in rest for line in part]


def _first(day: str) -> str:
    return re.sub(r"\b1er\b", "1", day)
