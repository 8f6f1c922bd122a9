"""The text of a page's article, by trafilatura, looked at a second time where it left out lines of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from archive.core.article import Span
from archive.readers.pages.lines import Line, lines
from archive.readers.pages.markup import Struck, prepare
from archive.readers.pages.second_look import filled, look, missing, value
from archive.text.decode import neutral

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

# The share of a page's lines below which trafilatura is asked again, as where it took a notice about cookies for the
# article. Chosen, not measured.
_FEW: Final = 0.5


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was made of a page.

    Attributes:
        text: the article's, a line for each block and an empty one between them.
        hidden: spans of what is struck out of it.
        how: what the second look did: ``recall``, ``lines added``, both with a comma, or nothing.
        title, url, outlet, author: as trafilatura finds them in the metadata.
        headings: those of the first rank.
    """

    text: str
    hidden: tuple[Span, ...]
    how: str
    title: str | None
    url: str | None
    outlet: str | None
    author: str | None
    headings: tuple[str, ...]


def extract(tree: HtmlElement) -> Extraction | None:
    """Find the article of a page, which is changed for it; None where there is none."""
    marks = prepare(tree)
    page = list(lines(tree))
    first = _trafilatura(tree, recall=False)
    found = first or _trafilatura(tree, recall=True)
    if found is None:
        return None
    text, how = _whole(tree, page, (first.text or "") if first else "")
    # trafilatura never wraps lines: each of its lines is a block of the page.
    text, hidden = marks.taken_out(re.sub(r"\s*\n\s*", "\n\n", neutral(text).strip()))
    title, url, outlet, who = (_plain(value, marks) for value in (found.title, found.url, found.sitename, found.author))
    headings = tuple(marks.without(" ".join(heading.text_content().split())) for heading in tree.iter("h1"))
    return Extraction(text, hidden, how, title, url, outlet, who, headings)


def _whole(tree: HtmlElement, page: list[Line], text: str) -> tuple[str, str]:
    """Return the text with what a second look adds, and what that did."""
    seen, steps = look(text, page), list[str]()
    if missing(seen, page) or seen.share < _FEW:
        again = _trafilatura(tree, recall=True)
        wider = look(again.text or "", page) if again is not None else seen
        if value(wider, page) > value(seen, page):
            seen, steps = wider, ["recall"]
    wanted = missing(seen, page)
    steps += ["lines added"] if wanted else []
    return filled(seen, page, wanted), ", ".join(steps)


def _trafilatura(tree: HtmlElement, *, recall: bool) -> Any:  # noqa: ANN401 (trafilatura has no types)
    from trafilatura import bare_extraction

    return bare_extraction(
        tree,
        include_comments=False,
        favor_recall=recall,
        with_metadata=True,
        date_extraction_params={"extensive_search": False},
    )


def _plain(value: str | None, marks: Struck) -> str | None:
    return marks.without(value) if value else value
