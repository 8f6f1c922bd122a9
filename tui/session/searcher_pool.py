"""One searcher lent to many threads; a replaced one is closed when its last borrower has done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.core.errors import ArchiveError
from archive.core.forking import Lock

if TYPE_CHECKING:
    from index.search.searcher import Searcher


@dataclass(slots=True)
class _Lent:
    searcher: Searcher
    borrowers: int = 0
    replaced: bool = False


class SearcherPool:
    """Lends the searcher in use; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._current: _Lent | None = None
        self._closed = False

    @property
    def open(self) -> bool:
        """Tell whether there is a searcher to lend."""
        return self._current is not None

    @contextmanager
    def lend(self) -> Iterator[Searcher]:
        """Lend the searcher in use; it stays open until given back, whatever replaces it meanwhile.

        Raises:
            ArchiveError: there is none yet.
        """
        with self._lock:
            lent = self._current
            if lent is None:
                raise ArchiveError("The archive is not open yet.")
            lent.borrowers += 1
        try:
            yield lent.searcher
        finally:
            with self._lock:
                lent.borrowers -= 1
                idle = lent.replaced and not lent.borrowers
            if idle:
                lent.searcher.close()

    def replace(self, searcher: Searcher | None) -> None:
        """Lend another searcher from now on, or none; one that comes after closing is closed."""
        with self._lock:
            if self._closed and searcher is not None:
                searcher.close()
                return
            old, self._current = self._current, _Lent(searcher) if searcher is not None else None
            if old is not None:
                old.replaced = True
            idle = old is not None and not old.borrowers
        if old is not None and idle:
            old.searcher.close()

    def close(self) -> None:
        """Lend no more; the searcher in use is closed when its last borrower has done."""
        with self._lock:
            self._closed = True
        self.replace(None)
