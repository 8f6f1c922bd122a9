"""Lines as they are written: each is one, whatever its facts hold, and an article's own words stand behind a margin.

Whoever makes lines gives facts and quotations as they are; here, and nowhere else, they are made safe to print.
"""

from __future__ import annotations

import os
import unicodedata
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
_CONTINUED: Final = "…"  # the same where the terminal has no room for it; no citation begins with it
_READABLE: Final = 12  # cells of text in a row; where fewer are left, indentation goes first
_EMOJI: Final = "\ufe0f"  # draws the character before it as an emoji, which takes two cells


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
    lead, further = _leads(line, width)
    rows = []
    for number, (start, end) in enumerate(_rows(text, max(len(lead), len(further)), width)):
        shown = text[start:end] if not color else "".join(_styled(line, text, start, end))
        rows.append(f"{further if number else lead}{shown}")
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


def _leads(line: Line, width: int | None) -> tuple[str, str]:
    """Return what stands before the first row of a line, and before the others."""
    further = line.lead if line.quoted else _HANGING
    if width is None or width - max(len(line.lead), len(further)) > _READABLE:
        return line.lead, further
    if not line.quoted:
        return line.lead, _CONTINUED
    lead = line.lead.lstrip() if width > len(MARGIN) + 2 else line.lead.strip()
    return lead, lead


def _rows(text: str, indented: int, width: int | None) -> Iterator[tuple[int, int]]:
    if not text or width is None:
        yield 0, len(text)
        return
    from tui.formats.wrapping import wrap

    # One cell stays free for the margin, which some terminals draw in two.
    rows = wrap(text, width - indented - 1, size=_most_cells)
    yield from zip(rows.starts, rows.ends, strict=True)


def _most_cells(character: str) -> int:
    """Return the cells that a character takes at most: with too many a row is short, with too few it leaves its margin.

    Terminals differ in what they draw as nothing, but for marks above and below; in the letters of flags, in what
    Unicode did not know yet or leaves to fonts; and where Chinese, Japanese or Korean is read, in characters of
    ambiguous width (UAX #11).
    """
    from rich.cells import get_character_cell_size

    cells, category = get_character_cell_size(character), unicodedata.category(character)
    if cells == 0:
        return int(character == _EMOJI or category != "Mn")
    if category in ("Cn", "Co") or "\U0001f1e6" <= character <= "\U0001f1ff":
        return 2
    return 2 if unicodedata.east_asian_width(character) == "A" and _is_wide_locale() else cells


def _is_wide_locale() -> bool:
    """Tell whether the language of this terminal is one whose terminals draw ambiguous characters in two cells."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    return next((name for name in names if name), "").startswith(("zh", "ja", "ko"))


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
