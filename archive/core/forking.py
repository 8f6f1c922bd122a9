"""Locks, and knowing oneself, in a process that was forked: it has none of the other threads of the one before it.

A lock that one of those threads held would never be given back, and what they had begun to change is theirs. So locks
are made anew there, and whoever holds connections or threads asks ``process()`` whether they are its own.
``cached_property`` takes the place of that of ``functools``, which up to Python 3.11 holds a lock for all objects of a
class while it computes.
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


_locks: Final[WeakSet[Lock]] = WeakSet()


def process() -> int:
    """Return the number of this process; another than before tells that it was forked meanwhile."""
    return os.getpid()


def _renew() -> None:
    for lock in tuple(_locks):
        lock.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew)
