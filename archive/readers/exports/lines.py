"""The lines of an export and what is made of them: blocks, dates, and the articles that they are parted into."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from archive.core.article import Span
from archive.text import dates

_LINE: Final = re.compile(r"[^\n]+")
# Characters of a line that may be a date; with weekday, time and zone it has some 50. Chosen, not measured.
_LONGEST_DATE: Final = 64
_DAY: Final = re.compile(r"\d{1,2}\D.*\d{4}|\d{4}")
_LONGEST_LABEL: Final = 40
_NAME: Final = re.compile(r"[^\W\d_][\w'’.-]*")
_MOST_NAMES, _LONGEST_NAMES = 10, 80
_NOTICE: Final = re.compile(r"(?:©|\(c\)|copyright|all rights|tous droits|certifi)", re.IGNORECASE)
# Words of a line that is prose. Chosen, not measured.
_PROSE_WORDS: Final = 25


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank.

    Attributes:
        span: without the white space around it, offsets into the text of the file.
        text: of that span.
        opens: the line above it is blank, or there is none.
        indent: characters of white space before it.
    """

    span: Span
    text: str
    opens: bool
    indent: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the fields of an article state, as they state it; None where they do not.

    Attributes:
        identifier: the database's own for the article.
        published: ISO 8601.
    """

    identifier: str | None = None
    title: str | None = None
    published: str | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """An article of an export.

    Attributes:
        span: all that is kept of the file for it; offsets here and below are into the text of the file.
        facts: what its fields state.
        hidden: sorted, disjoint spans that are fields and no reporting.
    """

    span: Span
    facts: Facts
    hidden: tuple[Span, ...]


def lines(text: str) -> list[Line]:
    """Return the lines of a text that are not blank."""
    found: list[Line] = []
    end = -1
    for match in _LINE.finditer(text):
        inner = match.group().strip()
        if not inner:
            continue
        start = match.start() + match.group().index(inner)
        opens = not found or match.start() > end + 1
        found.append(Line(Span(start, start + len(inner)), inner, opens, start - match.start()))
        end = match.end()
    return found


def blocks(some: Sequence[Line]) -> list[list[Line]]:
    """Part lines at the blank ones between them."""
    parted: list[list[Line]] = []
    for line in some:
        if line.opens or not parted:
            parted.append([])
        parted[-1].append(line)
    return parted


def joined(block: Sequence[Line]) -> str:
    """Return lines as one."""
    return " ".join(line.text for line in block)


def hidden(some: Sequence[Line]) -> Iterator[Span]:
    """Yield where lines are; those in a row as one span."""
    start: int | None = None
    end = 0
    for line in some:
        if start is not None and line.span.start > end + 1:
            yield Span(start, end)
            start = None
        start = line.span.start if start is None else start
        end = line.span.end
    if start is not None:
        yield Span(start, end)


def piece(some: Sequence[Line], shown: Sequence[Line], facts: Facts, labels: Sequence[Span] = ()) -> Piece:
    """Make an article of its lines; of one that shows nothing, nothing is hidden, so that it can be found.

    Prose is hidden nowhere, wherever it stands: somebody put it into the file.

    Args:
        some: all of them, at least one.
        shown: those that are reporting, its title included; the others are hidden.
        facts: what its fields state.
        labels: spans at the beginning of shown lines that are hidden as well.
    """
    kept = {line.span.start for line in (*shown, *filter(_is_loose_prose, some))}
    fields = [span for line in some if line.span.start not in kept for span in (line.span,)]
    whole = Span(some[0].span.start, some[-1].span.end)
    return Piece(whole, facts, tuple(sorted([*fields, *labels])) if shown else ())


def parted(some: Sequence[Line], starts: Sequence[int]) -> list[Sequence[Line]]:
    """Part lines at the given places; what stands before the first belongs to it."""
    ends = [*starts[1:], len(some)]
    return [
        some[0 if not number else start : end] for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def grouped(parts: Sequence[Sequence[Line]], is_article: Callable[[Sequence[Line]], bool]) -> list[list[Line]]:
    """Return the parts that are articles, each with the parts before or behind it that are none.

    Those are a cover sheet, or what is printed below the last article. One that holds prose is an article by itself,
    so that nothing anybody wrote is hidden.
    """
    kept: list[list[Line]] = []
    waiting: list[Line] = []
    for part in parts:
        if is_article(part) or any(_is_prose(line) for line in part):
            kept.append([*waiting, *part])
            waiting = []
        elif kept:
            kept[-1].extend(part)
        else:
            waiting.extend(part)
    return kept


def plainly(some: Sequence[Line]) -> Piece:
    """Make an article of lines that state no field: all of it is shown."""
    return Piece(Span(some[0].span.start, some[-1].span.end), Facts(), ())


def is_name(text: str) -> bool:
    """Tell whether a line names people: a few words with capitals, and nothing that ends a sentence."""
    words = _NAME.findall(text)
    capital = sum(word[:1].isupper() for word in words)
    is_short = 1 < len(words) <= _MOST_NAMES and len(text) <= _LONGEST_NAMES
    return is_short and capital >= 0.6 * len(words) and text[-1] not in ".!?:" and not any(map(str.isdigit, text))


def _is_loose_prose(line: Line) -> bool:
    """Tell prose from what a field states and from a notice of rights."""
    return _is_prose(line) and labelled(line.text) is None and _NOTICE.match(line.text) is None


def _is_prose(line: Line) -> bool:
    return len(line.text.split()) >= _PROSE_WORDS and line.text[-1] in '.!?"”’»'


def labelled(text: str) -> tuple[str, str] | None:
    """Part ``LABEL: value`` into its label in lower case and its value; None for a line without a label."""
    label, colon, value = text.partition(":")
    return (label.strip().lower(), value.strip()) if colon and len(label) <= _LONGEST_LABEL else None


def stated(values: Mapping[str, str], *names: str) -> str | None:
    """Return the first of several values that is there and not empty."""
    return next((value for name in names if (value := values.get(name))), None)


@lru_cache(maxsize=4096)
def dated(text: str) -> str | None:
    """Read a line that is a full date, whatever language of the databases names its month; None for any other."""
    if len(text) > _LONGEST_DATE or not _DAY.search(text):
        return None
    return dates.from_line(text)
