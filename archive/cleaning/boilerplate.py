"""What scraping leaves in an article's text and is not reporting: which spans of it to hide.

Rules look at whole lines, by wording (``boilerplate_rules``), shape and place, never inside prose. Nothing is deleted:
hidden spans stay in the text and can be shown.

- A line whose wording is residue wherever it stands is hidden: a prompt of a comment form, a pointer to another
  article, a call to subscribe, an advertisement's mark. It has the shape of one: reported speech behind a comma, words
  of reporting in a call and a sentence behind a label are reporting (judged on 729 lines, ``benchmarks/residue.py``).
- Words that belong to such parts but also to reporting ("Email", "Twitter") are hidden in company only: beside a
  comment form or a bar of sharing buttons, several in a row, or last in the text.
- A heading of further articles is hidden, and all that follows it when that is headlines to the end.
- A first line above the headline that is a weekday and a date without a year is the clock of the website on the day it
  was scraped, which misleads. A date with its year stays: it may be the day of publication.
- A line that goes on in lower case from the line above is prose that was wrapped, and stays. A line that equals the
  title stays. Of a text that would be hidden wholly the residue stays, and where that is nothing, all of it: somebody
  added it for a reason, and an article that can never be found would be lost without a word.
- Of tens of thousands of tiny lines in a row (``archive.text.density``) none is hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import regex

from archive.cleaning.boilerplate_rules import Kind, is_marked, openings, patterns
from archive.core.article import Span
from archive.core.spans import gaps, merged
from archive.text.dates import is_date_line
from archive.text.density import LINES, PROSE_LINE, stretches

# Raise it with every change that hides other spans, here or in the wordings: `update` finds by it what older rules hid.
CLEANING_VERSION: Final = 5

_LINE: Final = regex.compile(r"[^\n]+")
_FRAME_LEFT: Final = regex.compile(r"^[^\p{L}\p{N}©(\[\"“‘'@#δ]+")
_FRAME_RIGHT: Final = " *_#>|•·–—=»→›▶►⇩↓▼-"
_STOP: Final = regex.compile(r"[.。։।۔][\"'”’»)\]]*$")
_ENDED: Final = regex.compile(r"[.!?:;…。！？।؟۔][\"'”’»)\]]*$")
_SET_OFF: Final = regex.compile(r"[:|–—]")
# Words of reporting, which no call has.
_ATTRIBUTION: Final = regex.compile(
    r"\b(?:said|says|told|tells|added|announced|according to|reported|urged|warned|insisted|demanded|pleaded|shouted"
    r"|argued|admitted|recalled|boasted|testified|joked|replied|declared|claimed|advised|was|were|had)\b",
    regex.IGNORECASE,
)
# Reported speech behind a comma: who said it, and that they did.
_REPORTED: Final = regex.compile(
    r",\s[^,]{0,80}\b(?:said|says|told|asked|urged|warned|wrote|written|read|insisted|demanded|pleaded|shouted|argued"
    r"|admitted|explained|promised|recalled|boasted|testified|noted|found|showed|shows?|joked|replied|declared|claimed|advised|ordered"
    r"|added|announced|reported|laughed|dit|demandé|déclaré|affirmé|dijo|contó|pidió|afirmó|sagte|rief|riet|mitteilte"
    r"|erklärte|warnte|schrieb|disse|dedi|söyledi|сказала?|заявила?|сообщила?|посоветовала?)\b[^,]{0,60}$",
    regex.IGNORECASE,
)
_DISCLAIMER: Final = regex.compile(r"\W*(?:except|this |the views|views|disclaimer|opinions)", regex.IGNORECASE)
_LABEL: Final = regex.compile(r"(?:tag|filed|posted|categor)", regex.IGNORECASE)
_COUNTED: Final = regex.compile(r"(?:no|one|\d+)\s", regex.IGNORECASE)
_WEEKDAY: Final = regex.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b", regex.IGNORECASE)
_YEAR: Final = regex.compile(r"\d{4}")
_BULLET: Final = regex.compile(r"[-–—*•·›»►▶→]\s")

# Lengths in characters, beyond which a line that begins like residue is reporting. All chosen, not measured.
_LONGEST: Final = 240
_LONGEST_PROMPT: Final = 420
_LONGEST_HEADLINE: Final = 160
_TAIL: Final = 6  # a stop and the quotes after it are among the last characters
_PROSE_WORDS: Final = 6  # a sentence has that many, a button or a label with a full stop has fewer
_HEADLINE_WORDS: Final = 3  # a headline has more, a name of a section that many at most

_CERTAIN: Final = frozenset({Kind.FORM, Kind.SHARE, Kind.POINTER, Kind.PROMPT, Kind.FURNITURE, Kind.HEADING})
_SMALL: Final = frozenset({Kind.SCRAP, Kind.FILLER, Kind.PERHAPS_HEADING})
_SPOKEN: Final = frozenset({Kind.FORM, Kind.PROMPT, Kind.FURNITURE, Kind.SHARE})
_COMPANY: Final = frozenset({Kind.FORM, Kind.SHARE})
_NO_KINDS: Final[frozenset[Kind]] = frozenset()
_HEADINGS: Final = frozenset({Kind.HEADING, Kind.PERHAPS_HEADING})


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank.

    Attributes:
        span: without the white space around it.
        text: in the form that wordings are compared with.
        kinds: what its wording may stand for; empty for a line of reporting.
        calls: it ends with a colon, so that what it announces follows.
    """

    span: Span
    text: str
    kinds: frozenset[Kind]
    calls: bool

    @property
    def is_certain(self) -> bool:
        return not self.kinds.isdisjoint(_CERTAIN)

    @property
    def is_small(self) -> bool:
        return not self.is_certain and not self.kinds.isdisjoint(_SMALL)

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def is_prose(self) -> bool:
        return len(self.text) > _LONGEST_HEADLINE or (_has_stop(self.text) and self.words >= _PROSE_WORDS)


