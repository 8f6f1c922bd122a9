"""How much of the machine a run takes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from archive.core.cores import usable_cores

if TYPE_CHECKING:
    from index.contracts.engines import Encoder
    from index.embedding.model import Model

_NICENESS: Final = 10  # what the command nice adds unless told otherwise


# Of glibc's malloc.h; other systems have no such function, or pay no attention to it.
_TRIM_THRESHOLD: Final = (-1, 512 << 10)
_MMAP_THRESHOLD: Final = (-3, 256 << 10)
_ARENA_MAX: Final = (-8, 2)


def give_back_memory() -> None:
    """Let what a long session frees go back to the system; to be called before most of its threads begin.

    By itself, glibc 2.36 keeps an arena for every thread, and after the first large block asks the system for none of
    that size again: the terminal UI held 367 MB after 5,000 keys in place of 285 (``benchmarks/wear_ui.py``).
    """
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in (_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX):
            mallopt(option, value)


def is_waited_for() -> bool:
    """Tell whether somebody sits at the terminal that a run tells its progress to; a timer's or cron's has none."""
    return sys.stderr.isatty()


def step_back() -> None:
    """Let everything else on the machine go first; where the system knows no such thing, do nothing."""
    if hasattr(os, "setpriority"):
        now = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, 0, max(now, _NICENESS))


def all_but_one() -> int:
    """Return how many cores a run takes that nobody waits for: all that it may use but one, at least one."""
    return max(1, usable_cores() - 1)


class Encoders:
    """Makes the encoder of passages, and gives the same one again as long as the model is the same.

    Attributes:
        threads: of the processor it may use; None for all.
    """

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads
        self._made: Encoder | None = None

    def __call__(self, model: Model) -> Encoder:
        """Return the encoder of a model."""
        if self._made is None or self._made.fingerprint != model.fingerprint:
            from index.embedding.fastest import Quickest

            self._made = Quickest(model, self.threads)
        return self._made
