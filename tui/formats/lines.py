"""Lines as they are written: each is one, whatever its facts hold, and an article's own words stand behind a margin.

Whoever makes lines gives facts and quotations as they are; here, and nowhere else, they are made safe to print.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import click

from archive.text.decode import one_line
from archive.text.visible import visible_line

if TYPE_CHECKING:
    from index import Highlight

MARGIN: Final = "│ "  # before an article's own words; nothing that Morgue says begins with it
_HANGING: Final = " " * 8  # before what is left of a fact that is too long for the terminal
_NARROWEST: Final = 20  # cells of a row; narrower terminals break lines by themselves


@dataclass(frozen=True, slots=True)
class Line:
    """A line whose beginning is ours.

    Attributes:
        text: what it says.
        lead: what stands before it; of a quotation, before each of its rows.
        quoted: it is an article's own, and keeps each of its characters; else it is a fact.
        marks: highlights of a quotation, offsets into its text; of those that overlap the first wins.
        bold: whether a fact is drawn in bold.
    """

    text: str
    lead: str = ""
    quoted: bool = False
    marks: Sequence[Highlight] = ()
    bold: bool = False


def written(line: Line | str, *, width: int | None = None, color: bool = False) -> str:
    """Return a line as it is printed, in rows that fit where a terminal would break it.

    Args:
        line: to print; a text is a fact.
        width: cells of the terminal; None where lines are not broken.
        color: whether what is marked is drawn with a terminal's attributes.
    """
    line = line if isinstance(line, Line) else Line(line)
    text = one_line(line.text) if line.quoted else visible_line(line.text)
    further = line.lead if line.quoted else _HANGING
    rows = []
    for number, (start, end) in enumerate(_rows(text, line.lead, further, width)):
        shown = text[start:end] if not color else "".join(_styled(line, text, start, end))
        rows.append(f"{further if number else line.lead}{shown}")
    return "\n".join(rows)


def quoted(text: str, marks: Sequence[Highlight], lead: str) -> Iterator[Line]:
    """Yield the lines of a passage that are not blank, each behind the margin.

    Args:
        text: of the passage.
        marks: highlights, offsets into the text.
        lead: what stands before the margin.
    """
    offset = 0
    for whole in text.split("\n"):
        line = whole.strip()
        start = offset + len(whole) - len(whole.lstrip())
        if line:
            within = tuple(_shifted(marks, start, start + len(line)))
            yield Line(line, f"{lead}{MARGIN}", quoted=True, marks=within)
        offset += len(whole) + 1


def _shifted(marks: Sequence[Highlight], start: int, end: int) -> Iterator[Highlight]:
    """Yield the highlights of a line, as offsets into it."""
    for mark in sorted(marks):
        if mark.start < end and start < mark.end:
            yield type(mark)(max(mark.start, start) - start, min(mark.end, end) - start, mark.mark)


def _rows(text: str, lead: str, further: str, width: int | None) -> Iterator[tuple[int, int]]:
    room = 0 if width is None else width - max(len(lead), len(further))
    if not text or room < _NARROWEST - len(_HANGING):
        yield 0, len(text)
        return
    from tui.formats.wrapping import wrap

    rows = wrap(text, room)
    yield from zip(rows.starts, rows.ends, strict=True)


def _styled(line: Line, text: str, start: int, end: int) -> Iterator[str]:
    """Yield the pieces of a row with their attributes."""
    if line.bold:
        yield click.style(text[start:end], bold=True)
        return
    offset = start
    for mark in line.marks:
        first, last = max(mark.start, offset), min(mark.end, end)
        if first < last:
            yield text[offset:first]
            yield _attributed(text[first:last], mark.mark)
            offset = last
    yield text[offset:end]


def _attributed(text: str, mark: str) -> str:
    bold, underline, italic = mark == "match", mark == "match", mark == "semantic"
    return click.style(text, bold=bold or None, underline=underline or None, italic=italic or None)
