"""Rows of the screen as styled segments: pure functions from values and styles to strips."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from archive.core.article import Span
from archive.text.decode import one_line
from tui.app.view import labels
from tui.app.view.styled_spans import Layer, Look, Ranged, overlapping, pieces
from tui.formats.facts import joined, place
from tui.formats.wrapping import Rows, cells, fit
from tui.session.kept import CLIP
from tui.session.rows import Kind, Row

if TYPE_CHECKING:
    from index.search.answer import Hit

GUTTER: Final = 3  # cells before a text: whether its passage was found, what else it is, and whether it is a clip
PASSAGE_MARK: Final = "▌"
NEAREST_MARK: Final = "≈"
HIDDEN_MARK: Final = "·"
OLD_MARK: Final = "·"
LEAD_CELLS: Final = 4  # a rank of three digits and a space; what belongs to the result is indented by as much
UNDER: Final = "     ¶ "
COPY_LEAD: Final = "     = "
WIDE: Final = 70  # cells of a list from which on what is folded is written out; chosen, not measured
FEWEST_TITLE_CELLS: Final = 20  # of a title, for which room is made; chosen, not measured
_OVER: Final = (Look.HIDDEN, Look.NEAREST, Look.MATCH, Look.CURRENT, Look.SELECTED)


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles in force: the plain one, the quiet one for margins and bylines, and one for each look."""

    plain: Style
    quiet: Style
    title: Style
    looks: Mapping[Look, Style]

    def of(self, looks: Iterable[Look], base: Style | None = None) -> Style:
        """Lay the styles of several looks over each other, always in the same order."""
        wanted = set(looks)
        style = self.plain if base is None else base
        for look in _OVER:
            if look in wanted:
                style += self.looks[look]
        return style


@dataclass(frozen=True, slots=True)
class Painted:
    """What is marked in an article's text besides its rows."""

    passage: Ranged | None
    nearest: Span | None
    hidden: tuple[Span, ...]
    layers: tuple[Layer, ...]
    clips: tuple[Span, ...] = ()


def text_row(text: str, rows: Rows, row: int, painted: Painted, styles: Styles) -> Strip:
    """Draw one row of an article: a margin of marks, then the text with its highlights."""
    start, end = rows.starts[row], rows.ends[row]
    if row in rows.folded:
        return Strip([Segment(f"  {HIDDEN_MARK}{fold_words(text[start:end])}", styles.quiet)])
    margin = Segment(_margin(start, end, painted), styles.quiet)
    drawn = pieces(start, end, painted.layers) if start < end else []
    return Strip([margin, *(_segment(text, piece.start, piece.end, styles.of(piece.looks)) for piece in drawn)])


def fold_words(hidden: str) -> str:
    """Say what a folded row stands for."""
    lines = sum(1 for line in hidden.splitlines() if line.strip())
    return f" {lines} hidden {'line' if lines == 1 else 'lines'} (h shows)"


def result_rows(
    row: Row, width: int, styles: Styles, nearest: Ranged | None, *, old: bool, compact: bool, signs: str = ""
) -> list[Strip]:
    """Draw a row of the list: a result with its passage in two lines, what is listed under one in a single line.

    Args:
        row: what to draw.
        width: cells there are.
        styles: in force.
        nearest: the sentence nearest in meaning, of the row's passage.
        old: the row answers another question, so it has no rank; no colour is needed to see that.
        compact: a result has its first line alone.
        signs: of what is kept of the passage and its article, in a cell each.
    """
    if row.kind == Kind.BEST:
        passage = [] if compact else [_snippet(row.hit, width, LEAD_CELLS, styles, nearest)]
        return [_headline(row, width, styles, old=old, signs=signs), *passage]
    if row.kind == Kind.COPY:
        return [_copy(row.hit, width, styles, signs)]
    return [_snippet(row.hit, width, len(UNDER), styles, nearest, _signed(UNDER, signs))]


