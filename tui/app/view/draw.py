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
from archive.text.visible import visible_line
from tui.app.view import labels
from tui.app.view.styled_spans import Layer, Look, Ranged, overlapping, pieces
from tui.formats.wrapping import Rows, cells, fit

if TYPE_CHECKING:
    from index.search.answer import Hit

GUTTER: Final = 3  # cells before a text: whether its passage was found, what else it is, and one between
PASSAGE_MARK: Final = "▌"
NEAREST_MARK: Final = "≈"
HIDDEN_MARK: Final = "·"
COPY_MARK: Final = "="
FURTHER_MARK: Final = "+"
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


def result_rows(hit: Hit, width: int, count: int, styles: Styles, nearest: Ranged | None, mark: str) -> list[Strip]:
    """Draw a result: a mark and its title, its byline with each leg's rank, and ``count`` rows of its passage."""
    lead = f"{mark:>3} "
    inner = max(4, width - len(lead))
    title = Strip([Segment(lead, styles.quiet), Segment(fit(visible_line(hit.article.title), inner), styles.title)])
    return [title, _byline(hit, inner, len(lead), styles), *_snippet(hit, inner, count, len(lead), styles, nearest)]


def _byline(hit: Hit, width: int, indent: int, styles: Styles) -> Strip:
    """Draw who and when, cut so that the ranks always show."""
    ranks = labels.legs(hit)
    about = fit(labels.byline(hit), max(0, width - cells(ranks) - 3))
    return Strip([Segment(f"{' ' * indent}{about} · ", styles.quiet), Segment(ranks, styles.quiet + Style(bold=True))])


def _snippet(hit: Hit, width: int, count: int, indent: int, styles: Styles, nearest: Ranged | None) -> list[Strip]:
    marks: Sequence[Ranged] = hit.highlights or ((nearest,) if nearest else ())
    cut = labels.snippet(hit.passage.text, marks, width, count)
    layers = [Layer(Look.MATCH, hit.highlights)] + ([Layer(Look.NEAREST, (nearest,))] if nearest else [])
    strips = []
    for index, (start, end) in enumerate(cut.rows):
        first = labels.ELLIPSIS if index == 0 and cut.before else ""
        last = labels.ELLIPSIS if index == len(cut.rows) - 1 and cut.after else ""
        margin = f"{NEAREST_MARK if nearest and _touches(nearest, start, end) else ' '} ".rjust(indent)
        body = [_segment(cut.text, p.start, p.end, styles.of(p.looks)) for p in pieces(start, end, layers)]
        edges = [Segment(margin + first, styles.quiet)], [Segment(last, styles.quiet)]
        strips.append(Strip([*edges[0], *body, *edges[1]]))
    return strips


def _margin(start: int, end: int, painted: Painted) -> str:
    passage = painted.passage is not None and _touches(painted.passage, start, end)
    nearest = painted.nearest is not None and _touches(painted.nearest, start, end)
    hidden = start < end and any(overlapping(painted.hidden, start, end))
    sign = NEAREST_MARK if nearest else HIDDEN_MARK if hidden else " "
    return f"{PASSAGE_MARK if passage else ' '}{sign} "


def _touches(span: Ranged, start: int, end: int) -> bool:
    """Tell whether a range reaches into a row; an empty row counts when it lies inside."""
    return (span.start < end and start < span.end) or span.start < start == end < span.end


def _segment(text: str, start: int, end: int, style: Style) -> Segment:
    """Draw a stretch of an article's text: the one place where such text becomes output."""
    return Segment(one_line(text[start:end]), style)
