"""How long work tells what it is at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Looked:
    """What reading has found so far; all are articles (records) but ``files``.

    Attributes:
        files: how many files and other things were looked at.
        refused: files or records that cannot be taken in.
    """

    files: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    moved: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One moment of long work.

    Attributes:
        phase: ``reading``, ``lexical``, ``embedding``, ``vectors`` or ``verifying``.
        done: how many items of the phase are finished.
        total: of how many, None while that is unknown.
        before: how many a run that was cut short had finished already; they count in neither.
        looked: while sources are looked through, what was found in them so far.
    """

    phase: str
    done: int
    total: int | None
    before: int = 0
    looked: Looked | None = None


Progress = Callable[[Step], None]
