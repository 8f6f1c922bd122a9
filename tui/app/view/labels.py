"""What articles and hits look like in words: pure functions from values to lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archive.core.article import Article
from archive.text.decode import one_line
from archive.text.visible import visible_line
from tui.app.view.styled_spans import Ranged
from tui.formats.facts import joined, place
from tui.formats.wrapping import Rows, wrap

if TYPE_CHECKING:
    from index.search.answer import Hit

ELLIPSIS = "…"
LEAD = 0.25  # of the rows may go to what leads up to the first mark; chosen, not measured
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
    """Name who published an article, or the file it lies in when nobody is named."""
    return visible_line(article.outlet or Path(article.path).name)


def date(article: Article) -> str:
    """Return the day of publication, or say that there is none."""
    return visible_line(article.published)[:10] if article.published else "no date"


def legs(hit: Hit) -> str:
    """Say where each leg ranked a hit, as in ``lex 3 · sem 1``."""
    places = (("lex", hit.lexical), ("sem", hit.semantic))
    return " · ".join(f"{name} {leg.rank}" for name, leg in places if leg is not None) or "listed"


def byline(hit: Hit) -> str:
    """Return the line under a result's title."""
    parts = [outlet(hit.article), date(hit.article)]
    if hit.copies:
        parts.append(f"+{hit.copies} {'copy' if hit.copies == 1 else 'copies'}")
    if hit.folded:
        parts.append(f"+{hit.folded} {'passage' if hit.folded == 1 else 'passages'}")
    if hit.article.gone:
        parts.append("file gone")
    return " · ".join(parts)


def provenance(article: Article) -> str:
    """Say who published an article, when, and where it lies."""
    dated = date(article)
    if article.published and article.published_from:
        dated += f" (from {article.published_from})"
    gone = "the file is gone; this is the archive's copy" if article.gone else None
    return joined((article.outlet, dated, article.author, article.url, place(article), gone))


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
