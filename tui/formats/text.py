"""What a person reads in a terminal: no control character of an article gets through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import click

from archive.text.decode import collapsed_line, printable
from tui.formats.extras import HitExtras
from tui.formats.facts import cited, credit, joined, place

if TYPE_CHECKING:
    from index import Answer, Highlight, Hit
    from index.search.answer import Copy

NO_EXTRAS: Final = HitExtras()
_WEAK: Final = "Weak matches only: the archive may hold little about this."
_NOTHING: Final = "Nothing here resembles this question. --nearest shows the nearest passages all the same."


def answer_lines(answer: Answer, color: bool, extras: Sequence[HitExtras] = ()) -> Iterator[str]:
    """Yield the lines of an answer.

    Args:
        answer: to print.
        color: whether highlights are drawn with a terminal's attributes.
        extras: what goes with each hit, when anything does.
    """
    yield from remarks(answer)
    for index, hit in enumerate(answer):
        yield ""
        yield from hit_lines(hit, color, extras[index] if extras else NO_EXTRAS)


def remarks(answer: Answer) -> Iterator[str]:
    """Yield how the question was read, and what the answer is worth where that is little."""
    yield from (f"({printable(note)})" for note in answer.notes)
    if answer.confidence == "nothing":
        yield _NOTHING
    elif answer.confidence == "weak":
        yield _WEAK


def hit_lines(hit: Hit, color: bool, extra: HitExtras) -> Iterator[str]:
    """Yield the lines of one hit: title, passage, where it stands, why it is here."""
    article, passage = hit.article, hit.passage
    title = click.style(printable(article.title), bold=True) if color else printable(article.title)
    yield f"{hit.rank:>2}. {title}"
    if facts := joined(credit(article)):
        yield f"    {facts}"
    nearest = hit.nearest if extra.explained or not hit.highlights else None
    marks = [*hit.highlights, *([nearest] if nearest and not hit.highlights else [])]
    yield from _quoted(passage.text, marks, color, "    ")
    if nearest and (extra.explained or not color):
        yield f"    nearest in meaning: “{collapsed_line(passage.text[nearest.start : nearest.end])}”"
    copies = f"; {hit.copies} more with the same text" if hit.copies else ""
    folded = f"; {hit.folded} more of this article" if hit.folded else ""
    yield f"    {printable(hit.reason)}{copies}{folded}"
    gone = " (the file is gone)" if article.gone else ""
    yield f"    {place(article, hit.part)}, characters {passage.start}-{passage.end}{gone}"
    yield f"    article {article.id}  passage {passage.id}" + (f"  {printable(article.url)}" if article.url else "")
    yield from (f"    same text: {_cited(copy)}" for copy in extra.copies or ())
    for further in extra.further or ():
        yield from _further_lines(further, color)
    yield from (f"    {printable(line)}" for line in (extra.arithmetic.lines() if extra.arithmetic else ()))
    if extra.explained and hit.reranked:
        yield f"    reranker: {hit.reranked.score:.4f} (the score above is without it)"


def _further_lines(hit: Hit, color: bool) -> Iterator[str]:
    """Yield the lines of a passage that was folded under a hit of its article."""
    passage = hit.passage
    where = f"characters {passage.start}-{passage.end}{printable(cited(hit.part))}"
    yield f"    also: {where}, passage {passage.id}; {printable(hit.reason)}"
    yield from _quoted(passage.text, hit.highlights, color, "      ")


def _quoted(text: str, marks: Sequence[Highlight], color: bool, indent: str) -> Iterator[str]:
    shown = drawn(text, marks, _styled if color else None)
    yield from (f"{indent}{line.strip()}" for line in shown.splitlines() if line.strip())


def _cited(copy: Copy) -> str:
    article = copy.article
    where = place(article, copy.part)
    return joined((article.title, article.outlet, article.published, where, f"passage {copy.passage.id}"))


def drawn(text: str, marks: Sequence[Highlight], style: Callable[[str, str], str] | None) -> str:
    """Return a text made safe for a terminal, its highlights styled; marks may overlap, the first wins."""
    if style is None:
        return printable(text)
    parts, offset = [], 0
    for mark in sorted(marks):
        if mark.start < offset:
            continue
        parts.append(printable(text[offset : mark.start]))
        parts.append(style(printable(text[mark.start : mark.end]), mark.mark))
        offset = mark.end
    return "".join([*parts, printable(text[offset:])])


def _styled(text: str, mark: str) -> str:
    bold, underline, italic = mark == "match", mark == "match", mark == "semantic"
    return click.style(text, bold=bold or None, underline=underline or None, italic=italic or None)
