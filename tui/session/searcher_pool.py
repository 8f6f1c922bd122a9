"""One searcher lent to many threads; a replaced one is closed when its last borrower has done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.search.searcher import Searcher


@dataclass(slots=True)
class _Held:
    searcher: Searcher
    borrowers: int = 0
    replaced: bool = False


class Desk:
    """Lends the searcher in use; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: _Held | None = None

    @property
    def open(self) -> bool:
        """Tell whether there is a searcher to lend."""
        return self._held is not None

    @contextmanager
    def lend(self) -> Iterator[Searcher]:
        """Lend the searcher in use; it stays open until given back, whatever replaces it meanwhile."""
        with self._lock:
            held = self._held
            if held is None:
                raise RuntimeError("no archive is open")
            held.borrowers += 1
        try:
            yield held.searcher
        finally:
            with self._lock:
                held.borrowers -= 1
                done = held.replaced and not held.borrowers
            if done:
                held.searcher.close()

    def replace(self, searcher: Searcher | None) -> None:
        """Lend another searcher from now on, or none."""
        with self._lock:
            old, self._held = self._held, _Held(searcher) if searcher is not None else None
            if old is not None:
                old.replaced = True
            idle = old is not None and not old.borrowers
        if old is not None and idle:
            old.searcher.close()
