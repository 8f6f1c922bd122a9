"""How far a child process is, by the lines of ``--progress json`` that it writes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

_COUNTS: Final = ("files", "added", "changed", "unchanged", "moved", "refused")


@dataclass(frozen=True, slots=True)
class Counts:
    """What was found in the sources so far: files looked at, articles, and what was refused."""

    files: int
    added: int
    changed: int
    unchanged: int
    moved: int
    refused: int


@dataclass(frozen=True, slots=True)
class Far:
    """How far it is.

    Attributes:
        phase: as ``archive.core.progress.Step`` has it.
        done, total: items of the phase; ``total`` is None while it is not known.
        rate: items a second, None while it is not known.
        left: seconds until the phase is done, None while that is not known.
        counts: while sources are looked through.
    """

    phase: str
    done: int
    total: int | None
    rate: float | None
    left: float | None
    counts: Counts | None


def parsed(line: bytes) -> Far | None:
    """Return what a line tells; None where it is another message, or garbage."""
    if not line.startswith(b"{"):
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not isinstance(value.get("phase"), str):
        return None
    done, total, counts = _count(value.get("done")), _count(value.get("total")), _counts(value.get("articles"))
    rate, left = _number(value.get("rate")), _number(value.get("seconds_left"))
    return None if done is None else Far(value["phase"], done, total, rate, left, counts)


def _counts(value: Any) -> Counts | None:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(value, dict):
        return None
    numbers = [number for name in _COUNTS if (number := _count(value.get(name))) is not None]
    return Counts(*numbers) if len(numbers) == len(_COUNTS) else None


def _count(value: Any) -> int | None:  # noqa: ANN401
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _number(value: Any) -> float | None:  # noqa: ANN401
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < float("inf") else None
