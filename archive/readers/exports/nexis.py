"""Exports of Nexis and LexisNexis: "3 of 40 DOCUMENTS" or "End of Document", and fields such as LENGTH and LOAD-DATE.

The older form counts its documents, centres outlet, day and edition, and writes labels in capitals. The newer one puts
the headline first, then outlet and day, writes ``Body`` above the text and ends with ``End of Document``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from archive.core.article import Span
from archive.readers.exports.lines import (
    Facts,
    Line,
    Piece,
    blocks,
    dated,
    grouped,
    joined,
    labelled,
    parted,
    piece,
    plainly,
    stated,
)


def _labels(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COUNT: Final = re.compile(
    r"(?:.{1,30} - )?\d[\d,.]* (?:of|von|de|di|van) \d[\d,.]* (?:documents?|stories|dokumenten?|documenti|documentos)"
    r"|(?:document|dokument) \d[\d,.]* (?:of|von|de) \d[\d,.]*",
    re.IGNORECASE,
)
_END: Final = re.compile(r"end of document|ende des dokuments|fin (?:de|du) document(?:o)?", re.IGNORECASE)
_BODY: Final = re.compile(r"(?:body|text|volltext|corps)\s*:?", re.IGNORECASE)
_TAIL: Final = re.compile(r"classification|graphic|notes", re.IGNORECASE)
HINT: Final = re.compile(r"^[ \t]*(?:length|load-date|länge|longueur):", re.IGNORECASE | re.MULTILINE)
_RIGHTS: Final = re.compile(r"(?:copyright|©|\(c\)|all rights reserved|alle rechte|tous droits)", re.IGNORECASE)
_HEAD_LABELS: Final = _labels(
    "byline headline section length dateline series type distribution journal-code autor rubrik länge"
    " auteur rubrique longueur source body edition"
)
# Of these the value is the outlet's own words and stays; the label goes.
_SHOWN_LABELS: Final = frozenset(("highlight", "lead", "deck", "body"))
_TAIL_LABELS: Final = _labels(
    "load-date language graphic publication-type document-type subject organization company ticker industry person"
    " country state city geographic url correction correction-date notes journal-code update acc-no gale-acc-no"
    " transcript-note pub-type ladedatum sprache publikationstyp date-charge langue copyright"
)
# Fields that together tell an export: no article of another source has them.
_MARKS: Final = frozenset(
    ("length", "load-date", "publication-type", "byline", "section", "dateline", "länge", "autor", "rubrik", "auteur")
)
_FEWEST_MARKS: Final = 2
_INDENTED: Final = 8  # characters before a line that is centred, at least. Chosen, not measured.
_AUTHOR: Final = re.compile(r"(?:by|von|par|por)\s+(?=\S)", re.IGNORECASE)


def articles(some: Sequence[Line]) -> list[Piece]:
    """Return the articles of an export; none where the lines are none of Nexis's."""
    if not _marks(some):
        return []
    starts = _starts(some)
    own = grouped([part for part in parted(some, starts) if part], _is_article)
    return [_article(part) if _is_article(part) else plainly(part) for part in own]


def _is_article(some: Sequence[Line]) -> bool:
    """Tell whether lines have fields: several, or below a count one."""
    labels = {_label(line) for line in some}
    return _marks(some) or (_COUNT.fullmatch(some[0].text) is not None and bool(labels & (_HEAD_LABELS | _TAIL_LABELS)))


def _marks(some: Sequence[Line]) -> bool:
    labels = {found[0] for line in some if (found := labelled(line.text))}
    return len(labels & _MARKS) >= _FEWEST_MARKS


def _starts(some: Sequence[Line]) -> list[int]:
    counts = [number for number, line in enumerate(some) if _COUNT.fullmatch(line.text)]
    if counts:
        return counts
    ends = [number + 1 for number, line in enumerate(some) if _END.fullmatch(line.text)]
    if ends:
        return [0, *(end for end in ends if end < len(some))]
    return [0, *_below_rights(some)]


