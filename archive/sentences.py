"""Finding sentences, by rules that hold across scraped, wrapped and translated news."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex

from archive.article import Span

_ABBREVIATIONS: Final = frozenset(
    [
        "adm",
        "al",
        "approx",
        "apr",
        "art",
        "aug",
        "ave",
        "bros",
        "capt",
        "cf",
        "cmdr",
        "co",
        "col",
        "corp",
        "dec",
        "dept",
        "dr",
        "ed",
        "eg",
        "etc",
        "est",
        "feb",
        "fig",
        "fr",
        "ft",
        "gen",
        "gov",
        "hon",
        "ie",
        "inc",
        "jan",
        "jr",
        "jul",
        "jun",
        "lt",
        "ltd",
        "maj",
        "mar",
        "messrs",
        "mln",
        "mm",
        "mr",
        "mrs",
        "ms",
        "mt",
        "no",
        "nos",
        "nov",
        "oct",
        "op",
        "p",
        "pp",
        "pres",
        "prof",
        "rep",
        "rev",
        "sen",
        "sept",
        "sep",
        "sgt",
        "sr",
        "st",
        "supt",
        "tel",
        "univ",
        "v",
        "vol",
        "vs",
        "bzw",
        "ca",
        "mme",
        "mlle",
        "mons",
        "sra",
        "srta",
        "ud",
        "uds",
    ]
)
# A stop, the quotes and brackets that close after it, then white space or, for Chinese and Japanese, anything.
_STOP: Final = regex.compile(r"(?:[.!?…؟۔]++[\"'”’»)\]]*+(?=\s|$))|(?:[。！？]++[」』”’）]*+)")
_BLOCK: Final = regex.compile(r"\n[^\S\n]*(?:\n\s*)+")
_LINE: Final = regex.compile(r"\n\s*")
_BEFORE: Final = regex.compile(r"(?:^|[\s(\"'“‘«])((?:\p{L}\.)*\p{L}+)$")
_CONTINUES: Final = regex.compile(r"\s*[\"'“‘«(]*\p{Ll}")
_BULLET: Final = regex.compile(r"[-–—*•·]\s|\d{1,3}[.)]\s")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the sentences of ``text[start:end]`` in order, offsets into ``text``, trimmed of white space.

    A blank line always ends a sentence. A single line break ends one unless the line looks wrapped: it ends without a
    stop and the next begins in lower case or the lines around it are of even length.
    """
    stop = len(text) if end is None else end
    return [span for block in _blocks(text, start, stop) for line in _lines(text, block) for span in _split(text, line)]


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Return the span without white space at its ends, None when nothing is left."""
    inner = text[start:end]
    left = start + len(inner) - len(inner.lstrip())
    right = start + len(inner.rstrip())
    return Span(left, right) if left < right else None


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    at = start
    for gap in _BLOCK.finditer(text, start, end):
        yield Span(at, gap.start())
        at = gap.end()
    yield Span(at, end)


def _lines(text: str, block: Span) -> Iterator[Span]:
    """Join the lines of a block that were only wrapped."""
    wrapped = _is_wrapped(text[block.start : block.end])
    at = block.start
    for gap in _LINE.finditer(text, block.start, block.end):
        before = text[at : gap.start()].rstrip()
        indented = gap.end() - gap.start() > 3
        if _BULLET.match(text, gap.end()) or indented or not _goes_on(before, text, gap.end(), wrapped):
            yield Span(at, gap.start())
            at = gap.end()
    yield Span(at, block.end)


def _goes_on(before: str, text: str, after: int, wrapped: bool) -> bool:
    if not before:
        return False
    if wrapped:
        return True
    ended = before[-1] in '.!?…。！？”"»:;؟'
    return not ended and _CONTINUES.match(text, after) is not None


def _is_wrapped(block: str) -> bool:
    """Tell hard line breaks by their even length: all but the last line nearly as long as the longest."""
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    if len(lines) < 3:
        return False
    longest = max(len(line) for line in lines)
    full = sum(len(line) > 0.75 * longest for line in lines)
    open_ended = sum(line[-1] not in '.!?…。！？”"»' for line in lines[:-1])
    return longest <= 100 and full >= 0.6 * len(lines) and open_ended >= 0.5 * (len(lines) - 1)


def _split(text: str, line: Span) -> Iterator[Span]:
    at = line.start
    for stop in _STOP.finditer(text, line.start, line.end):
        if _ends(text, at, stop, line.end):
            if (span := trimmed(text, at, stop.end())) is not None:
                yield span
            at = stop.end()
    if (span := trimmed(text, at, line.end)) is not None:
        yield span


def _ends(text: str, start: int, stop: regex.Match[str], end: int) -> bool:
    mark = stop.group()
    if mark[0] in "。！？!?؟۔":
        return not _CONTINUES.match(text, stop.end(), end) or mark[0] in "。！？"
    if mark != ".":
        return _CONTINUES.match(text, stop.end(), end) is None
    if _CONTINUES.match(text, stop.end(), end):
        return False
    before = _BEFORE.search(text[max(start, stop.start() - 24) : stop.start()])
    if before is None:
        return True
    word = before[1].casefold()
    return len(word) > 1 and word.replace(".", "") not in _ABBREVIATIONS and not _initials(word)


def _initials(word: str) -> bool:
    return "." in word and all(len(part) == 1 for part in word.split("."))
