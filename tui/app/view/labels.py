"""What articles and hits look like in words: pure functions from values to lines of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from archive.core.article import Article
from archive.text.decode import one_line
from archive.text.urls import host
from archive.text.visible import visible_line
from tui.app.view.styled_spans import Ranged
from tui.formats.wrapping import Rows, wrap

if TYPE_CHECKING:
    from index.search.answer import Hit
    from tui.session.rows import Row

ELLIPSIS = "…"
LEAD = 0.25  # of the rows may go to what leads up to the first mark; chosen, not measured
_SUFFIX: Final = re.compile(r"(?P<title>.+?\S)\s+[-–—|•·:]\s+(?P<suffix>[^|–—]{2,40})")
_TELLING: Final = 4  # letters of a name by which it is known when more follows; chosen, not measured
FILLED = 0.85  # of the rows has to hold text, even where the marks stand at its end; chosen, not measured


@dataclass(frozen=True, slots=True)
class Snippet:
    """Rows cut from a passage; offsets are into the passage's text.

    Attributes:
        text: the passage on one line, of unchanged length.
        rows: the rows to show.
        before: something of the passage stands before the first row.
        after: something stands after the last row.
    """

    text: str
    rows: tuple[tuple[int, int], ...]
    before: bool
    after: bool


def outlet(article: Article) -> str:
    """Name who published an article: the outlet, else the host of its address, else the file it lies in."""
    return visible_line(article.outlet or host(article.url) or Path(article.path).name)


def headline(article: Article) -> str:
    """Return the title without the outlet's name behind it, as pages have it, and without dots where it was cut."""
    title = visible_line(article.title).strip()
    parts = _SUFFIX.fullmatch(title)
    if parts is not None and _names(parts["suffix"], article):
        title = parts["title"]
    return title.removesuffix("...").removesuffix(ELLIPSIS).rstrip() or title


def _names(suffix: str, article: Article) -> bool:
    """Tell whether the end of a title names who published it."""
    name = _letters(suffix)
    site = (host(article.url) or "").split(".")
    main = max(site[:-1] or site, key=len)  # of sub.example.co.uk
    known = [_letters(article.outlet or ""), _letters(main), _letters("".join(site))]
    return bool(name) and any(
        name == other or (min(len(name), len(other)) >= _TELLING and (name.startswith(other) or other.startswith(name)))
        for other in known
    )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def date(article: Article) -> str:
    """Return the day of publication, or say that there is none."""
    return visible_line(article.published)[:10] if article.published else "no date"


def found_by(hit: Hit) -> str:
    """Say in plain words what found a hit."""
    legs = (("words", hit.lexical), ("meaning", hit.semantic))
    return " and ".join(name for name, leg in legs if leg is not None) or "its conditions"


def folded(row: Row, *, wide: bool) -> str:
    """Say what is folded under a result, in few cells unless there is room."""
    parts = []
    if row.copies:
        until = f" to {visible_line(row.until)[:10]}" if row.until and wide else ""
        parts.append(f"= {row.copies} {'copy' if row.copies == 1 else 'copies'}{until}" if wide else f"={row.copies}")
    if row.passages:
        named = "passage" if row.passages == 1 else "passages"
        parts.append(f"+{row.passages} {named}" if wide else f"+{row.passages} ¶")
    if row.hit.article.gone:
        parts.append("file gone")
    return " · ".join(parts)


def gone(article: Article) -> str | None:
    """Say that the file of an article is no longer there."""
    return "file gone" if article.gone else None


def snippet(text: str, marks: Sequence[Ranged], width: int, count: int) -> Snippet:
    """Cut a passage to ``count`` rows of ``width`` cells where most marks stand, around the first of them."""
    line = one_line(text)
    start = _beginning(line, marks, width * count)
    rows = _rows_from(line, start, width)
    shown = tuple((start + rows.starts[row], start + rows.ends[row]) for row in range(min(count, len(rows))))
    return Snippet(line, shown, start > 0, len(rows) > count)


def _beginning(line: str, marks: Sequence[Ranged], budget: int) -> int:
    """Choose where to begin: at the start when the marks show from there, else a little before them."""
    first = _densest(marks, int(budget * (1 - LEAD)))
    if first is None or first.end < budget * (1 - LEAD):
        return 0
    filled = len(line) - int(budget * FILLED)
    earliest = max(0, min(first.start - int(budget * LEAD), filled))
    space = line.find(" ", earliest, first.start)
    return space + 1 if space >= 0 else earliest


def _densest(marks: Sequence[Ranged], reach: int) -> Ranged | None:
    """Return the mark after which most marks follow within reach, the earliest of equals."""
    return max(
        marks, key=lambda mark: sum(mark.start <= m.start and m.end <= mark.start + reach for m in marks), default=None
    )


def _rows_from(line: str, start: int, width: int) -> Rows:
    return wrap(line[start:], max(2, width - 2 * len(ELLIPSIS)))
