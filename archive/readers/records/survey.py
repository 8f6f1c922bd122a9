"""What the records of a file hold and how each field is read, for a person who looks before adding."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, get_args

from archive.core.record_fields import FieldSeen, FieldsSeen, Role
from archive.readers.fields import Fields, example
from archive.readers.records.names import known, plain_name
from archive.readers.records.nesting import Nested
from archive.readers.records.values import leaves

LOOKED_AT: Final = 100  # records, from the first: those of a file are of one shape or of a few. Chosen, not measured.
_MOST: Final = 80  # fields that are told; a record of everything has hundreds. Chosen, not measured.
_SHORTEST_TEXT: Final = 80  # characters, on average, of what may be a text nobody named as one. Chosen, not measured.
_DEEPEST: Final = 16  # lists in lists whose characters are counted: as deep as texts are read. Chosen, not measured.
_ROLES: Final[tuple[Role, ...]] = get_args(Role)


@dataclass(slots=True)
class _Tally:
    example: str
    first: int
    records: int = 0
    characters: int = 0
    roles: Counter[Role] = field(default_factory=Counter)
    unreadable: Counter[Role] = field(default_factory=Counter)


def surveyed(path: str, name: str, found: Sequence[Nested]) -> FieldsSeen:
    """Return what some records hold.

    Args:
        path: of the file, absolute.
        name: what a section of settings for it may be called, from the file's name.
        found: the records, as they are read.
    """
    tallies: dict[str, _Tally] = {}
    for nested in found:
        for leaf, value in leaves(nested.record):
            if leaf in tallies or len(tallies) < _MOST:
                _count(tallies.setdefault(leaf, _Tally(example(value), len(tallies))), leaf, value, nested.stated)
    without_text = sum(not nested.stated.text for nested in found)
    seen = tuple(_seen(leaf, tally) for leaf, tally in tallies.items())
    return FieldsSeen(path, len(found), without_text, seen, _proposal(name, tallies, without_text))


def _count(tally: _Tally, leaf: str, value: object, stated: Fields) -> None:
    tally.records += 1
    tally.characters += _characters(value)
    tally.roles.update(role for role, path in stated.paths.items() if _lies_in(leaf, path))
    tally.unreadable.update(one.role for one in stated.unread if _lies_in(leaf, one.field))


def _seen(leaf: str, tally: _Tally) -> FieldSeen:
    role, unreadable = (
        next((each for each, _ in some.most_common(1)), None) for some in (tally.roles, tally.unreadable)
    )
    return FieldSeen(leaf, tally.records, tally.example, role, None if role else unreadable)


def _lies_in(leaf: str, path: str) -> bool:
    """Tell whether a field is what was read, or a part of it."""
    return leaf == path or leaf.startswith((f"{path}.", f"{path}["))


def _characters(value: object, depth: int = _DEEPEST) -> int:
    if isinstance(value, list):
        return sum(_characters(item, depth - 1) for item in value) if depth else 0
    return len(value) if isinstance(value, str) else 0


def _proposal(name: str, tallies: Mapping[str, _Tally], without_text: int) -> str | None:
    """Propose a section for records whose text is not found: the longest field as text, others by their names."""
    if not without_text:
        return None
    free = {leaf: tally for leaf, tally in tallies.items() if not tally.roles}
    longest = max(free, key=lambda leaf: (free[leaf].characters / free[leaf].records, -free[leaf].first), default=None)
    if longest is None or free[longest].characters < _SHORTEST_TEXT * free[longest].records:
        return None
    read = {role for tally in tallies.values() for role in tally.roles}
    chosen: dict[Role, str] = {"text": longest}
    for role in _ROLES:
        others = (leaf for leaf in free if leaf != longest and role not in read and _is_called(leaf, role))
        if role not in chosen and (leaf := next(others, None)) is not None:
            chosen[role] = leaf
    lines = (f"{role} = {json.dumps(leaf, ensure_ascii=False)}" for role, leaf in chosen.items())
    return "\n".join((f"[records.{_section(name)}]", *lines))


def _is_called(leaf: str, role: Role) -> bool:
    last = plain_name(re.split(r"[.\[\]]+", leaf.rstrip("[]"))[-1].strip('"'))
    rows = (each for late in (False, True) for each in known(role, late))
    return any(name == last and len(row.path.steps) == 1 for name, row in rows)


def _section(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "own"
