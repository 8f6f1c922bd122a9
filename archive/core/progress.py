"""How long work tells what it is at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of long work.

    Attributes:
        phase: ``reading``, ``lexical``, ``embedding``, ``vectors`` or ``verifying``.
        done: how many items of the phase are finished.
        total: of how many, None while that is unknown.
        before: how many a run that was cut short had finished already; they count in neither.
    """

    phase: str
    done: int
    total: int | None
    before: int = 0


Progress = Callable[[Step], None]