def row_height(row: Row, *, compact: bool) -> int:
    """Return how many lines a row takes."""
    return 2 if row.kind == Kind.BEST and not compact else 1


def _headline(row: Row, width: int, styles: Styles, *, old: bool, signs: str) -> Strip:
    """Draw who and when, which is never cut, what is kept, the title in what room is left, and what is folded."""
    article = row.hit.article
    mark = OLD_MARK if old else str(row.rank)
    who = padded(labels.outlet(article), outlet_cells(width))
    before = f"{mark:>3} {labels.date(article):<10}  {who}  "
    room = width - cells(before)
    lengths = (labels.folded(row, wide=wide) for wide in (True, False) if width >= WIDE or not wide)
    after = next((f"  {said}" for said in lengths if said and cells(said) + 2 + FEWEST_TITLE_CELLS <= room), "")
    title = padded(f"{signs} {labels.headline(article)}".lstrip(), max(0, room - cells(after)))
    return Strip([Segment(before, styles.quiet), Segment(title, styles.title), Segment(after, styles.quiet)])


def _signed(lead: str, signs: str) -> str:
    """Put signs into the blank cells before a row that is listed under another."""
    return f"{signs}{lead[cells(signs) :]}"


def _copy(hit: Hit, width: int, styles: Styles, signs: str) -> Strip:
    """Draw a copy: only who and when differ from the one above."""
    article = hit.article
    about = joined((labels.outlet(article), article.url or place(article), labels.gone(article)))
    return Strip([Segment(fit(f"{_signed(COPY_LEAD, signs)}{labels.date(article):<10}  {about}", width), styles.quiet)])


def outlet_cells(width: int) -> int:
    """Return how many cells the outlets take in a list of this width."""
    return max(8, min(24, width // 5))


def padded(text: str, count: int) -> str:
    """Cut or fill a text to a number of cells."""
    cut = fit(text, count)
    return cut + " " * (count - cells(cut))


def _snippet(hit: Hit, width: int, indent: int, styles: Styles, nearest: Ranged | None, lead: str = "") -> Strip:
    """Draw the line of a passage that holds most of what matched."""
    marks: Sequence[Ranged] = hit.highlights or ((nearest,) if nearest else ())
    cut = labels.snippet(hit.passage.text, marks, max(4, width - indent), 1)
    layers = [Layer(Look.MATCH, hit.highlights)] + ([Layer(Look.NEAREST, (nearest,))] if nearest else [])
    start, end = cut.rows[0] if cut.rows else (0, 0)
    is_near = nearest is not None and _touches(nearest, start, end)
    margin = lead or f"{NEAREST_MARK if is_near else ' '} ".rjust(indent)
    body = [_segment(cut.text, p.start, p.end, styles.of(p.looks)) for p in pieces(start, end, layers)]
    first = Segment(margin + (labels.ELLIPSIS if cut.before else ""), styles.quiet)
    return Strip([first, *body, Segment(labels.ELLIPSIS if cut.after else "", styles.quiet)])


def _margin(start: int, end: int, painted: Painted) -> str:
    passage = painted.passage is not None and _touches(painted.passage, start, end)
    nearest = painted.nearest is not None and _touches(painted.nearest, start, end)
    hidden = start < end and any(overlapping(painted.hidden, start, end))
    sign = NEAREST_MARK if nearest else HIDDEN_MARK if hidden else " "
    clip = any(_touches(clip, start, end) for clip in painted.clips)
    return f"{PASSAGE_MARK if passage else ' '}{sign}{CLIP if clip else ' '}"


def _touches(span: Ranged, start: int, end: int) -> bool:
    """Tell whether a range reaches into a row; an empty row counts when it lies inside."""
    return (span.start < end and start < span.end) or span.start < start == end < span.end


def _segment(text: str, start: int, end: int, style: Style) -> Segment:
    """Draw a stretch of an article's text: the one place where such text becomes output."""
    return Segment(one_line(text[start:end]), style)
