"""Locks, and knowing oneself, in a process that was forked: it has none of the other threads of the one before it.

A lock that one of those threads held would never be given back, and what they had begun to change is theirs. So locks
are made anew there, and whoever holds connections or threads asks ``process()`` whether they are its own.
"""

from __future__ import annotations

import os
import threading
from types import TracebackType
from typing import Final, Self
from weakref import WeakSet


class Lock:
    """A lock of threads, as ``threading.Lock``, that is open in a forked process.

    Args:
        again: whether the thread that holds it may take it again.
    """

    def __init__(self, *, again: bool = False) -> None:
        self._make = threading.RLock if again else threading.Lock
        self._lock = self._make()
        _locks.add(self)

    def renew(self) -> None:
        """Forget who holds it."""
        self._lock = self._make()

    def __enter__(self) -> Self:
        self._lock.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()


_locks: Final[WeakSet[Lock]] = WeakSet()


def process() -> int:
    """Return the number of this process; another than before tells that it was forked meanwhile."""
    return os.getpid()


def _renew() -> None:
    for lock in tuple(_locks):
        lock.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
