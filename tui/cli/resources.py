"""How much of the machine a run takes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from archive.core.cores import usable_cores

if TYPE_CHECKING:
    from index.contracts.engines import Encoder
    from index.embedding.model import Model

_NICENESS: Final = 10  # what the command nice adds unless told otherwise


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
