"""Records within others: the messages of a chat, the articles in the answer of an interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from archive.folder.record_mappings import RecordMapping
from archive.readers.fields import Fields, fields
from archive.readers.records.names import LIST_NAMES, plain_name
from archive.readers.records.values import line_of

# How deep lists of records lie in others: the messages of the chats of an account. Chosen, not measured.
_DEEPEST: Final = 5


@dataclass(frozen=True, slots=True)
class Nested:
    """A record, and where it is in what was read.

    Attributes:
        stated: what it states.
        place: its number among those of an outer record, from 1; None for what was read itself.
    """

    record: Mapping[str, object]
    stated: Fields
    place: int | None = None


def records(
    record: Mapping[str, object], mappings: Sequence[RecordMapping], outer: Mapping[str, object]
) -> Iterator[Nested]:
    """Yield a record that has a text, or else those in its lists, if any of them has one; or else itself.

    Args:
        record: as it was read.
        mappings: of the archive's settings.
        outer: what stands before it in what it lies in, where that was too long to be read.
    """
    outlet = _called(outer)
    itself = Nested(record, fields(record, mappings, outlet))
    inner = [] if itself.stated.text else list(_inner(record, mappings, outlet, _DEEPEST))
    if any(nested.stated.text for nested in inner):
        yield from (replace(nested, place=place) for place, nested in enumerate(inner, 1))
    else:
        yield itself


def _inner(
    record: Mapping[str, object], mappings: Sequence[RecordMapping], outlet: str | None, depth: int
) -> Iterator[Nested]:
    """Yield the records in the lists of one that has no text."""
    own = _called(record) or outlet
    for key, value in record.items():
        if not depth or not isinstance(key, str) or plain_name(key) not in LIST_NAMES:
            continue
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, dict):
                continue
            nested = Nested(item, fields(item, mappings, own))
            deeper = [] if nested.stated.text else list(_inner(item, mappings, own, depth - 1))
            if deeper:
                yield from deeper
            elif nested.stated.text or isinstance(value, list):
                yield nested


def _called(record: Mapping[str, object]) -> str | None:
    """Return the name of what holds records: of a chat, of a feed."""
    return line_of(record.get("name")) or line_of(record.get("title"))
