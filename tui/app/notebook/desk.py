"""The notebook of the open archive: changes one after the other, in threads; what is told as kept is durable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from archive.core.errors import Busy
from tui.session.changes import Change, Made, Undoing, Wish
from tui.session.kept import Kept
from tui.session.searcher_pool import SearcherPool

if TYPE_CHECKING:
    from archive.notebook.kept import Clip
    from archive.notebook.notebook import Notebook
    from index.search.news import News

ASIDE: Final = " It lies in your own folder, because the archive may only be read."
_Result = TypeVar("_Result")


class Desk:
    """Reads and changes what is kept.

    Args:
        pool: lends the searcher of the archive.
        undoable: called when ``undo`` has one thing more to undo.

    Attributes:
        kept: as it was last read, with the changes since.
    """

    def __init__(self, pool: SearcherPool, undoable: Callable[[], None]) -> None:
        self.kept = Kept()
        self._pool = pool
        self._undoable = undoable
        self._undoing = Undoing()
        self._in_turn = asyncio.Lock()

    async def look(self) -> None:
        """Read what is kept, which other programs change too."""
        async with self._in_turn:
            if self._pool.open:
                self.kept = await asyncio.to_thread(self._with, lambda notebook: Kept.read(notebook, self.kept.news))

    async def change(self, wish: Wish) -> str:
        """Do what is wished, and return what is to be said of it once it is durable; nothing where nothing was done.

        Raises:
            ArchiveError: it was not done.
        """
        async with self._in_turn:
            return await self._make(wish(self.kept), undoes=False)

    async def undo(self) -> str:
        """Undo the last change that was not undone, and return what is to be said of it.

        Raises:
            ArchiveError: it was not done; it is not tried again, unless another program held the catalog.
        """
        async with self._in_turn:
            change = self._undoing.take()
            if change is None:
                return "There is nothing to undo."
            try:
                return await self._make(change, undoes=True)
            except Busy:
                self._undoing.put_back(change)
                self._undoable()
                raise

    async def clips(self) -> tuple[Clip, ...]:
        """Return all clips, each compared with its text just now."""
        await self.look()
        return self.kept.clips

    async def learn(self, news: Mapping[str, News]) -> None:
        """Take down what is new of saved questions, by their identifiers."""
        async with self._in_turn:
            self.kept = replace(self.kept, news=news)

    async def _make(self, change: Change | None, *, undoes: bool) -> str:
        if change is None:
            return ""
        if not self._pool.open:
            return "The archive is not open yet."
        made, is_aside = await asyncio.to_thread(self._with, lambda notebook: self._made(change, notebook))
        self.kept = replace(made.kept, is_aside=is_aside)
        if made.undo is not None and not undoes:
            self._undoing.made(made)
            self._undoable()
        hint = " U undoes it." if made.undo is not None and not undoes else ""
        return f"{made.words}{ASIDE if is_aside else ''}{hint}" if made.words else ""

    def _made(self, change: Change, notebook: Notebook) -> tuple[Made, bool]:
        return change.make(notebook, self.kept), notebook.is_aside

    def _with(self, work: Callable[[Notebook], _Result]) -> _Result:
        with self._pool.lend() as searcher:
            return work(searcher.archive.notebook)
