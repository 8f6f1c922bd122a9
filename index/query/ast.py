"""What a question is made of: immutable values, each of which prints as it can be typed again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from index.contracts.conditions import Dated, Named
from index.query.quotations import parts

LANGUAGE: Final = (
    ("sanctions threats", "about it, in any wording"),
    ('"gas pipeline"', "these words in this order"),
    ('"gas pipeline"~5', "near each other, up to five words between"),
    ("+moscow -opinion", "with a word, without a word"),
    ("sanct* zelensky~", "words that start like this; words spelled like this (~2)"),
    ("(coal OR gas) AND NOT price", "demands joined; AND, OR, NOT in capitals"),
    ("title:gas outlet:times author:krumm", "words of a title, an outlet, an author"),
    ('outlet:="Ferry Times" author:=none', "a name that is this and no more; a name that is not known"),
    ("source:news dated:text", "what was added, by its name; where a date was found"),
    ("lang:de path:2022/ url:example.org", "a language's code, a piece of a path or address"),
    ("site:example.org", "pages of a host and its subdomains"),
    ("date:2022-01-20", "published then; also a month, a year, none"),
    ("date:2021-12..2022-01", "between; open ends: date:2022.."),
    ("like:3f9c1e0a7b52d684", "like a passage, named by its identifier"),
    ("after:2022-01-20 before:2022-02", "from that day on; up to the day before"),
    ("since:2022-01 until:2022-02", "from its first day on; up to its last day"),
)
"""The query language by example; ``docs/questions.md`` has it whole."""


LIKE: Final = "like"


class Sign(StrEnum):
    """What stands before an item."""

    NONE = ""
    MUST = "+"
    NOT = "-"


class Operator(StrEnum):
    """What joins the runs of a group."""

    ANY = "OR"
    ALL = "AND"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed; it may be several to the analyser (cease-fire, Chinese)."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words in a row; ``slop`` others may stand between them, two more for each pair in reversed order.

    Where the text leaves something out (``...``) or puts something in (``[Putin]``), its parts are such rows, and stand
    in this order.
    """

    text: str
    slop: int = 0

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the parts, one where nothing was left out."""
        return parts(self.text)

    def __str__(self) -> str:
        return f'"{self.text}"' + (f"~{self.slop}" if self.slop else "")


@dataclass(frozen=True, slots=True)
class Beginning:
    """A prefix: every word that starts with it."""

    text: str

    def __str__(self) -> str:
        return f"{self.text}*"


@dataclass(frozen=True, slots=True)
class Almost:
    """Every word with the same first letter that at most ``edits`` edits make of this one."""

    text: str
    edits: int = 1

    def __str__(self) -> str:
        return f"{self.text}~" + (f"{self.edits}" if self.edits > 1 else "")


@dataclass(frozen=True, slots=True)
class Like:
    """What is like a passage, named by its identifier (16 hexadecimal digits)."""

    passage: str

    def __str__(self) -> str:
        return f"{LIKE}:{self.passage}"


@dataclass(frozen=True, slots=True)
class Subquery:
    """Runs in parentheses, joined by one operator; a single run has none."""

    runs: tuple[Run, ...]
    operator: Operator = Operator.ANY

    def __str__(self) -> str:
        return "(" + f" {self.operator} ".join(" ".join(map(str, run)) for run in self.runs) + ")"


What: TypeAlias = "Word | Quoted | Beginning | Almost | Like | Named | Dated | Subquery"
Leaf: TypeAlias = Word | Quoted | Beginning | Almost


@dataclass(frozen=True, slots=True)
class Item:
    """A word, a phrase or a group, with its sign."""

    what: What
    sign: Sign = Sign.NONE

    def __str__(self) -> str:
        if self.sign == Sign.NONE or not isinstance(self.what, Word) or ":" not in self.what.text:
            return f"{self.sign}{self.what}"
        return f"NOT {self.what}" if self.sign == Sign.NOT else f"+({self.what})"  # as no field reads it


def signed(what: What, sign: Sign) -> Item:
    """Return an item; a ``+`` is left out before what is a demand without it."""
    return Item(what, Sign.NONE if sign == Sign.MUST and isinstance(what, Quoted | Like | Named | Dated) else sign)


Run: TypeAlias = tuple[Item, ...]
"""Items beside each other: any of the plain words may match."""


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed question; ``parse(str(query)) == query``.

    Attributes:
        items: what was asked, in the order it was typed.
        text: what was typed; does not count in comparisons.
        notes: sentences about how the typing was read; likewise.
        expand: likely spellings of words that the archive hardly holds are looked for too, or, if not, told; None for
            neither, which is quicker; likewise.
    """

    items: Run = ()
    text: str = field(default="", compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)
    expand: bool | None = field(default=False, compare=False)

    @property
    def wanted(self) -> tuple[Leaf, ...]:
        """Return the words and phrases that were asked for, in the order typed, those in groups as well."""
        return tuple(leaves(self.items))

    @property
    def semantic_text(self) -> str:
        """Return what is encoded: everything asked for, in the order typed, nothing that was excluded.

        The beginning of a word means nothing, so it is left out.
        """
        return " ".join(spoken(leaf) for leaf in self.wanted if not isinstance(leaf, Beginning))

    @property
    def likes(self) -> tuple[str, ...]:
        """Return the identifiers of the passages that what is asked for is to be like."""
        return tuple(what.passage for what in _asked(self.items) if isinstance(what, Like))

    def __str__(self) -> str:
        return " ".join(map(str, self.items))


def spoken(leaf: Leaf) -> str:
    """Return the words of a leaf, without what was put into a quotation."""
    return " ".join(leaf.parts) if isinstance(leaf, Quoted) else leaf.text


def leaves(run: Run) -> Iterator[Leaf]:
    """Yield the words and phrases of a run that are not excluded."""
    return (what for what in _asked(run) if isinstance(what, Leaf))


def _asked(run: Run) -> Iterator[What]:
    for item in run:
        if item.sign == Sign.NOT:
            continue
        if isinstance(item.what, Subquery):
            for inner in item.what.runs:
                yield from _asked(inner)
        else:
            yield item.what
