"""Exports of ProQuest: articles between long rules, with labels such as "Publication info:" and "Full text:"."""

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

HINT: Final = re.compile(r"\bProQuest\b|^Publication info:", re.IGNORECASE | re.MULTILINE)
_RULE: Final = re.compile(r"[_=-]{20,}")
_COUNT: Final = re.compile(r"document \d+ (?:of|de|von) \d+", re.IGNORECASE)
_TEXT: Final = re.compile(
    r"(?:full text|abstract \(document summary\)|texte intégral|volltext|texto completo)\s*:?\s*", re.IGNORECASE
)
_MARKS: Final = frozenset(
    ("publication info", "proquest document id", "full text", "document url", "publication title")
)
_FEWEST_MARKS: Final = 2
_LABELS: Final = frozenset(
    (
        "author", "publication info", "abstract", "links", "subject", "location", "people", "company / organization",
        "company", "classification", "identifier / keyword", "title", "publication title", "pages", "first page",
        "number of pages", "publication year", "publication date", "year", "section", "column", "dateline", "publisher",
        "place of publication", "country of publication", "publication subject", "issn", "source type",
        "language of publication", "document type", "proquest document id", "document url", "copyright", "last updated",
        "database", "full text availability", "credit", "source details", "volume", "issue", "edition",
        "business indexing term",
    )
)  # fmt: skip
_LINK: Final = re.compile(r"proquest document link|https?://\S+|find a copy|check for full text.*", re.IGNORECASE)
_DAY: Final = re.compile(r"\b(?:\d{1,2} [A-Z][a-z]{2,8}\.? \d{4}|[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4})\b")
_OUTLET_END: Final = re.compile(r"\s*;\s|\s+\[|\.\s|,\s|\s(?=\d{1,2} [A-Z])")


def articles(some: Sequence[Line]) -> list[Piece]:
    """Return the articles of an export; none where the lines are none of ProQuest's."""
    if not _marks(some):
        return []
    breaks = [n for n, line in enumerate(some) if _RULE.fullmatch(line.text) or _COUNT.fullmatch(line.text)]
    own = grouped([part for part in parted(some, sorted({0, *breaks})) if part], _marks)
    return [_article(part) if _marks(part) else plainly(part) for part in own]


def _marks(some: Sequence[Line]) -> bool:
    labels = {found[0] for line in some if (found := labelled(line.text))}
    labels |= {"full text" for line in some if _TEXT.fullmatch(line.text)}
    return len(labels & _MARKS) >= _FEWEST_MARKS


def _article(own: Sequence[Line]) -> Piece:
    values = _values(own)
    body = next((number for number, line in enumerate(own) if _TEXT.match(line.text) and _is_field(line)), None)
    if body is None:
        body = next((number for number, line in enumerate(own) if _label(line) == "abstract"), len(own))
    end = next((number for number in range(body + 1, len(own)) if _ends_text(own[number])), len(own))
    title = _title(own[:body])
    text = list(own[body:end])
    labels: list[Span] = []
    if text:
        label = len(text[0].text) - len(_value(text[0].text))
        if label == len(text[0].text):
            text = text[1:]
        else:
            labels.append(Span(text[0].span.start, text[0].span.start + label))
    info = values.get("publication info", "")
    day = stated(values, "publication date") or next(iter(_DAY.findall(info)), "")
    facts = Facts(
        identifier=values.get("proquest document id"),
        title=joined(title) if title else values.get("title"),
        published=dated(day),
        outlet=_OUTLET_END.split(stated(values, "publication title") or info, maxsplit=1)[0].strip() or None,
        author=_natural(values.get("author")),
    )
    return piece(own, [*title, *text], facts, labels)


def _label(line: Line) -> str:
    found = labelled(line.text)
    return found[0] if found and found[0] in _LABELS else ""


def _is_field(line: Line) -> bool:
    return line.opens or _TEXT.fullmatch(line.text) is not None or ":" in line.text[:40]


def _ends_text(line: Line) -> bool:
    return (line.opens and bool(_label(line))) or _RULE.fullmatch(line.text) is not None


def _value(text: str) -> str:
    label = _TEXT.match(text)
    if label:
        return text[label.end() :]
    return text.partition(":")[2].lstrip()


def _values(own: Sequence[Line]) -> dict[str, str]:
    values: dict[str, str] = {}
    for line in own:
        found = labelled(line.text)
        if found and found[0] in _LABELS:
            values.setdefault(*found)
    return values


def _title(above: Sequence[Line]) -> Sequence[Line]:
    """Return the paragraph right above the first field; none when it is no title."""
    first = next(
        (number for number, line in enumerate(above) if _label(line) or _LINK.fullmatch(line.text)), len(above)
    )
    lines = [line for line in above[:first] if not _RULE.fullmatch(line.text) and not _COUNT.fullmatch(line.text)]
    return blocks(lines)[-1] if lines else []


def _natural(names: str | None) -> str | None:
    """Put ``Lind, Ana; Ek, Bo`` as people are called: ``Ana Lind, Bo Ek``; ProQuest puts the last name first."""
    if not names:
        return None
    people = (name.strip().rstrip(".").partition(", ") for name in names.split(";"))
    return ", ".join(f"{first} {last}".strip() for last, _, first in people if last) or None
