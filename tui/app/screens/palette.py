"""The command palette's commands: every action of the screen it was opened from, found by its words."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui.app import keys
from tui.app.actions.whole_screen import LeftOnce
from tui.app.actions.working import Offered, offered


class Palette(CommandPalette, LeftOnce):
    """Textual's list of commands, which an Enter that comes twice leaves once."""


class Actions(Provider):
    """Offers what can be done on a screen, wherever on it the focus is."""

    async def startup(self) -> None:
        """Look up what can be done on the screen as it was left."""
        own = self.app._keymap  # Textual has no other way to read it
        self._offered = [one for one in offered(self.screen, own) if one.name != "commands"]

    async def discover(self) -> Hits:
        """Yield everything, what is nearest to the focus first."""
        for one in self._offered:
            yield DiscoveryHit(Content(one.words), self._command(one), text=one.words, help=_help(one))

    async def search(self, query: str) -> Hits:
        """Yield what matches the words typed: what begins with them, then what has words that do, then the rest."""
        matcher = self.matcher(query)
        for one in self._offered:
            letters, begins = matcher.match(one.words), beginning(query, one)
            if letters > 0 or begins:
                found = matcher.highlight(one.words)
                score = begins + letters / (1 + letters)  # letters on their way decide among what begins alike
                yield Hit(score, found, self._command(one), text=one.words, help=_help(one))

    def _command(self, one: Offered) -> Callable[[], Awaitable[bool]]:
        return partial(self.app.run_action, one.action, one.node)


def beginning(typed: str, one: Offered) -> int:
    """Tell how an action begins with what is typed, in any of its wordings; more is better.

    Returns:
        3 where a wording begins with it and its last word is whole, 2 where that word may go on, 1 where each word
        typed begins one of the wording's words, else 0.
    """
    wanted = _words(typed)
    return max((_beginning(wanted, _words(text)) for text in (one.words, one.name, one.short)), default=0)


def _beginning(wanted: Sequence[str], words: Sequence[str]) -> int:
    if not wanted:
        return 0
    head = words[: len(wanted)]
    if head == wanted:
        return 3
    if head[:-1] == wanted[:-1] and len(head) == len(wanted) and head[-1].startswith(wanted[-1]):
        return 2
    return int(all(any(word.startswith(part) for word in words) for part in wanted))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _help(one: Offered) -> str:
    """Return the keys that do the same; what is told here is read as markup, and brackets are keys."""
    return keys.labels(one.keys).replace("[", r"\[")
