"""What a field of a record can be to an article, and what was seen of the fields of a file of records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["text", "title", "published", "url", "outlet", "author", "language", "id"]


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """A field of some records.

    Attributes:
        path: where it is in a record, as ``body.sections[].text``.
        records: in how many of those that were looked at it states anything.
        example: the beginning of what the first of them states, on one line.
        role: what it is read as; None where it is not read.
        unreadable: what it is known as by its name and could not be read as, None otherwise.
    """

    path: str
    records: int
    example: str
    role: Role | None = None
    unreadable: Role | None = None


@dataclass(frozen=True, slots=True)
class FieldsSeen:
    """What the records of a file hold, and how it is read.

    Attributes:
        path: absolute path of the file.
        records: how many were looked at, from the first.
        without_text: in how many of them no text was found.
        fields: in the order in which they were met.
        proposal: a section for the settings that reads what was not read, None where there is nothing to propose.
    """

    path: str
    records: int
    without_text: int
    fields: tuple[FieldSeen, ...]
    proposal: str | None = None
