"""Which actions can be done where one is, by the keys that do them there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, runtime_checkable

from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Input

from tui.app import keys

_WAYS: Final = ("enter", "escape")
_EVERYWHERE: Final = frozenset(row.id for row in keys.EVERYWHERE)


@dataclass(frozen=True, slots=True)
class Offered:
    """An action that can be done.

    Attributes:
        name: its identifier.
        action: Textual's, such as ``screen.move(1)``.
        words: what it does.
        short: the same for the footer.
        keys: that do it, joined by commas.
        node: whose method it is.
    """

    name: str
    action: str
    words: str
    short: str
    keys: str
    node: DOMNode


@dataclass(frozen=True, slots=True)
class Hint:
    """What the footer says of an action: a key of it, as Textual names it, and what it does in a word or two."""

    key: str
    words: str


@runtime_checkable
class Idling(Protocol):
    """A screen of which some actions would change nothing now; their keys work all the same, and say why not."""

    @property
    def idle(self) -> frozenset[str]:
        """Return the names of these actions; the footer leaves them out."""


def hints(screen: Screen[object]) -> tuple[Hint, ...]:
    """Return what the footer shows: the ways on and back, what is done where the focus is, everywhere, around it.

    Over another screen, what is done there comes before what is done everywhere. What changes nothing now is left out.
    """
    shown: dict[str, tuple[int, Hint]] = {}
    idle = screen.idle if isinstance(screen, Idling) else frozenset()
    for key, active in screen.active_bindings.items():
        binding, name = active.binding, active.binding.id
        typed = isinstance(screen.focused, Input) and _writes(key)
        if not (binding.show and active.enabled) or name is None or name in idle or typed:
            continue
        if name not in shown:
            here, around = active.node is screen.focused, name not in _EVERYWHERE
            ranks = (key in _WAYS, here, active.node is screen.app, around, True)
            shown[name] = ranks.index(True), Hint(key, binding.description)
    return tuple(hint for _, hint in sorted(shown.values(), key=lambda ranked: ranked[0]))


def _writes(key: str) -> bool:
    """Tell whether a key writes something into a line; Textual does not know of all signs, nor of the space bar."""
    return key == "space" or len(keys.label(key)) == 1


def offered(screen: Screen[object], keymap: Mapping[str, str]) -> Iterator[Offered]:
    """Yield every action of a screen, wherever on it the focus is, once; what a line is edited with is left out.

    Args:
        screen: whose actions they are.
        keymap: one's own keys.
    """
    known: set[str] = set()
    focused = [] if screen.focused is None else [*screen.focused.ancestors_with_self]
    for node in (*focused, screen, *screen.query("*"), screen.app):
        if isinstance(node, Input) or not all(part.display for part in node.ancestors_with_self):
            continue
        for row in _rows(node):
            if row.id is not None and row.id not in known:
                known.add(row.id)
                yield Offered(row.id, row.action, row.tooltip, row.description, keymap.get(row.id, row.key), node)


def _rows(node: DOMNode) -> Iterator[Binding]:
    """Yield the rows that a node's class binds, and those that the classes it is made from bind."""
    for kind in type(node).__mro__:
        yield from (row for row in kind.__dict__.get("BINDINGS", ()) if isinstance(row, Binding))


def by_place(screen: Screen[object]) -> tuple[tuple[keys.Place, bool], ...]:
    """Return the places of all actions, those where the focus is first, and whether it is there."""
    active = {active.binding.id for active in screen.active_bindings.values()}
    here = {place.title: any(row.id in active for row in place.actions) for place in keys.PLACES}
    everywhere = keys.PLACES[0].title
    ordered = sorted(keys.PLACES, key=lambda place: (not here[place.title], place.title == everywhere))
    return tuple((place, here[place.title]) for place in ordered)
