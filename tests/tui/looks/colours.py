"""What is drawn, as a terminal of so many colours shows it, and whether it can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.color import Color, ColorSystem
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from textual.color import Color as Shade
from textual.pilot import Pilot

from tests.tui.cells import strips
from tui.app import themes
from tui.app.app import MorgueApp
from tui.app.legibility import GRAPHICS, PALETTES, TEXT, contrast, is_graphics

SYSTEMS = (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A stretch of cells of one style; its colours as a terminal of so many colours shows them, by each palette."""

    text: str
    style: Style
    pairs: tuple[tuple[Shade, Shade], ...]

    @property
    def contrast(self) -> float:
        return min(contrast(*pair) for pair in self.pairs)

    @property
    def wanted(self) -> float:
        return GRAPHICS if is_graphics(self.text) else TEXT

    @property
    def behind(self) -> Shade:
        return self.pairs[0][0] if self.style.reverse else self.pairs[0][1]


def drawn(app: MorgueApp, system: ColorSystem) -> Iterator[Drawn]:
    for strip in strips(app):
        for text, style, _ in strip:
            if text and style is not None:
                yield Drawn(text, style, tuple(pairs(style, system)))


def pairs(style: Style, system: ColorSystem) -> Iterator[tuple[Shade, Shade]]:
    assert not style.dim, "what dim does to a colour is the terminal's choice"
    assert style.bgcolor is not None, "a cell without a background has the terminal's"
    front, behind = (style.color or style.bgcolor).downgrade(system), style.bgcolor.downgrade(system)
    for palette in PALETTES if system is ColorSystem.STANDARD else PALETTES[:1]:
        yield shade(front, palette), shade(behind, palette)


def shade(colour: Color, palette: tuple[Shade, ...]) -> Shade:
    if colour.triplet is None and colour.number is not None and colour.number < 16:
        return palette[colour.number]
    return Shade(*colour.get_truecolor(DEFAULT_TERMINAL_THEME))


async def in_all_colours(pilot: Pilot[None], app: MorgueApp, place: str) -> None:
    """Look at what is drawn in each theme and number of colours."""
    for system in SYSTEMS:
        app.console._color_system = system
        for theme in themes.THEMES:
            app.theme = theme.name
            await pilot.pause()
            await pilot.pause()
            cells = [one for one in drawn(app, system) if not one.text.isspace()]
            assert len(cells) > 3
            poor = [(one.text, round(one.contrast, 2), str(one.style)) for one in cells if one.contrast < one.wanted]
            assert not poor, f"{place} in {theme.name}, {system.name}"
