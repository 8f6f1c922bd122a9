"""What is found out about one thing of an installation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from archive.core.errors import ArchiveError, Remedy
from archive.core.system_limits import in_words, limit_of


class State(StrEnum):
    """How a thing is: in order, not as it should be, not there, there and of no use, or not known.

    It is not known where the system refused what looking takes, such as memory; nothing may be wrong with the thing.
    """

    OK = "ok"
    ODD = "odd"
    MISSING = "missing"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one thing.

    Attributes:
        topic: what kind of thing it is, one word.
        name: of the thing.
        state: how it is.
        message: what was found and where.
        remedy: what mends it, None where nothing does or nothing needs to.
    """

    topic: str
    name: str
    state: State
    message: str
    remedy: Remedy | None = None


def guarded(topic: str, name: str, probe: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """Return what a probe finds; an error is a finding too, whatever raised it."""
    found: list[Finding] = []
    try:
        found.extend(probe())
    except Exception as error:  # what is broken raises anything
        found.append(_of(topic, name, error))
    return found


def _of(topic: str, name: str, error: Exception) -> Finding:
    """Return what an error tells of a thing."""
    if (limit := limit_of(error)) is not None:
        return Finding(topic, name, State.UNKNOWN, f"The system did not let it be looked at: {in_words(limit)}.")
    if isinstance(error, ArchiveError):
        return Finding(topic, name, State.BROKEN, error.message, error.remedy)
    return Finding(topic, name, State.BROKEN, f"It cannot be looked at: {type(error).__name__}: {error}")
