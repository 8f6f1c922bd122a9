"""What stands in the cells of the screen, as the terminal is sent it."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len
from rich.style import Style
from textual._context import visible_screen_stack
from textual.app import App
from textual.strip import Strip


def strips(app: App[Any]) -> list[Strip]:
    """Return the lines of the screen, with what shines through it: Textual remembers them as they were drawn last."""
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


def lines(app: App[Any]) -> list[str]:
    """Return the words of each line of the screen."""
    return ["".join(segment.text for segment in row) for row in strips(app)]


def shown(app: App[Any]) -> str:
    """Return the words on the screen, white space collapsed."""
    return " ".join(" ".join(lines(app)).split())


def styled(app: App[Any]) -> list[tuple[int, int, str, Style]]:
    """Return each piece of the screen with its line, its first cell, its text and its style."""
    pieces = []
    for number, row in enumerate(strips(app)):
        cell = 0
        for segment in row:
            pieces.append((number, cell, segment.text, segment.style or Style()))
            cell += cell_len(segment.text)
    return pieces
