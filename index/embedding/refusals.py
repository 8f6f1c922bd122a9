"""What is remembered of a model that was not exported: for good only where its vectors were compared and differed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import time
from typing import Final

from index.embedding.room import limits
from index.runtime.memo import recall, remember

_SOON: Final = 600.0  # seconds; chosen, not measured: room may be there again
_LATER: Final = 86_400.0  # seconds; chosen, not measured: an exporter that failed may be another one tomorrow
_DIFFERED: Final = "disagrees with"  # in notes of earlier builds, which do not say why


class Why(StrEnum):
    """Why a model was not exported."""

    DIFFERS = "differs"
    FAILED = "failed"
    ROOM = "room"
    NOT_LOADED = "not loaded"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a model was not exported, and what is told of it."""

    why: Why
    reason: str


def note_refusal(note: Path, refusal: Refusal) -> None:
    """Remember that a model was not exported.

    Args:
        note: the file; without room for it nothing is remembered.
        refusal: what happened.
    """
    facts = {"why": str(refusal.why), "reason": refusal.reason, "at": str(time()), "limits": str(limits())}
    remember(note, _circumstances(), facts)


def refusal_in_force(note: Path) -> Refusal | None:
    """Return what is remembered of a model, None where it is to be tried.

    Other vectors are for good with this torch. Where room was wanting it is tried again after ten minutes, or as soon
    as other limits hold; what failed otherwise, after a day. A note of an earlier build that does not tell of other
    vectors counts no more.
    """
    known = recall(note, _circumstances())
    reason, why = known.get("reason"), known.get("why")
    if not reason:
        return None
    if why not in set(Why):
        return Refusal(Why.DIFFERS, reason) if _DIFFERED in reason else None
    refusal = Refusal(Why(why), reason)
    return refusal if _holds(refusal.why, _age(known.get("at", "")), known.get("limits")) else None


def _holds(why: Why, age: float, under: str | None) -> bool:
    if why == Why.DIFFERS:
        return True
    if why == Why.FAILED:
        return age < _LATER
    return age < _SOON and under == str(limits())


def _age(at: str) -> float:
    """Return how many seconds ago that was; a time that lies ahead is long ago, for the clock was set back."""
    try:
        age = time() - float(at)
    except ValueError:
        return float("inf")
    return age if age >= 0 else float("inf")


def _circumstances() -> dict[str, object]:
    from importlib.metadata import version

    return {"torch": version("torch")}
