"""What can be closed, and is used after that: one plain error, whatever would have gone wrong first."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from archive.core.errors import UsageError
from archive.core.forking import unforked


class Closable(Protocol):
    """What can be closed."""

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        ...


Owner = TypeVar("Owner", bound=Closable)
Given = ParamSpec("Given")
Result = TypeVar("Result")


def while_open(
    method: Callable[Concatenate[Owner, Given], Result],
) -> Callable[Concatenate[Owner, Given], Result]:
    """Let a method be used only before its owner is closed; what it raises while another thread closes it is that too.

    A fork waits for its end.

    The method raises:
        UsageError: its owner was closed.
    """

    @wraps(method)
    def used(owner: Owner, /, *given: Given.args, **named: Given.kwargs) -> Result:
        if owner.closed:
            raise _was_closed(owner)
        try:
            with unforked:
                return method(owner, *given, **named)
        except Exception as error:
            if owner.closed:
                raise _was_closed(owner) from error
            raise

    return used


def _was_closed(owner: object) -> UsageError:
    return UsageError(f"This {type(owner).__name__.lower()} was closed; open another one.")
