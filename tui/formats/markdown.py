"""Hits for documents: Markdown whose quotations, once rendered, hold each character of the passage and no other.

Written for CommonMark 0.31 and the tables, strikethrough and formulas of GitHub: whatever would be markup is escaped,
and white space that a renderer drops stands there as its number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from archive.text.visible import visible_line
from tui.formats.facts import credit
from tui.formats.lines import Line

if TYPE_CHECKING:
    from archive import Article, Part
    from index import Answer
    from index.contracts.highlights import Highlight

_SPECIAL: Final = frozenset("\\`*_{}[]<>#|!~&$^")
# What makes a list, a rule, a heading of the line above, a table or a definition where a line begins with it.
_BLOCK: Final = re.compile(r"[-+=:]|\d{1,9}(?=[.)])")
_NUMBERED: Final = frozenset("\t\u2028\u2029")  # white space that is no space anywhere in a line
_LINK: Final = re.compile(r"[^\s<>\\]+")


def markdown(answer: Answer) -> Iterator[Line | str]:
    """Yield an answer as Markdown: quotations with matches in bold, each with its citation."""
    yield f"# {escaped(answer.query.text)}"
    for hit in answer:
        article, passage = hit.article, hit.passage
        yield ""
        yield f"## {hit.rank}. {escaped(article.title)}"
        yield ""
        yield from (Line(line, "> ", quoted=True) for line in quotation(passage.text, hit.highlights))
        yield ""
        where = f"characters {passage.start}-{passage.end}", f"version {passage.version[:12]}"
        yield ", ".join((*citation(article, hit.part), *where))


def quotation(text: str, marks: Sequence[Highlight] = ()) -> Iterator[str]:
    """Yield the lines of a text as Markdown, an empty one between paragraphs.

    A newline stays one, an empty line parts two paragraphs; the newlines of further empty lines are written as numbers.

    Args:
        text: of a passage.
        marks: what is set in bold, offsets into the text.
    """
    offset = blank = 0
    begun = False
    bold = _merged(marks)
    lines = text.split("\n")
    while lines and not lines[-1]:
        lines.pop()
    rest = "&#10;" * (len(text) - len("\n".join(lines)))
    for number, line in enumerate(lines):
        if not line:
            blank += 1
        else:
            if begun and blank:
                yield ""
            newlines = "&#10;" * (blank - 1 if begun else blank)
            yield f"{newlines}{_line(line, offset, bold)}{rest if number == len(lines) - 1 else ''}"
            begun, blank = True, 0
        offset += len(line) + 1
    if rest and not begun:
        yield rest


def escaped(fact: str) -> str:
    """Return a fact on one line that renders as it is."""
    return "".join(_sources(visible_line(fact)))


def code(path: str) -> str:
    """Return a path between as many backticks as keep it whole."""
    path = visible_line(path)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", path)), default=0))
    pad = " " if path[:1] in ("`", " ") or path[-1:] in ("`", " ") or len(fence) > 1 else ""
    return f"{fence}{pad}{path}{pad}{fence}"


def link(url: str) -> str:
    """Return a URL as a link, as plain text when it could break out of one."""
    return f"<{url}>" if _LINK.fullmatch(url) and url == visible_line(url) else escaped(url)


def citation(article: Article, part: Part | None) -> Iterator[str]:
    """Yield what is known of where a quotation stands, each fact as Markdown."""
    yield from map(escaped, credit(article))
    if article.url:
        yield link(article.url)
    yield code(article.path)
    if article.record:
        yield f"record {escaped(article.record)}"
    if part:
        yield escaped(f"{part.kind} {part.label}")


def _line(line: str, offset: int, bold: Sequence[tuple[int, int]]) -> str:
    """Return one line of a text with what is bold in it; ``offset`` is where it begins in the text."""
    sources = _sources(line)
    for start, end in bold:
        first, last = max(start - offset, 0), min(end - offset, len(line))
        # Asterisks are markup on both sides of any text only where they touch letters or digits.
        while first < last and not _is_word(sources[first]):
            first += 1
        while first < last and not _is_word(sources[last - 1]):
            last -= 1
        if first < last:
            sources[first] = f"**{sources[first]}"
            sources[last - 1] += "**"
    return "".join(sources)


def _sources(line: str) -> list[str]:
    """Return what stands for each character of a line that is not empty, so that it renders as this character."""
    sources = [_source(character) for character in line]
    for at in {0, len(line) - 1} if line else ():
        if line[at].isspace() or line[at] == "\ufeff":  # which JavaScript takes for white space
            sources[at] = f"&#{ord(line[at])};"
    if (block := _BLOCK.match(line)) is not None:
        at = block.end() if block[0].isdigit() else 0
        sources[at] = f"\\{line[at]}"
    return sources


def _source(character: str) -> str:
    if character in _SPECIAL:
        return f"\\{character}"
    return f"&#{ord(character)};" if character in _NUMBERED else character


def _is_word(source: str) -> bool:
    return len(source) == 1 and unicodedata.category(source)[0] in "LN"


def _merged(marks: Sequence[Highlight]) -> list[tuple[int, int]]:
    """Return where a text is bold, what overlaps or touches as one."""
    merged: list[tuple[int, int]] = []
    for mark in sorted(marks):
        if merged and mark.start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], mark.end)
        else:
            merged.append((mark.start, mark.end))
    return merged
