"""The command palette's commands: every action of the screen it was opened from, found by its words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui.app import keys
from tui.app.actions.working import Offered, offered


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
        """Yield what matches the words typed."""
        matcher = self.matcher(query)
        for one in self._offered:
            if (score := matcher.match(one.words)) > 0:
                found = matcher.highlight(one.words)
                yield Hit(score, found, self._command(one), text=one.words, help=_help(one))

    def _command(self, one: Offered) -> Callable[[], Awaitable[bool]]:
        return partial(self.app.run_action, one.action, one.node)


def _help(one: Offered) -> str:
    """Return the keys that do the same; what is told here is read as markup, and brackets are keys."""
    return keys.labels(one.keys).replace("[", r"\[")
