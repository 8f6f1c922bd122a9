"""What is found out about one thing of an installation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from archive.core.errors import ArchiveError, Remedy


class State(StrEnum):
    """How a thing is: in order, not as it should be, not there, or there and of no use."""

    OK = "ok"
    ODD = "odd"
    MISSING = "missing"
    BROKEN = "broken"


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
    except ArchiveError as error:
        found.append(Finding(topic, name, State.BROKEN, error.message, error.remedy))
    except Exception as error:  # what is broken raises anything
        found.append(Finding(topic, name, State.BROKEN, f"It cannot be looked at: {type(error).__name__}: {error}"))
    return found
