"""What must hold of a document: words of its text, and what is known of its article."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_DATE: Final = 10  # characters of YYYY-MM-DD


_LATEST: Final = 99991231  # the last day that ISO 8601 can write in four digits


class Attribute(StrEnum):
    """What is known of an article besides its text, as it is typed."""

    TITLE = "title"
    OUTLET = "outlet"
    AUTHOR = "author"
    LANGUAGE = "lang"
    PATH = "path"
    URL = "url"
    SITE = "site"
    SOURCE = "source"
    DATED = "dated"


NAMES: Final = frozenset({Attribute.OUTLET, Attribute.AUTHOR, Attribute.SOURCE})
"""What may be asked for by its whole name."""

UNKNOWN: Final = "none"
"""How it is asked for that something is not known."""

KINDS: Final = ("metadata", "text", "url", "unstated")
"""Where a date of publication was found; ``unstated`` where there is a date and nobody wrote down from where."""


@dataclass(frozen=True, slots=True)
class Named:
    """What an attribute of an article must hold: words of a title, outlet or author, a piece of a path or address.

    Attributes:
        quoted: typed in quotation marks.
        whole: the name must be this and no more; of a whole name without quotation marks, ``none`` is that it is not
            known.
    """

    attribute: Attribute
    text: str
    quoted: bool = False
    whole: bool = False

    def __str__(self) -> str:
        value = f'"{self.text}"' if self.quoted else self.text
        return f"{self.attribute}:{'=' if self.whole else ''}{value}"


@dataclass(frozen=True, slots=True)
class Dated:
    """When an article was published: from one day (``YYYY-MM-DD``) to another; without both, on no known day."""

    first: str | None = None
    last: str | None = None

    @property
    def numbers(self) -> tuple[int, int]:
        """Return both days, inclusive, as ``day_number`` gives them."""
        if self.first is None and self.last is None:
            return 0, 0
        return day_number(self.first) or 1, day_number(self.last) or _LATEST

    def __str__(self) -> str:
        if self.first is None and self.last is None:
            return "date:none"
        return f"date:{self.first}" if self.first == self.last else f"date:{self.first or ''}..{self.last or ''}"


def day_number(published: str | None) -> int:
    """Return the day of an ISO 8601 date or time as the number YYYYMMDD, 0 where it is unknown."""
    return int(published[:_DATE].replace("-", "")) if published and len(published) >= _DATE else 0


class Field(StrEnum):
    """The two ways a text is indexed: *folded* words with positions, *stemmed* words for scoring."""

    FOLDED = "folded"
    STEMMED = "stemmed"


BESIDE: Final = "+"
"""Before a token that stands where another one does: it is found, and makes its document no longer.

As Lucene's similarities have it (``discountOverlaps``); no token begins with it.
"""


@dataclass(frozen=True, slots=True)
class Term:
    """An analysed token in one field."""

    field: Field
    token: str

    def __hash__(self) -> int:  # made ten times a question for each language; that of a string is remembered
        return hash(self.token)


ANYWHERE: Final = (1 << 28) - 1
"""Words between two, more than any document has."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded tokens in a row; ``slop`` words may stand between, two more for reversed order (Lucene's slop).

    Attributes:
        ordered: of two tokens, the first anywhere before the second, as in a quotation that leaves something out; what
            does not know of it proposes enough by the slop, which then is ``ANYWHERE``.
    """

    tokens: tuple[str, ...]
    slop: int = 0
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; of no parts, nothing does."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; of no parts, everything does."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Where:
    """Something is known of the article, as ``index.ranking.filters`` finds it; a lexical index knows of days alone."""

    what: Named | Dated


Condition = Term | Phrase | AnyOf | AllOf | Not | Where


def is_lexical(condition: Condition) -> bool:
    """Tell whether a condition is about words alone, so that a lexical index can answer it."""
    match condition:
        case Where():
            return False
        case Not(part=part):
            return is_lexical(part)
        case AnyOf(parts=parts) | AllOf(parts=parts):
            return all(map(is_lexical, parts))
    return True


def is_dated(condition: Condition) -> bool:
    """Tell whether a condition is about days of publication alone, which hold of an article and its passages alike."""
    match condition:
        case Where(what=what):
            return isinstance(what, Dated)
        case Not(part=part):
            return is_dated(part)
        case AnyOf(parts=parts) | AllOf(parts=parts):
            return all(map(is_dated, parts))
    return False
