"""One piece of work on a great many rows, on several cores at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from archive.cores import usable_cores

_WORTH: Final = 200_000  # rows of a piece; of fewer, a product is done before another thread has begun
_MOST: Final = 4  # memory has no more to give
_Kind = TypeVar("_Kind", bound=np.generic)


def in_pieces(work: Callable[[slice], NDArray[_Kind]], rows: int) -> NDArray[_Kind]:
    """Return what ``work`` makes of rows, one value for each, in order.

    Args:
        work: of some rows; it lets other threads run meanwhile, as numpy's and numkong's products do.
        rows: how many there are.
    """
    count = min(usable_cores(), _MOST, rows // _WORTH)
    if count < 2:
        return work(slice(0, rows))
    ends = np.linspace(0, rows, count + 1).astype(int).tolist()
    first, *others = (slice(*pair) for pair in pairwise(ends))
    try:
        waiting = [_pool().submit(work, part) for part in others]
    except RuntimeError:  # the interpreter is ending, and begins no threads any more
        return work(slice(0, rows))
    return np.concatenate([work(first), *(one.result() for one in waiting)])


@cache
def _pool() -> ThreadPoolExecutor:
    # not that of index.beside, whose work waits for this one's
    return ThreadPoolExecutor(_MOST - 1, "pieces")


if hasattr(os, "register_at_fork"):  # a child has none of the threads
    os.register_at_fork(after_in_child=_pool.cache_clear)
