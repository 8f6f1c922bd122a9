"""Locks, and knowing oneself, in a process that was forked: it has none of the other threads of the one before it.

A lock that one of those threads held would never be given back, and what they had begun to change is theirs. So locks
are made anew there, and whoever holds connections or threads asks ``process()`` whether they are its own.
``cached_property`` takes the place of that of ``functools``, which up to Python 3.11 holds a lock for all objects of a
class while it computes. Locks inside of SQLite and of the encoder cannot be made anew: a fork waits for the calls that
may hold one (``unforked``).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar, overload
from weakref import WeakSet

_Value = TypeVar("_Value")


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


class cached_property(Generic[_Value]):  # noqa: N801 - as the one in whose place it is
    """A property that is computed once and kept, without a lock: threads that ask at once may each compute it.

    All of them get what the first of them kept.
    """

    def __init__(self, compute: Callable[[Any], _Value]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> _Value: ...
    def __get__(self, instance: object | None, owner: type) -> Self | _Value:
        """Return the value, which is asked for here only until the object holds it."""
        if instance is None:
            return self
        kept: _Value = instance.__dict__.setdefault(self._name, self._compute(instance))
        return kept


class _Calls:
    """Calls that are running, outermost ones alone, for the end of which a fork waits.

    Between ``stop`` and ``go_on`` no thread begins one.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._running = 0
        self._stopped = False
        self._within = threading.local()

    def __enter__(self) -> None:
        depth = getattr(self._within, "depth", 0)
        if not depth:
            with self._changed:
                self._changed.wait_for(lambda: not self._stopped, _PATIENCE)
                self._running += 1
        self._within.depth = depth + 1

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._within.depth -= 1
        if not self._within.depth:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def stop(self) -> None:
        """Wait for what runs in other threads, but not for ever: one may wait for the thread that forks."""
        self._changed.acquire()
        self._stopped = True
        own = int(getattr(self._within, "depth", 0) > 0)
        self._changed.wait_for(lambda: self._running <= own, _PATIENCE)

    def go_on(self) -> None:
        """Let calls begin again."""
        self._stopped = False
        self._changed.notify_all()
        self._changed.release()

    def renew(self) -> None:
        """Know of no other thread's calls."""
        self._changed, self._stopped = threading.Condition(), False
        self._running = int(getattr(self._within, "depth", 0) > 0)


_PATIENCE: Final = 5.0  # seconds; chosen, not measured: a question takes a fraction of one
_locks: Final[WeakSet[Lock]] = WeakSet()
unforked: Final = _Calls()
"""A context in which nothing is forked by another thread; a fork that was begun meanwhile waits, 5 s at most."""


def process() -> int:
    """Return the number of this process; another than before tells that it was forked meanwhile."""
    return os.getpid()


def _renew() -> None:
    for lock in tuple(_locks):
        lock.renew()
    unforked.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=unforked.stop, after_in_parent=unforked.go_on, after_in_child=_renew)
