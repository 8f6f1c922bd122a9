"""What a person reads in a terminal: facts at one indentation, an article's words behind a margin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from archive.text.decode import collapsed_line
from tui.formats.extras import HitExtras
from tui.formats.facts import cited, credit, joined, place
from tui.formats.lines import Line, quoted

if TYPE_CHECKING:
    from index import Answer, Hit
    from index.search.answer import Copy

NO_EXTRAS: Final = HitExtras()
_INDENT: Final = "    "
_WEAK: Final = "Weak matches only: the archive may hold little about this."
_NOTHING: Final = "Nothing here resembles this question. --nearest shows the nearest passages all the same."


def answer_lines(answer: Answer, extras: Sequence[HitExtras] = (), *, color: bool = False) -> Iterator[Line | str]:
    """Yield the lines of an answer.

    Args:
        answer: to print.
        extras: what goes with each hit, when anything does.
        color: whether attributes of the terminal tell the nearest sentence, which is named in words otherwise.
    """
    yield from remarks(answer)
    for index, hit in enumerate(answer):
        yield ""
        yield from hit_lines(hit, extras[index] if extras else NO_EXTRAS, color=color)


def remarks(answer: Answer) -> Iterator[str]:
    """Yield how the question was read, and what the answer is worth where that is little."""
    yield from (f"({note})" for note in answer.notes)
    if answer.confidence == "nothing":
        yield _NOTHING
    elif answer.confidence == "weak":
        yield _WEAK


def hit_lines(hit: Hit, extra: HitExtras, *, color: bool) -> Iterator[Line]:
    """Yield the lines of one hit: title, passage, where it stands, why it is here."""
    article, passage = hit.article, hit.passage
    yield Line(article.title, f"{hit.rank:>2}. ", bold=True)
    if facts := joined(credit(article)):
        yield _fact(facts)
    nearest = hit.nearest if extra.explained or not hit.highlights else None
    marks = [*hit.highlights, *([nearest] if nearest and not hit.highlights else [])]
    yield from quoted(passage.text, marks, _INDENT)
    if nearest and (extra.explained or not color):
        yield _fact(f"nearest in meaning: “{collapsed_line(passage.text[nearest.start : nearest.end])}”")
    copies = f"; {hit.copies} more with the same text" if hit.copies else ""
    folded = f"; {hit.folded} more of this article" if hit.folded else ""
    yield _fact(f"{hit.reason}{copies}{folded}")
    gone = " (the file is gone)" if article.gone else ""
    yield _fact(f"{place(article, hit.part)}, characters {passage.start}-{passage.end}{gone}")
    yield _fact(f"article {article.id}  passage {passage.id}" + (f"  {article.url}" if article.url else ""))
    yield from (_fact(f"same text: {_cited(copy)}") for copy in extra.copies or ())
    for further in extra.further or ():
        yield from _further_lines(further)
    yield from map(_fact, extra.arithmetic.lines() if extra.arithmetic else ())
    if extra.explained and hit.reranked:
        yield _fact(f"reranker: {hit.reranked.score:.4f} (the score above is without it)")


def _further_lines(hit: Hit) -> Iterator[Line]:
    """Yield the lines of a passage that was folded under a hit of its article."""
    passage = hit.passage
    where = f"characters {passage.start}-{passage.end}{cited(hit.part)}"
    yield _fact(f"also: {where}, passage {passage.id}; {hit.reason}")
    yield from quoted(passage.text, hit.highlights, f"{_INDENT}  ")


def _fact(text: str) -> Line:
    return Line(text, _INDENT)


def _cited(copy: Copy) -> str:
    article = copy.article
    where = place(article, copy.part)
    return joined((article.title, article.outlet, article.published, where, f"passage {copy.passage.id}"))
