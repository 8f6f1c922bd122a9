"""What always stands over an article: why it is here, what it is, and the place to cite, in as many lines as there are.

Where there is no room the least useful is cut, in its middle, and then left out; the place to cite never is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from archive.core.article import Article, Passage
from archive.text.visible import visible_line
from tui.app.view import labels
from tui.formats.facts import cited, dated
from tui.formats.wrapping import cells, fit

if TYPE_CHECKING:
    from tui.app.view.article_page import Page

LINES: Final = 4
_JOINT: Final = " · "
_TOO_LITTLE: Final = 6  # cells of something cut that still tell anything; chosen, not measured
_NAME: Final = 24  # cells of a file's name that are shown whatever else is not; chosen, not measured


@dataclass(frozen=True, slots=True)
class _Fact:
    """Something told on a line.

    Attributes:
        text: on one line.
        worth: the less it is, the sooner it is cut.
        least: cells to which it may be cut; 0 lets it be left out.
        tail: cells of its end that are left whatever is cut before them.
    """

    text: str
    worth: int
    least: int = 0
    tail: int = 0


def head(page: Page, total: str, width: int, count: int = LINES, passage: Passage | None = None) -> tuple[str, ...]:
    """Return ``count`` lines of at most ``width`` cells, the title on line ``title_line(count)``.

    Args:
        page: the article, opened at a hit.
        total: how many results there are, as far as that is known; empty where nobody knows.
        width: cells of a line.
        passage: the one that is marked, whose place is told; that of the hit unless given.
        count: four lines hold everything; three leave out the question, the author and the address.
    """
    place = _place(page, passage or page.hit.passage)
    article, title = page.article, fit(visible_line(page.article.title), width)
    if count < LINES:
        rank, reason = _why(page, total)
        return (title, _joined([rank, *_published(article)], width), _joined([reason, place], width))[:count]
    asked = [] if page.query is None else [_Fact(visible_line(page.query.text.strip()), 1)]
    author = [] if article.author is None else [_Fact(visible_line(article.author), 1)]
    address = [] if article.url is None else [_Fact(_bare(article.url), 1)]
    return (
        _joined([*asked, *_why(page, total)], width),
        title,
        _joined([*_published(article), *author], width),
        _joined([*address, place], width),
    )


def title_line(count: int) -> int:
    """Return the number of the line that holds the title."""
    return 1 if count >= LINES else 0


def middle(text: str, width: int, tail: int = 0) -> str:
    """Cut a text to a number of cells in its middle; at least ``tail`` cells of its end stay where they fit."""
    if cells(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    after = min(width - 1, max(tail, (width - 1) // 2))
    end = len(text)
    while end > 0 and cells(text[end - 1 :]) <= after:
        end -= 1
    start = 0
    while cells(text[: start + 1]) <= width - 1 - cells(text[end:]):
        start += 1
    return f"{text[:start]}…{text[end:]}"


def _why(page: Page, total: str) -> list[_Fact]:
    """Return the place on the list, which is never cut, and the reason."""
    place = f"{page.hit.rank} of {total}" if total else f"result {page.hit.rank}"
    return [_Fact(place, 3, cells(place)), _Fact(f"why: {visible_line(page.hit.reason)}", 4, 12)]


def _published(article: Article) -> list[_Fact]:
    """Return the outlet and the date with where that was found, which is never cut."""
    outlet, date = labels.outlet(article), dated(article)
    return [_Fact(outlet, 2, min(cells(outlet), 8)), _Fact(date, 4, cells(date))]


def _place(page: Page, passage: Passage) -> _Fact:
    """Return the file, which may be cut before its name, with the record and the offsets, which stay."""
    article, part = page.article, page.hit.part if passage == page.hit.passage else None
    name = visible_line(PurePath(article.path).name)
    gone = ", which is gone" if article.gone else ""
    record = "" if article.record is None else f" #{visible_line(article.record)}"
    number = f" ¶{place}" if (place := page.number_of(passage)) is not None else ""
    exact = f"{record}{cited(part)}{number} {passage.start}-{passage.end}{gone}"
    tail = cells(exact) + min(cells(name), _NAME)
    return _Fact(f"{visible_line(article.path)}{exact}", 3, tail + 1, tail)


def _bare(url: str) -> str:
    return visible_line(url).removeprefix("https://").removeprefix("http://").removeprefix("www.")


def _joined(facts: Sequence[_Fact], width: int) -> str:
    """Join facts in their order; those worth least are cut, or left out, until the rest fits."""
    kept = list(facts)
    for fact in sorted(facts, key=lambda fact: fact.worth):
        excess = cells(_JOINT.join(other.text for other in kept)) - width
        if excess <= 0:
            break
        number, size = kept.index(fact), max(fact.least, cells(fact.text) - excess)
        if not fact.least and size < _TOO_LITTLE:
            del kept[number]
        else:
            kept[number] = replace(fact, text=middle(fact.text, size, fact.tail))
    return middle(_JOINT.join(fact.text for fact in kept), width)