def hidden_spans(text: str, title: str = "", given: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Return the spans of a text to hide, sorted and disjoint: those given, and those of scraping residue.

    Each span of residue is a whole line without the white space around it. Offsets are into ``text``.

    Args:
        text: of a version.
        title: of the article; a line equal to it is reporting, whatever it looks like.
        given: sorted, disjoint spans that the reader handed over (``Draft.hidden``); rules do not look into them.
    """
    plain_title = _plain(title)[0]
    lines = [line for gap in gaps(given, len(text)) for line in _lines(text, gap, plain_title)]
    hidden = _hide(lines, text)
    if all(hidden):
        return tuple(given) if lines else ()
    residue = (line.span for line, is_hidden in zip(lines, hidden, strict=True) if is_hidden)
    return merged((*given, *residue))


def load() -> None:
    """Compile the wordings, which takes a while."""
    patterns()


def _hide(lines: Sequence[_Line], text: str) -> list[bool]:
    hidden = [line.is_certain for line in lines]
    if _has_clock(lines):
        hidden[0] = True
    _hide_small(lines, hidden)
    _hide_announced(lines, hidden, text)
    _hide_tail(lines, hidden)
    return hidden


def _lines(text: str, within: Span, title: str) -> Iterator[_Line]:
    for stretch in stretches(text, within.start, within.end, LINES, PROSE_LINE):
        if stretch.is_dense:
            yield _listing(text, stretch.span)
        else:
            yield from _lines_of_prose(text, stretch.span, title)


def _listing(text: str, span: Span) -> _Line:
    """Return very many tiny lines as one of reporting: a table or list is no residue, and too long to look through."""
    return _Line(span, text[span.start : span.start + _LONGEST_HEADLINE + 1], _NO_KINDS, False)


def _lines_of_prose(text: str, within: Span, title: str) -> Iterator[_Line]:
    runs_on, end = False, -1
    for match in _LINE.finditer(text, within.start, within.end):
        raw = match.group()
        inner = raw.strip()
        if not inner:
            continue
        start = match.start() + len(raw) - len(raw.lstrip())
        plain, calls = _plain(inner) if len(inner) <= _LONGEST_PROMPT else (inner, False)
        wrapped = runs_on and match.start() == end + 1 and inner[0].islower()
        stays = wrapped or (len(plain) == len(title) and plain.casefold() == title.casefold())
        kinds = _NO_KINDS if stays else _kinds(plain)
        runs_on, end = not kinds and _ENDED.search(inner, max(0, len(inner) - _TAIL)) is None, match.end()
        yield _Line(Span(start, start + len(inner)), plain, kinds, calls)


def _plain(line: str) -> tuple[str, bool]:
    """Return a line in the form that wordings are compared with, and whether it ended with a colon."""
    single = " ".join(line.replace("’", "'").replace("İ", "i").split())
    framed = _FRAME_LEFT.sub("", single).rstrip(_FRAME_RIGHT)
    return framed.rstrip(": "), framed.endswith(":")


def _kinds(line: str) -> frozenset[Kind]:
    if not line or len(line) > _LONGEST_PROMPT:
        return _NO_KINDS
    word, space, _ = line.partition(" ")
    kinds = [kind for kind in openings(word + space) if _believed(kind, line) and _matches(kind, line)]
    if is_marked(line) and not _ATTRIBUTION.search(line):
        kinds.append(Kind.PROMPT)
    return frozenset(kinds) if kinds else _NO_KINDS


def _matches(kind: Kind, line: str) -> bool:
    """Tell whether a line has a wording of a kind; of a short one the stop may be left out."""
    pattern = patterns()[kind]
    if pattern.fullmatch(line):
        return True
    return line[-1] in ".!" and len(line.split()) < _PROSE_WORDS and pattern.fullmatch(line[:-1]) is not None


def _believed(kind: Kind, line: str) -> bool:
    """Tell whether a line has the shape of its kind: prose that happens to begin like residue has not."""
    if kind in _SPOKEN and _REPORTED.search(line) is not None:
        return False
    if kind is Kind.PROMPT:
        return _ATTRIBUTION.search(line) is None or _DISCLAIMER.match(line) is not None
    if len(line) > _LONGEST:
        return False
    if kind is Kind.FURNITURE and _LABEL.match(line):
        return not _has_stop(line) or len(line.split()) < _PROSE_WORDS
    if kind is Kind.FORM:
        return not (_COUNTED.match(line) and _has_stop(line) and len(line.split()) >= _PROSE_WORDS)
    if kind is Kind.POINTER:
        return _SET_OFF.search(line) is not None or not _has_stop(line) or len(line.split()) < _PROSE_WORDS
    if kind in _HEADINGS or kind is Kind.SHARE:
        return not _has_stop(line) and _ATTRIBUTION.search(line) is None
    return True


def _has_stop(line: str) -> bool:
    return not line.endswith("...") and _STOP.search(line, max(0, len(line) - _TAIL)) is not None


def _has_clock(lines: Sequence[_Line]) -> bool:
    """Tell whether a weekday and date without a year stand above a headline and its article."""
    if len(lines) < 3 or lines[0].is_prose or lines[1].is_prose or not lines[2].is_prose:
        return False
    clock = lines[0].text
    return (
        not _YEAR.search(clock) and len(clock.split()) > 2 and _WEEKDAY.match(clock) is not None and is_date_line(clock)
    )


def _hide_small(lines: Sequence[_Line], hidden: list[bool]) -> None:
    """Hide words of the page around an article where they stand in company."""
    start = 0
    for is_part, group in groupby(lines, key=lambda line: line.is_small or not line.kinds.isdisjoint(_COMPANY)):
        run = list(group)
        if is_part and _is_company(run, last=start + len(run) == len(lines)):
            hidden[start : start + len(run)] = [True] * len(run)
        start += len(run)


def _is_company(run: Sequence[_Line], last: bool) -> bool:
    telling = sum(Kind.SCRAP in line.kinds for line in run)
    return any(line.is_certain for line in run) or (telling > 0 and (len(run) > 1 or last))


def _hide_announced(lines: Sequence[_Line], hidden: list[bool], text: str) -> None:
    """Hide the headline below a pointer that ends with a colon; several when they are bullets."""
    announced = bulleted = False
    for index, line in enumerate(lines):
        if Kind.POINTER in line.kinds or Kind.HEADING in line.kinds:
            announced, bulleted = line.calls, False
            continue
        bullet = _BULLET.match(text, line.span.start) is not None
        if announced and not line.is_prose and line.words > _HEADLINE_WORDS and (bullet or not bulleted):
            hidden[index] = True
            announced = bulleted = bullet
        else:
            announced = False


def _hide_tail(lines: Sequence[_Line], hidden: list[bool]) -> None:
    """Hide from the first heading of further articles to the end, when only headlines follow an article's prose."""
    last = next((index for index in range(len(lines) - 1, -1, -1) if lines[index].is_prose and not hidden[index]), None)
    if last is None:
        return
    for index in range(last + 1, len(lines)):
        heading, rest = lines[index], slice(index + 1, None)
        if not heading.kinds.isdisjoint(_HEADINGS) and _is_headlines(heading, lines[rest], hidden[rest]):
            hidden[index:] = [True] * (len(lines) - index)
            return


def _is_headlines(heading: _Line, rest: Sequence[_Line], hidden: Sequence[bool]) -> bool:
    visible = [line for line, is_hidden in zip(rest, hidden, strict=True) if not is_hidden]
    if heading.is_certain or not visible:
        return True
    return sum(line.words for line in visible) >= _HEADLINE_WORDS * len(visible)
