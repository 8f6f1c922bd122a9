"""The lines of a page as people read it: a paragraph, a heading, an item each; without what lies elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from archive.readers.pages.markup import BLOCKS, QUOTATIONS
from archive.readers.pages.places import body_of
from archive.readers.pages.wording import each, is_elsewhere, is_named_elsewhere, names_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_NOT_READ: Final = each(
    "script style noscript template svg math iframe object embed button select option textarea input label form"
    " fieldset dialog menu canvas audio video map figure time nav footer"
)
_UNSEEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NO_LETTERS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page.

    Attributes:
        text: with its white space collapsed.
        flat: its letters and digits alone, in lower case, by which it is found in what an extractor made of the page.
        tag: of the block that holds it.
        parent: of that block, by which lists are found that follow a paragraph; compared by identity.
        linked: the share of its letters that stand in links.
    """

    text: str
    flat: str
    tag: str
    parent: HtmlElement | None
    linked: float


def flat(text: str) -> str:
    """Return the letters and digits of a text, in lower case."""
    return _NO_LETTERS.sub("", text).lower()


def lines(tree: HtmlElement) -> Iterator[Line]:
    """Yield the lines of a page, but for those in parts that say they are no part of the article, and unseen ones."""
    from lxml.etree import iterwalk  # type: ignore[import-untyped]

    body = body_of(tree)
    walk = iterwalk(body, events=("start", "end", "comment", "pi"))
    pieces, blocks, links = _Pieces(), [body], 0
    for event, element in walk:
        if event in ("comment", "pi"):
            pieces.add(element.tail, linked=links > 0)
            continue
        if element.tag in BLOCKS or element.tag == "br":
            yield from pieces.taken(blocks[-1])
        if event == "start":
            if element is not body and _is_left_out(element):
                walk.skip_subtree()
                continue
            blocks += [element] if element.tag in BLOCKS else []
            links += int(element.tag == "a")
            pieces.add(element.text, linked=links > 0)
        elif element is not body:
            if blocks[-1] is element:
                blocks.pop()
            links -= int(element.tag == "a" and not _is_left_out(element))
            pieces.add(element.tail, linked=links > 0)
    yield from pieces.taken(body)


class _Pieces:
    """What was read of a block so far, and how much of it stands in links."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._linked = 0

    def add(self, text: str | None, *, linked: bool) -> None:
        """Add a piece of text."""
        if text:
            self._text.append(text)
            self._linked += len(flat(text)) if linked else 0

    def taken(self, block: HtmlElement) -> Iterator[Line]:
        """Yield what was added as a line of a block, of one whose breaks count as several, and begin anew."""
        text, linked = "".join(self._text), self._linked
        self._text, self._linked = [], 0
        share = linked / max(1, len(flat(text)))
        for line in text.split("\n") if block.tag == "pre" else [text]:
            if letters := flat(line):
                yield Line(" ".join(line.split()), letters, block.tag, block.getparent(), share)


def _is_left_out(element: HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in _NOT_READ:
        return True
    if element.tag == "aside":
        return not _is_box(element)
    is_unseen = "hidden" in element.attrib or element.get("aria-hidden") == "true"
    return is_unseen or _UNSEEN.search(element.get("style", "")) is not None or is_elsewhere(element)


def _is_box(element: HtmlElement) -> bool:
    """Tell whether an aside may belong to the article: it lies in it, says nothing else and repeats no quotation."""
    in_article = any(outer.tag == "article" for outer in element.iterancestors())
    return in_article and not is_named_elsewhere(element) and names_of(element).isdisjoint(QUOTATIONS)
