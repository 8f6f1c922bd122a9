"""A second thread for work that does not wait for what this one does."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from archive.cores import usable_cores

_Result = TypeVar("_Result")


def begun(work: Callable[[], _Result]) -> Callable[[], _Result]:
    """Begin some work on another core, if there is one; return what waits for its result, or raises what it raised."""
    return work if usable_cores() < 2 else _pool().submit(work).result


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(usable_cores(), "beside")
