"""What is written to the terminal stays legible: as Textual hands it on, each segment's colours are looked at last.

Contrast is WCAG 2.2's ratio of relative luminances. Colours that a terminal shows as others (256, 16) are judged as
shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rich.color import Color, ColorSystem, ColorType
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from textual.color import Color as Shade
from textual.filter import LineFilter

TEXT: Final = 4.5  # WCAG 2.2, success criterion 1.4.3 (AA)
GRAPHICS: Final = 3.0  # success criterion 1.4.11, for lines, bars and marks made of blocks

# The sixteen colours are what a terminal makes of them: the console of Linux (VGA), xterm, Windows (Campbell).
_SIXTEEN: Final = (
    "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc 767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2",
)
PALETTES: Final = tuple(tuple(Shade.parse(f"#{colour}") for colour in palette.split()) for palette in _SIXTEEN)
_BLACK, _BLUE, _WHITE = 0, 4, 15
_STEPS: Final = 20  # in which a colour is moved towards black or white; chosen, not measured


class Colourless(LineFilter):
    """Takes away every colour and writes none instead: the terminal's own two remain, and bold, underline, reverse."""

    def apply(self, segments: list[Segment], background: Shade) -> list[Segment]:
        """Return the segments without colours."""
        return [Segment(text, style and style.without_color, control) for text, style, control in segments]


class Legible(LineFilter):
    """Changes colours that cannot be told apart as this terminal shows them, and leaves all others."""

    def __init__(self, system: ColorSystem) -> None:
        super().__init__()
        self._system = system

    def apply(self, segments: list[Segment], background: Shade) -> list[Segment]:
        """Return the segments in colours that can be read."""
        return [
            segment if segment.style is None or not segment.text else self._applied(segment, segment.style, background)
            for segment in segments
        ]

    def _applied(self, segment: Segment, style: Style, background: Shade) -> Segment:
        wanted = 0.0 if segment.text.isspace() else GRAPHICS if is_graphics(segment.text) else TEXT
        legible = _in_sixteen if self._system is ColorSystem.STANDARD else _in_many
        return Segment(segment.text, legible(style, background, wanted, self._system), segment.control)


def is_graphics(text: str) -> bool:
    """Tell whether a text is made of lines and blocks alone (Box Drawing, Block Elements)."""
    return all("\u2500" <= character <= "\u259f" or character.isspace() for character in text)


def contrast(one: Shade, other: Shade) -> float:
    """Return the ratio of the lighter colour's luminance to the darker one's, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Shade) -> float:
    red, green, blue = (_linear(part) for part in colour.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


@lru_cache(4096)
def _in_many(style: Style, background: Shade, wanted: float, system: ColorSystem) -> Style:
    """Move the colour of a text towards black or white until it can be read; its hue goes last."""
    behind = _shade(style.bgcolor, foreground=False) or background
    colour = _shade(style.color, foreground=True)
    ground = _shown(behind, system)
    if colour is None or contrast(_shown(colour, system), ground) >= wanted:
        return style
    end = max(Shade(0, 0, 0), Shade(255, 255, 255), key=lambda pole: contrast(pole, ground))
    moved = (colour.blend(end, step / _STEPS) for step in range(1, _STEPS + 1))
    legible = next((shade for shade in moved if contrast(_shown(shade, system), ground) >= wanted), end)
    return style + Style.from_color(legible.rich_color)


@lru_cache(4096)
def _in_sixteen(style: Style, background: Shade, wanted: float, _: ColorSystem) -> Style:
    """Choose of the sixteen; where neither black nor white can be read on each terminal's idea of one, it is blue."""
    ground = _number(_shade(style.bgcolor, foreground=False) or background)
    if max(_least(_BLACK, ground), _least(_WHITE, ground)) < TEXT:
        ground = _BLUE
    colour = _shade(style.color, foreground=True)
    front = _number(colour) if colour is not None else max((_BLACK, _WHITE), key=lambda pole: _least(pole, ground))
    if _least(front, ground) < wanted:
        front = max((_BLACK, _WHITE), key=lambda pole: _least(pole, ground))
    return style + Style.from_color(_of_sixteen(front), _of_sixteen(ground))


def _least(front: int, ground: int) -> float:
    """Return the lowest contrast that two of the sixteen have in any terminal that is known."""
    return min(contrast(palette[front], palette[ground]) for palette in PALETTES)


def _of_sixteen(number: int) -> Color:
    return Color(f"color({number})", ColorType.STANDARD, number)


def _shade(colour: Color | None, *, foreground: bool) -> Shade | None:
    if colour is None or colour.is_default:
        return None
    return Shade(*colour.get_truecolor(DEFAULT_TERMINAL_THEME, foreground=foreground))


def _shown(colour: Shade, system: ColorSystem) -> Shade:
    """Return a colour as a terminal of so many shows it."""
    if system is ColorSystem.TRUECOLOR:
        return colour
    return Shade(*colour.rich_color.downgrade(system).get_truecolor(DEFAULT_TERMINAL_THEME))


def _number(colour: Shade) -> int:
    return colour.rich_color.downgrade(ColorSystem.STANDARD).number or 0


def filters(given: Sequence[LineFilter], system: ColorSystem | None) -> list[LineFilter]:
    """Put ours behind Textual's own; without colours, its grey ones go.

    Args:
        given: Textual's.
        system: what the terminal shows; None where nothing is to be coloured.
    """
    from textual.filter import Monochrome

    kept = [one for one in given if not isinstance(one, Monochrome)]
    return [*kept, _COLOURLESS if system is None else _LEGIBLE[system]]


_COLOURLESS: Final = Colourless()
_LEGIBLE: Final = {system: Legible(system) for system in ColorSystem}
