"""Exports of Factiva: a head without labels that a count of words opens, or fields of two letters; "Document ..." ends.

Factiva writes, for each article, a section at times, the headline, who wrote it, the count of words, the day, the time
of day, the outlet, its code, edition and page, the language and whose it is, then the text, the publisher, and
``Document`` with the article's number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from archive.core.article import Span
from archive.readers.exports.lines import Facts, Line, Piece, blocks, dated, is_name, joined, parted, piece

_END: Final = re.compile(r"(?:AN\s+)?Document\s+([A-Za-z]{1,10}(?=[A-Za-z0-9]*\d{8})[A-Za-z0-9]{14,34})")
_COUNT: Final = re.compile(
    r"\d[\d,. ]*\s(?:words?|mots?|palabras?|wörter|wort|parole|palavras?|woorden|słów|слов)", re.IGNORECASE
)
HINT: Final = re.compile(rf"^[ \t]*(?:{_COUNT.pattern}|HD(?:[ \t].*)?)$", re.IGNORECASE | re.MULTILINE)
_TIME: Final = re.compile(r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?(?: [A-Z]{2,4})?", re.IGNORECASE)
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{1,11}")
_RIGHTS: Final = re.compile(r"(?:copyright|\(c\)|©|all rights reserved|tous droits|alle rechte)", re.IGNORECASE)
_LANGUAGE: Final = re.compile(
    "english|french|français|german|deutsch|spanish|español|italian|italiano|portuguese|português|dutch|nederlands"
    "|russian|русский|turkish|türkçe|polish|polski|arabic|chinese.*|japanese|korean|swedish|norwegian|danish|finnish"
    "|czech|hungarian|bulgarian|greek|indonesian|malay|catalan|slovak",
    re.IGNORECASE,
)
_AUTHOR: Final = re.compile(r"(?:by|von|par|por|da|di|door|от)\s+(?=\S)", re.IGNORECASE)
_NOTES: Final = re.compile(r"search summary|(?:page \d+ of \d+ )?©.*factiva.*", re.IGNORECASE)
# Lines of a head below the day: time, outlet, code, edition, page, volume, language, two of rights. Chosen.
_LONGEST_HEAD: Final = 10
# Characters of what states whose a text is or who publishes it. Chosen, not measured.
_LONGEST_RIGHTS: Final = 300
_LONGEST_PUBLISHER: Final = 80
_LONGEST_AUTHOR: Final = 160
_LONGEST_SECTION: Final = 60

_CODES: Final = (
    "SE|CLM|HD|CR|BY|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|CT|RF|CX|ART|CO|IN|NS|RE|IPC|IPD|PUB|AN"  # in their order
)
_FIELD: Final = re.compile(rf"({_CODES})(?:\s+|$)")
# Fields that an export has at least, and those among them that it always has.
_FEWEST_FIELDS: Final = 5
_ALWAYS: Final = frozenset(("HD", "PD", "SN"))
_SHOWN_FIELDS: Final = ("HD", "LP", "TD")


def articles(some: Sequence[Line]) -> list[Piece]:
    """Return the articles of an export; none where the lines are none of Factiva's."""
    codes = {match[1] for line in some if (match := _FIELD.match(line.text))}
    if len(codes) >= _FEWEST_FIELDS and codes >= _ALWAYS:
        return [_of_fields(own) for own in parted(some, _field_starts(some))]
    heads = [number for number in range(len(some)) if _is_head(some, number)]
    ends = [number for number, line in enumerate(some) if _END.fullmatch(line.text)]
    if not heads or not (ends or _has_code(some, heads[0])):
        return []
    starts = [_start(some, head, before, ends) for head, before in zip(heads, [-1, *heads], strict=False)]
    return [_of_head(own, _head_in(own)) for own in parted(some, starts)]


def _is_head(some: Sequence[Line], number: int) -> bool:
    """Tell whether a line is a count of words with the day below it."""
    return (
        _COUNT.fullmatch(some[number].text) is not None
        and number > 0
        and number + 1 < len(some)
        and dated(some[number + 1].text) is not None
    )


def _has_code(some: Sequence[Line], head: int) -> bool:
    """Tell whether a head goes on with an outlet and its code; then it is Factiva's, though the end is missing."""
    below = [line.text for line in some[head + 2 : head + 6]]
    return any(_CODE.fullmatch(text) for text in below[1:])


def _start(some: Sequence[Line], head: int, before: int, ends: Sequence[int]) -> int:
    """Return where the article begins whose count of words is at ``head``: after the end of the one before it.

    Where that end is missing, it begins with the paragraphs right above the count that are no text.
    """
    ended = bisect_left(ends, head)
    if (end := ends[ended - 1] if ended else -1) >= before:
        return end + 1
    start = head - 1
    if _AUTHOR.match(some[start].text) and start - 1 > before:
        start -= 1
    while not some[start].opens and start - 1 > before:
        start -= 1
    return start


