"""The reader beside the results, opened at the selected passage as soon as the selection rests."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import BindingType
from textual.timer import Timer

from tui.app import keys
from tui.app.widgets.reader import Reader
from tui.app.worker import ArchiveWorker

if TYPE_CHECKING:
    from index.query.ast import Query
    from index.search.answer import Hit

# A selection rests when no other comes for so long: a key that is held down repeats sooner. Chosen, not measured.
REST_SECONDS: Final = 0.04


class Preview(Reader):
    """Follows the selection, once it rests: the list is never kept waiting."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.PREVIEW]

    def __init__(self, worker: ArchiveWorker, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(worker, id=id)
        self._resting: Timer | None = None

    def point(self, hit: Hit | None, query: Query | None, total: str = "") -> None:
        """Show a hit's article with what matches the question in it; nothing, without a hit."""
        if self._resting is not None:
            self._resting.stop()
        for group in ("page", "near"):  # what was read for a passage that is not selected any more
            self.workers.cancel_group(self, group)
        if hit is not None and query is not None:
            self._resting = self.set_timer(REST_SECONDS, partial(self.read, hit, query, total))
        elif self.page is not None:
            self.clear()
