"""What stands on the terminal, so that of a new picture only what differs is written.

Textual writes every line of whatever says that it has changed, also where it is drawn as it was: a letter that is typed
into the question would send the list and the article again. What Textual hands over to be written is gone through piece
by piece, and left out where the same stands there already, as curses does.

Where terminals differ in how many cells a character takes, a line's pieces behind it may stand elsewhere than they are
thought to; so a stretch that holds such a character is written as a whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from tui.app.drawing.pen import change

_RESET: Final = "\x1b[0m"
_SYSTEMS: Final = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT}
# Characters that take one cell in every terminal that draws anything else of this UI right.
_SURE: Final = re.compile("[ -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u2191\u2193\u2248\u2500-\u259f◆◇★✓✗]*")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Neighbouring stretches of text, each with its look (parameters of SGR), that are written together."""

    cells: int
    stretches: tuple[tuple[str, str], ...]


class ScreenMemory:
    """Remembers what was written, by line and cell."""

    def __init__(self) -> None:
        self._lines: dict[int, dict[int, _Piece]] = {}

    def forget(self) -> None:
        """Write all of the next picture: somebody else has drawn, or the terminal has another size."""
        self._lines.clear()

    def only_new(self, picture: RenderableType | None) -> RenderableType | None:
        """Return what writes no more of a picture than differs; nothing is remembered before that is done."""
        return _OnlyNew(picture, self) if isinstance(picture, ChopsUpdate | LayoutUpdate) else picture

    def text(self, update: ChopsUpdate | LayoutUpdate, console: Console) -> str:
        """Return what is to be sent to the terminal, and remember that it stands there."""
        system = _SYSTEMS.get(console.color_system or "", ColorSystem.TRUECOLOR)
        placed = _of_chops(update) if isinstance(update, ChopsUpdate) else _of_layout(update)
        written, look, at = list[str](), "", (-1, -1)
        for y, x, strip in placed:
            for cell, piece in _pieces(x, strip, system):
                if not self._is_new(y, cell, piece):
                    continue
                if at != (y, cell):
                    written.append(f"\x1b[{y + 1};{cell + 1}H")
                for wanted, text in piece.stretches:
                    written += [change(look, wanted), text]
                    look = wanted
                at = y, cell + piece.cells
        return "".join([*written, _RESET]) if look else "".join(written)

    def _is_new(self, y: int, x: int, piece: _Piece) -> bool:
        """Tell whether a piece differs from what stands in its place, and take down that it stands there now."""
        line = self._lines.setdefault(y, {})
        if line.get(x) == piece:
            return False
        end = x + piece.cells
        for other in [cell for cell, stands in line.items() if cell < end and cell + stands.cells > x]:
            del line[other]
        line[x] = piece
        return True


class _OnlyNew(CompositorUpdate):
    """An update of which only what differs is written."""

    def __init__(self, update: ChopsUpdate | LayoutUpdate, memory: ScreenMemory) -> None:
        self._update = update
        self._memory = memory

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self._update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        """Return what is to be sent; called once it is certain that it is."""
        return self._memory.text(self._update, console)


def _of_chops(update: ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Yield line, cell and strip of all that an update of parts of the screen writes."""
    for y, start, stop in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= stop and end > start:
                yield y, x, strip if start <= x and end <= stop else strip.crop(0, min(end, stop) - x)


def _of_layout(update: LayoutUpdate) -> Iterator[tuple[int, int, Strip]]:
    """Yield line, cell and strip of all that an update of the whole screen writes."""
    for y, strips in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in strips:
            yield y, x, strip
            x += strip.cell_length


def _pieces(x: int, strip: Strip, system: ColorSystem) -> Iterator[tuple[int, _Piece]]:
    """Yield the pieces of a strip with their cells: each of its segments, or all of them where cells are not sure."""
    segments = [segment for segment in strip if segment.text]
    if not all(_SURE.fullmatch(segment.text) for segment in segments):
        yield x, _Piece(strip.cell_length, tuple(_stretches(segments, system)))
        return
    for segment, stretch in zip(segments, _stretches(segments, system), strict=True):
        yield x, _Piece(len(segment.text), (stretch,))
        x += len(segment.text)


def _stretches(segments: Iterable[Segment], system: ColorSystem) -> Iterator[tuple[str, str]]:
    """Yield the look and the text of segments."""
    for text, style, _ in segments:
        drawn = text if style is None else Strip.render_style(style, text, system)
        if drawn.startswith("\x1b[") and drawn.endswith(_RESET):
            yield drawn[2 : -len(text) - len(_RESET) - 1], text
        else:  # plain, or a link, which brings its own sequences
            yield "", drawn
