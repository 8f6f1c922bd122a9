"""Work on a thread that every other one comes before, for what must not hold up the slowest part of a build."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final, TypeVar

from archive.core.progress import Progress, Step

_LOWER: Final = 10
_Result = TypeVar("_Result")


class _GivenUp(Exception):
    """Whoever waited for the work has stopped waiting."""


def giving_way(work: Callable[[Progress], _Result], progress: Progress | None) -> _Result:
    """Do some work on a thread of lower priority, where threads have one (Linux), and wait for it.

    Args:
        work: is given a callback to tell its steps; it ends there when the wait was interrupted.
        progress: told of the steps.

    Returns:
        What the work returned; whatever it raised is raised here.
    """
    interrupted = threading.Event()

    def step(one: Step) -> None:
        if interrupted.is_set():
            raise _GivenUp
        if progress is not None:
            progress(one)

    with ThreadPoolExecutor(1, "giving-way", _give_way) as pool:
        waiting = pool.submit(work, step)
        try:
            return waiting.result()
        except BaseException:
            interrupted.set()
            raise


def _give_way() -> None:
    if sys.platform == "linux":
        own = threading.get_native_id()
        with suppress(OSError):  # a sandbox may forbid it; then all go at the same priority
            os.setpriority(os.PRIO_PROCESS, own, os.getpriority(os.PRIO_PROCESS, own) + _LOWER)
