"""The notebook of the open archive: changes one after the other, in threads; what is told as kept is durable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from tui.session.kept import Kept
from tui.session.keyed import Keyed
from tui.session.searcher_pool import SearcherPool

if TYPE_CHECKING:
    from archive.notebook.kept import Clip
    from archive.notebook.notebook import Notebook
    from index.search.news import News
    from tui.session.changes import Change, Made, Wish

ASIDE: Final = " It lies in your own folder, because the archive may only be read."
_Result = TypeVar("_Result")


class Desk:
    """Reads and changes what is kept.

    Args:
        pool: lends the searcher of the archive.
        in_words: writes a sentence with the keys that its actions have.

    Attributes:
        kept: as it was last read, with the changes since.
    """

    def __init__(self, pool: SearcherPool, in_words: Callable[[str | Keyed], str]) -> None:
        self.kept = Kept()
        self._pool = pool
        self._in_words = in_words
        self._in_turn = asyncio.Lock()

    async def look(self) -> None:
        """Read what is kept, which other programs change too."""
        async with self._in_turn:
            if self._pool.open:
                self.kept = await asyncio.to_thread(self._with, lambda notebook: Kept.read(notebook, self.kept.news))

    async def change(self, wish: Wish) -> tuple[str, Change | None]:
        """Do what is wished, and return what is to be said of it once it is durable, and what undoes it.

        Raises:
            ArchiveError: it was not done.
        """
        async with self._in_turn:
            change = wish(self.kept)
            return ("", None) if change is None else await self._make(change)

    async def undo(self, change: Change) -> str:
        """Do what undoes a change, and return what is to be said of it.

        Raises:
            ArchiveError: it was not done.
        """
        async with self._in_turn:
            words, _ = await self._make(change)
            return words

    async def settled(self) -> None:
        """Wait until everything is done that was wished before."""
        async with self._in_turn:
            pass

    async def clips(self) -> tuple[Clip, ...]:
        """Return all clips, each compared with its text just now."""
        await self.look()
        return self.kept.clips

    async def learn(self, news: Mapping[str, News]) -> None:
        """Take down what is new of saved questions, by their identifiers."""
        async with self._in_turn:
            self.kept = replace(self.kept, news=news)

    async def _make(self, change: Change) -> tuple[str, Change | None]:
        if not self._pool.open:
            return "The archive is not open yet.", None
        made, is_aside = await asyncio.to_thread(self._with, lambda notebook: self._made(change, notebook))
        self.kept = replace(made.kept, is_aside=is_aside)
        words = self._in_words(made.words)
        return (f"{words}{ASIDE if is_aside else ''}" if words else ""), made.undo

    def _made(self, change: Change, notebook: Notebook) -> tuple[Made, bool]:
        return change.make(notebook, self.kept), notebook.is_aside

    def _with(self, work: Callable[[Notebook], _Result]) -> _Result:
        with self._pool.lend() as searcher:
            return work(searcher.archive.notebook)
