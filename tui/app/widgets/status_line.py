"""The bottom line: what is shown on the left, what can be done where the focus is on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from archive.text.visible import visible_line
from tui.app import keys
from tui.app.actions.working import Hint, hints
from tui.formats.wrapping import cells, fit

_GAP: Final = "  "
_JOINT: Final = " · "


class StatusLine(Widget):
    """One line of plain words, and of keys that can be clicked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"status--key"}

    def __init__(self) -> None:
        super().__init__()
        self.auto_links = False  # Textual's colours of links would stand over those of keys
        self._parts: tuple[str, ...] = ()
        self._hints: tuple[Hint, ...] = ()

    @property
    def text(self) -> str:
        """Return the words on the left, as if there were room for all of them."""
        return _JOINT.join(self._parts)

    @property
    def hints(self) -> tuple[Hint, ...]:
        """Return what is said of keys, as far as there is room for it."""
        return self._hints

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self.follow)
        self.follow()

    def follow(self, _: object = None) -> None:
        """Look again what can be done where the focus is."""
        if self.is_attached and self.screen.is_mounted and (now := hints(self.screen)) != self._hints:
            self._hints = now
            self.refresh()

    def say(self, *parts: str) -> None:
        """Show these words, what matters most first; empty ones are left out, the last ones where there is no room."""
        shown = tuple(visible_line(part) for part in parts if part)
        if shown != self._parts:
            self._parts = shown
            self.refresh()

    def render(self) -> Content:
        """Draw the words, and as many of the hints as there is room for; the most useful two come before most words."""
        width = max(0, self.size.width - 2)
        left = fit(joined(self._parts, width - cells(_told(useful(self._hints))) - len(_GAP)), width)
        shown = fitting(self._hints, width - cells(left) - len(_GAP))
        drawn = Content(_GAP).join(map(self._drawn, shown))
        gap = " " * max(0, width - cells(left) - cells(drawn.plain)) if left else ""
        return Content.assemble(" ", left, gap, drawn)

    def _drawn(self, hint: Hint) -> Content:
        """Draw a key and what it does; a click on either presses it."""
        key = self.get_visual_style("status--key", partial=True)
        words = Content.assemble((keys.label(hint.key), key), f" {hint.words}")
        return words.stylize(Style.from_meta({"@click": f"press({hint.key!r})"}))

    def action_press(self, key: str) -> None:
        """Do what a key does."""
        self.app.simulate_key(key)


def useful(wanted: Sequence[Hint]) -> list[Hint]:
    """Return the hints that room is made for: the first, and the one that leads to all others."""
    return [hint for place, hint in enumerate(wanted) if place == 0 or hint.key == "f1"]


def joined(parts: Sequence[str], room: int) -> str:
    """Join as many of the first parts as have room; the first is there in any case."""
    shown = list(parts)
    while len(shown) > 1 and cells(_JOINT.join(shown)) > room:
        shown.pop()
    return _JOINT.join(shown)


def _told(shown: Sequence[Hint]) -> str:
    return _GAP.join(f"{keys.label(hint.key)} {hint.words}" for hint in shown)


def fitting(wanted: Sequence[Hint], room: int) -> list[Hint]:
    """Return the hints that fit side by side into so many cells, the useful ones before others, in their order."""
    first = useful(wanted)
    kept, left = list[Hint](), room
    for hint in (*first, *(other for other in wanted if other not in first)):
        size = cells(f"{keys.label(hint.key)} {hint.words}")
        if size <= left:
            kept.append(hint)
            left -= size + len(_GAP)
    return [hint for hint in wanted if hint in kept]
