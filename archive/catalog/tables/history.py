"""Which states of the catalog an index was made of: their change numbers, each with a random name.

Change numbers alone prove nothing: a catalog that is put back gives the same numbers out again, for other changes. A
random name stands in the catalog and in the index that is made of it, so a catalog that holds the name is that one, or
a later state of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex
from typing import Final

from archive.catalog.tables import meta
from archive.catalog.transaction import CatalogReader, Transaction, number

_NAME: Final = "indexed states"
# Chosen, not measured: an index that a reader still holds is seldom so many builds old.
_KEPT: Final = 64
_BETWEEN: Final = ":"


@dataclass(frozen=True, slots=True)
class State:
    """A state of the catalog.

    Attributes:
        change: its change number.
        token: a random name (hex), empty for one of before there were such names.
    """

    change: int
    token: str


NONE: Final = State(0, "")
"""Of an archive that nothing was indexed of."""


def state(reader: CatalogReader) -> State:
    """Return the state as it is, with the name it got last."""
    change, named = _read(reader)
    return State(change, named[-1].token if named else "")


def name(writing: Transaction, indexed: State = NONE) -> None:
    """Give the state a new name.

    Args:
        writing: a transaction; nothing may be written between it and the reading of that state.
        indexed: the state that the index in use is made of. Its name is kept however many builds fail from then on, and
            where the catalog does not come from it, the change number goes on above its own.
    """
    change, named = _read(writing)
    if not follows(writing, indexed):
        change = max(change, indexed.change + 1)
    held, others = ([one for one in named if (one == indexed) is same] for same in (True, False))
    _write(writing, change, (*held, *others[1 - _KEPT :], State(change, token_hex(16))))


def number_on(writing: Transaction, above: int) -> None:
    """Raise the change number above another, and above its own."""
    change, named = _read(writing)
    _write(writing, max(change, above) + 1, named)


def follows(reader: CatalogReader, earlier: State) -> bool:
    """Tell whether the catalog is in a state, or came from it; one without a name is told by its number alone."""
    change, named = _read(reader)
    return earlier.change <= change and (not earlier.token or earlier in named)


def forget(writing: Transaction) -> None:
    """Let the catalog be one that no index was made of."""
    meta.forget(writing, _NAME)


def _read(reader: CatalogReader) -> tuple[int, tuple[State, ...]]:
    """Return the change number, and the states that have a name, oldest first; what damage left unreadable is none."""
    values = meta.several(reader, (meta.CHANGE, _NAME))
    parted = (one.partition(_BETWEEN) for one in values.get(_NAME, "").split())
    named = tuple(State(int(change), token) for change, _, token in parted if change.isdecimal() and token)
    return number(values.get(meta.CHANGE)), named


def _write(writing: Transaction, change: int, named: tuple[State, ...]) -> None:
    meta.write(writing, meta.CHANGE, str(change))
    if named:
        meta.write(writing, _NAME, " ".join(f"{one.change}{_BETWEEN}{one.token}" for one in named))
