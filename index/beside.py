"""Two pieces of work at once, each of which lets other threads run."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from typing import TypeVar

from archive.cores import usable_cores

_First = TypeVar("_First")
_Second = TypeVar("_Second")


def both(first: Callable[[], _First], second: Callable[[], _Second]) -> tuple[_First, _Second]:
    """Return what two pieces of work give; the second is done on another core, if there is one.

    Both have ended when this returns or raises, what the first raised before what the second did.
    """
    if usable_cores() < 2:
        return first(), second()
    try:
        begun = _pool().submit(second)
    except RuntimeError:  # the interpreter is ending, and begins no threads any more
        return first(), second()
    try:
        found = first()
    finally:
        wait([begun])
    return found, begun.result()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(usable_cores(), "beside")


if hasattr(os, "register_at_fork"):  # a child has none of the threads
    os.register_at_fork(after_in_child=_pool.cache_clear)
