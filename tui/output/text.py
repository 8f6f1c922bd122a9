"""What a person reads in a terminal: no control character of an article gets through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import click

from archive.text import printable

if TYPE_CHECKING:
    from index import Answer, Highlight, Hit

_WEAK: Final = "Weak matches only: the archive may hold little about this."
_NOTHING: Final = "Nothing here resembles this question. --nearest shows the nearest passages all the same."


def answer_lines(answer: Answer, color: bool, explain: bool = False) -> Iterator[str]:
    """Yield the lines of an answer.

    Args:
        answer: to print.
        color: whether highlights are drawn with a terminal's attributes.
        explain: whether scores are printed.
    """
    yield from remarks(answer)
    for hit in answer:
        yield ""
        yield from hit_lines(hit, color, explain)


def remarks(answer: Answer) -> Iterator[str]:
    """Yield how the question was read, and what the answer is worth where that is little."""
    yield from (f"({printable(note)})" for note in answer.notes)
    if answer.confidence == "nothing":
        yield _NOTHING
    elif answer.confidence == "weak":
        yield _WEAK


def hit_lines(hit: Hit, color: bool, explain: bool = False) -> Iterator[str]:
    """Yield the lines of one hit: title, passage, where it stands, why it is here."""
    article, passage = hit.article, hit.passage
    title = click.style(printable(article.title), bold=True) if color else printable(article.title)
    yield f"{hit.rank:>2}. {title}"
    facts = [fact for fact in (article.outlet, article.author, article.published) if fact]
    if facts:
        yield f"    {printable(' · '.join(facts))}"
    nearest = hit.nearest if explain or not hit.highlights else None
    marks = [*hit.highlights, *([nearest] if nearest and not hit.highlights else [])]
    shown = drawn(passage.text, marks, _styled if color else None)
    yield from (f"    {line.strip()}" for line in shown.splitlines() if line.strip())
    if nearest and (explain or not color):
        yield f"    nearest in meaning: “{_one_line(passage.text[nearest.start : nearest.end])}”"
    copies = f"; {hit.copies} more with the same text" if hit.copies else ""
    yield f"    {printable(hit.reason)}{copies}"
    gone = " (the file is gone)" if article.gone else ""
    record = f", record {article.record}" if article.record else ""
    yield f"    {printable(article.path)}{printable(record)}, characters {passage.start}-{passage.end}{gone}"
    yield f"    article {article.id}  passage {passage.id}" + (f"  {printable(article.url)}" if article.url else "")
    if explain:
        yield f"    {explained(hit)}"


def explained(hit: Hit) -> str:
    """Return a hit's scores in words."""
    legs = [f"score {hit.score:.4f}"]
    if hit.lexical:
        legs.append(f"words: rank {hit.lexical.rank}, score {hit.lexical.score:.4f}")
    if hit.semantic:
        legs.append(f"meaning: rank {hit.semantic.rank}, cosine {hit.semantic.score:.4f}")
    return "; ".join(legs)


def drawn(text: str, marks: Sequence[Highlight], style: Callable[[str, str], str] | None) -> str:
    """Return a text made safe for a terminal, its highlights styled; marks may overlap, the first wins."""
    if style is None:
        return printable(text)
    parts, at = [], 0
    for mark in sorted(marks):
        if mark.start < at:
            continue
        parts.append(printable(text[at : mark.start]))
        parts.append(style(printable(text[mark.start : mark.end]), mark.mark))
        at = mark.end
    return "".join([*parts, printable(text[at:])])


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


def _styled(text: str, mark: str) -> str:
    bold, underline, italic = mark == "match", mark == "match", mark == "semantic"
    return click.style(text, bold=bold or None, underline=underline or None, italic=italic or None)
