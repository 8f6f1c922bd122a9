"""The bottom line: what is shown on the left, what can be done where the focus is on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from archive.text.visible import visible_line
from tui.app import keys
from tui.app.actions.working import Hint, hints
from tui.formats.wrapping import cells, fit

_GAP = "  "


class StatusLine(Widget):
    """One line of plain words, and of keys that can be clicked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"status--key"}

    def __init__(self) -> None:
        super().__init__()
        self.auto_links = False  # Textual's colours of links would stand over those of keys
        self._text = ""
        self._hints: tuple[Hint, ...] = ()

    @property
    def text(self) -> str:
        """Return the words on the left."""
        return self._text

    @property
    def hints(self) -> tuple[Hint, ...]:
        """Return what is said of keys, as far as there is room for it."""
        return self._hints

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)
        self._follow()

    def _follow(self, _: object = None) -> None:
        if self.is_attached and self.screen.is_mounted and (now := hints(self.screen)) != self._hints:
            self._hints = now
            self.refresh()

    def say(self, *parts: str) -> None:
        """Show these words; empty ones are left out."""
        text = " · ".join(visible_line(part) for part in parts if part)
        if text != self._text:
            self._text = text
            self.refresh()

    def render(self) -> Content:
        """Draw the words, and as many of the hints as there is room for."""
        width = max(0, self.size.width - 2)
        left = fit(self._text, width)
        shown = fitting(self._hints, width - cells(left) - len(_GAP))
        drawn = Content(_GAP).join(map(self._drawn, shown))
        gap = " " * max(0, width - cells(left) - cells(drawn.plain))
        return Content.assemble(" ", left, gap, drawn)

    def _drawn(self, hint: Hint) -> Content:
        """Draw a key and what it does; a click on either presses it."""
        key = self.get_visual_style("status--key", partial=True)
        words = Content.assemble((keys.label(hint.key), key), f" {hint.words}")
        return words.stylize(Style.from_meta({"@click": f"press({hint.key!r})"}))

    def action_press(self, key: str) -> None:
        """Do what a key does."""
        self.app.simulate_key(key)


def fitting(wanted: Sequence[Hint], room: int) -> list[Hint]:
    """Return the hints that fit side by side into so many cells, in their order."""
    kept, left = list[Hint](), room
    for hint in wanted:
        size = cells(f"{keys.label(hint.key)} {hint.words}")
        if size <= left:
            kept.append(hint)
            left -= size + len(_GAP)
    return kept
