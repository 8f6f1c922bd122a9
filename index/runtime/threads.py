"""Work on several cores at once, of pieces that each let other threads run."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from itertools import pairwise
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from archive.core.cores import usable_cores

_WORTH: Final = 200_000  # rows of a piece; of fewer, a product is done before another thread has begun; estimated
_MOST: Final = 4  # pieces; chosen, not measured: memory has no more to give
_First = TypeVar("_First")
_Second = TypeVar("_Second")
_Kind = TypeVar("_Kind", bound=np.generic)


def both(first: Callable[[], _First], second: Callable[[], _Second]) -> tuple[_First, _Second]:
    """Return what two pieces of work give; the second is done on another core, if there is one.

    Both have ended when this returns or raises, what the first raised before what the second did.
    """
    if usable_cores() < 2:
        return first(), second()
    try:
        begun = _pool("both", usable_cores()).submit(second)
    except RuntimeError:  # the interpreter is ending, and begins no threads any more
        return first(), second()
    try:
        result = first()
    finally:
        wait([begun])
    return result, begun.result()


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
        waiting = [_pool("pieces", _MOST - 1).submit(work, part) for part in others]
    except RuntimeError:  # the interpreter is ending, and begins no threads any more
        return work(slice(0, rows))
    return np.concatenate([work(first), *(future.result() for future in waiting)])


@cache
def _pool(job: str, most: int) -> ThreadPoolExecutor:
    """Return the threads of one job; two jobs share none, because what ``both`` begins waits for pieces."""
    return ThreadPoolExecutor(most, job)


def _alone() -> None:
    """Do without threads that a forked process has not: our own, and those of OpenMP, which would be waited for."""
    _pool.cache_clear()
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(1)
    if (faiss := sys.modules.get("faiss")) is not None:
        faiss.omp_set_num_threads(1)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_alone)