def _below_rights(some: Sequence[Line]) -> list[int]:
    """Return where articles begin that nothing counts: below whose the one before is, if that stands in its tail."""
    starts: list[int] = []
    in_tail = False
    for number, line in enumerate(some):
        is_rights = _RIGHTS.match(line.text) is not None
        if in_tail and not is_rights and number and _RIGHTS.match(some[number - 1].text):
            starts.append(number)
            in_tail = False
        found = labelled(line.text)
        in_tail = in_tail or (found is not None and found[0] == "load-date")
    return starts


def _article(own: Sequence[Line]) -> Piece:
    fields = _HEAD_LABELS | _SHOWN_LABELS
    first = next((number for number, line in enumerate(own) if _label(line) in fields), None)
    if first is None:
        first = next(number for number, line in enumerate(own) if _label(line) in _TAIL_LABELS)
    body = _body(own, first)
    end = next((number for number in range(body, len(own)) if _ends_text(own[number])), len(own))
    values = _values(own)
    title, published, outlet = _head(own[:first], values.get("headline"))
    shown_values, labels = _shown_values(own[first:body])
    facts = Facts(
        title=joined(title) if title else values.get("headline"),
        published=published,
        outlet=outlet,
        author=_AUTHOR.sub("", author, count=1) if (author := stated(values, "byline", "autor", "auteur")) else None,
        url=values.get("url"),
    )
    return piece(own, [*title, *shown_values, *own[body:end]], facts, labels)


def _label(line: Line) -> str:
    if _BODY.fullmatch(line.text):
        return "body"
    found = labelled(line.text)
    return found[0] if found else ""


def _ends_text(line: Line) -> bool:
    if _TAIL.fullmatch(line.text) or _END.fullmatch(line.text):
        return True
    return _label(line) in _TAIL_LABELS or (_RIGHTS.match(line.text) is not None and line.indent >= _INDENTED)


def _body(own: Sequence[Line], first: int) -> int:
    """Return where the text begins: below ``Body``, or below the last field at the head."""
    for number in range(first, len(own)):
        if _BODY.fullmatch(own[number].text):
            return number + 1
    number = first
    while number < len(own):
        label = _label(own[number])
        if label not in _HEAD_LABELS | _SHOWN_LABELS:
            break
        number += 1
        while number < len(own) and not own[number].opens and _label(own[number]) not in _HEAD_LABELS:
            number += 1
    return number


def _values(own: Sequence[Line]) -> dict[str, str]:
    """Return what each label states, over several lines where it is wrapped; the first time counts."""
    values: dict[str, str] = {}
    current = ""
    for line in own:
        found = labelled(line.text)
        if found and found[0] in _HEAD_LABELS | _TAIL_LABELS:
            current = "" if found[0] in values else found[0]
            if current:
                values[current] = found[1]
        elif current and not line.opens:
            values[current] = f"{values[current]} {line.text}".strip()
        else:
            current = ""
    return values


def _shown_values(head: Sequence[Line]) -> tuple[list[Line], list[Span]]:
    shown: list[Line] = []
    labels: list[Span] = []
    for line in head:
        found = labelled(line.text)
        if found and found[0] in _SHOWN_LABELS and found[1]:
            shown.append(line)
            labels.append(Span(line.span.start, line.span.start + line.text.index(":") + 1))
    return shown, labels


def _head(above: Sequence[Line], headline: str | None) -> tuple[Sequence[Line], str | None, str | None]:
    """Return the lines of the title, the day and the outlet, of what stands above the first field."""
    lines = [line for line in above if not _COUNT.fullmatch(line.text) and not _RIGHTS.match(line.text)]
    day = next((number for number in range(len(lines) - 1, -1, -1) if dated(_day(lines[number].text))), None)
    if day is None:
        parts = blocks(lines)
        return (parts[-1] if parts and headline is None else []), None, None
    published = dated(_day(lines[day].text))
    below = [line for line in lines[day + 1 :] if line.indent < _INDENTED]
    outlet = lines[day - 1].text if day else None
    if headline is not None:
        return [], published, outlet
    if day > 1 and (lines[0].indent < _INDENTED or not below):  # the newer form: the title comes first
        return blocks(lines[: day - 1])[-1], published, outlet
    return (blocks(below)[-1] if below else []), published, outlet


def _day(text: str) -> str:
    """Leave out what stands behind the weekday, as in ``March 14, 2022, Monday, Late Edition - Final``."""
    return re.sub(r"(?i)(day|tag|di),.*$", r"\1", text)