def _head_in(own: Sequence[Line]) -> int:
    return next(number for number in range(len(own)) if _is_head(own, number))


def _of_head(own: Sequence[Line], count: int) -> Piece:
    above = [line for line in own[:count] if not _NOTES.fullmatch(line.text)] or list(own[:count])
    title, author = _title(above)
    body = _body(own, count)
    head = [line.text for line in own[count + 2 : body]]
    outlet = next((text for text in head if not _TIME.fullmatch(text)), None)
    end = next((number for number in range(body, len(own)) if _END.fullmatch(own[number].text)), len(own))
    number = _END.fullmatch(own[end].text) if end < len(own) else None
    facts = Facts(
        identifier=number[1] if number else None,
        title=joined(title),
        published=dated(own[count + 1].text),
        outlet=outlet,
        author=author,
    )
    return piece(own, [*title, *_text(own[body:end], number is not None)], facts)


def _body(own: Sequence[Line], count: int) -> int:
    """Return where the text begins: below whose it is, or where that is not stated, below the language or the code."""
    head = range(count + 2, min(count + 2 + _LONGEST_HEAD, len(own)))
    rights = next((number for number in head if _RIGHTS.match(own[number].text)), None)
    if rights is None:
        marks = [number for number in head[1:] if _LANGUAGE.fullmatch(own[number].text)]
        marks = marks or [number for number in head[1:] if _CODE.fullmatch(own[number].text)]
        return (marks[0] if marks else count + 1) + 1
    while rights < len(own) and _RIGHTS.match(own[rights].text) and len(own[rights].text) <= _LONGEST_RIGHTS:
        rights += 1
    return rights


def _title(above: Sequence[Line]) -> tuple[Sequence[Line], str | None]:
    """Return the lines of the headline and who wrote it, of what stands above the count of words."""
    parts = blocks(above)
    author: str | None = None
    last = parts[-1]
    if len(parts) > 1 and (_AUTHOR.match(last[0].text) or len(joined(last)) <= _LONGEST_AUTHOR):
        author, parts = joined(last), parts[:-1]
    elif len(last) > 1 and (_AUTHOR.match(last[-1].text) or _is_author(last)):
        author, parts = last[-1].text, [*parts[:-1], last[:-1]]
    title = parts[-1] if len(parts) < 3 else parts[0]
    if len(title) > 1 and len(title[0].text) <= _LONGEST_SECTION and (";" in title[0].text or len(title) == 2):
        title = title[1:]
    return title, _AUTHOR.sub("", author, count=1) if author else None


def _is_author(block: Sequence[Line]) -> bool:
    """Tell whether the last of lines without a blank one names people; of two, the first may be the section."""
    return is_name(block[-1].text) and (len(block) > 2 or (";" not in block[0].text and len(block[0].text.split()) > 2))


def _text(body: Sequence[Line], is_ended: bool) -> Sequence[Line]:
    """Leave out the publisher, who stands last before the article's number."""
    if not is_ended or len(body) < 2:
        return body
    last = body[-1].text
    is_publisher = len(last) <= _LONGEST_PUBLISHER and last[-1] not in ".!?\"”'…" and body[-1].opens
    return body[:-1] if is_publisher else body


def _field_starts(some: Sequence[Line]) -> list[int]:
    """Return where the articles begin: after the end of the one before, at the first field."""
    starts: list[int] = []
    ended, has_day = True, False
    for number, line in enumerate(some):
        field = _FIELD.match(line.text)
        code = field[1] if field else ""
        if (ended and code in ("SE", "CLM", "HD")) or (not ended and code == "HD" and has_day):
            starts.append(number)
            ended = has_day = False
        has_day = has_day or code == "PD"
        ended = ended or _END.fullmatch(line.text) is not None
    return starts


def _of_fields(own: Sequence[Line]) -> Piece:
    values: dict[str, list[str]] = {}
    shown: list[Line] = []
    labels: list[Span] = []
    current = ""
    for line in own:
        field = _FIELD.match(line.text)
        current = field[1] if field else current
        text = line.text[field.end() :] if field else line.text
        if text:
            values.setdefault(current, []).append(text)
        if current in _SHOWN_FIELDS and text:
            shown.append(line)
            if field:
                labels.append(Span(line.span.start, line.span.start + field.end()))
        if _END.fullmatch(line.text):
            current = ""  # what follows belongs to no field
    number = next((match for line in own if (match := _END.fullmatch(line.text))), None)
    first = {field: " ".join(texts) for field, texts in values.items()}
    facts = Facts(
        identifier=number[1] if number else None,
        title=first.get("HD"),
        published=dated(first.get("PD", "")),
        outlet=first.get("SN"),
        author=_AUTHOR.sub("", first["BY"], count=1) if first.get("BY") else None,
    )
    return piece(own, shown, facts, labels)
