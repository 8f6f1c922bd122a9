"""Preparing a page for the extractor, which drops by their tags what is the article in some pages.

What is struck out is moved behind its paragraph between two marks, so that the sentence reads as corrected and the
words can be hidden afterwards; ``Struck`` finds them again.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from archive.core.article import Span
from archive.readers.pages.places import body_of, words
from archive.readers.pages.wording import each, is_elsewhere, names_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

BLOCKS: Final = each(
    "p li dd dt td th h1 h2 h3 h4 h5 h6 blockquote figcaption caption summary pre div section article main header"
    " footer aside body details figure ul ol dl table tr tbody thead tfoot form fieldset address center nav hr"
)
_STRUCK: Final = frozenset(["del", "s", "strike"])
QUOTATIONS: Final = each("quote quotation pullquote blockquote")
_LINE_THROUGH: Final = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
# Characters of a style that are looked at; written by hand it has some 100. Chosen, not measured.
_STYLE: Final = 1_000
# Signs that pages do not hold, which extractors take for letters: those of Linear A. Two that a page lacks are used.
_SIGNS: Final = tuple(map(chr, range(0x10600, 0x10630)))
# The extractor drops these whole; one that holds most of the page's paragraphs is the article.
_DROPPED: Final = ("aside", "footer", "figure", "menu", "dialog", "fieldset", "noscript", "object", "nav", "label")
_PARTS: Final = ("tbody", "thead", "tfoot", "tr", "td", "th")
# Characters of a cell that holds an article, and the share of its table's text. Chosen, not measured.
_ARTICLE_CELL: Final = 300
_MOST_OF: Final = 0.5
# The share of a cell's text in links, above which it is a menu. Chosen, not measured.
_MENU: Final = 0.7
_CLOCK: Final = re.compile(
    r"\W*\d{1,2}\s?[:.h]\s?\d{2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?|Uhr|[A-Z]{2,4})?\W*", re.IGNORECASE
)
_ENTRIES: Final = 2  # times of entries, from which on a page is a live blog
# Elements of a kind that are looked at. Chosen, not measured: layouts have hundreds of tables.
_MOST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Struck:
    """The marks around what was struck out of a page; empty where nothing was."""

    opening: str = ""
    closing: str = ""

    def taken_out(self, text: str) -> tuple[str, tuple[Span, ...]]:
        """Return a text without the marks, and where the struck words are in it; a mark without its other goes."""
        if not self.opening:
            return text, ()
        pieces, spans, length, hidden = list[str](), list[Span](), 0, False
        for piece in re.split(f"([{self.opening}{self.closing}])", text):
            if piece in (self.opening, self.closing):
                hidden = piece == self.opening
                continue
            visible, broken, rest = piece.partition("\n") if hidden else (piece, "", "")
            if hidden and visible.strip():
                spans.append(Span(length, length + len(visible)))
            pieces.append(visible + broken + rest)
            length += len(pieces[-1])
        return "".join(pieces), tuple(spans)

    def without(self, text: str) -> str:
        """Return a text without what was struck out, on one line."""
        if not self.opening:
            return text
        text = re.sub(f"{self.opening}[^{self.closing}]*{self.closing}?|{self.closing}", "", text)
        return " ".join(text.split())


def without_struck(tree: HtmlElement) -> HtmlElement:
    """Return a page without what is struck out of it; itself where nothing is."""
    if not _struck(tree):
        return tree
    tree = deepcopy(tree)
    for element in _struck(tree):
        element.drop_tree()
    return tree


def prepare(tree: HtmlElement) -> Struck:
    """Change a page so that the extractor keeps what belongs to the article; return the marks of what is struck out."""
    _keep_quotations(tree)
    _undo_layout(tree)
    _keep_article(tree)
    _keep_times(tree)
    return _mark_struck(tree)


def _keep_quotations(tree: HtmlElement) -> None:
    """Make the speaker of a quotation a paragraph of it: extractors drop footers, and whole figures."""
    for figure in list(tree.iter("figure")):
        if figure.find(".//blockquote") is not None or figure.find(".//q") is not None:
            figure.tag = "div"
            for caption in figure.iter("figcaption"):
                caption.tag = "p"
    for footer in list(tree.iter("footer")):
        if any(outer.tag == "blockquote" or names_of(outer) & QUOTATIONS for outer in footer.iterancestors()):
            footer.tag = "p"


def _undo_layout(tree: HtmlElement) -> None:
    """Make blocks of tables that place the parts of a page beside each other, and drop those that are menus."""
    for table in list(islice(tree.iter("table"), _MOST)):
        cells = [cell for cell in table.iter("td", "th") if next(cell.iterancestors("table")) is table]
        if table.get("role") in ("presentation", "none") or _is_layout(cells):
            parts = [part for part in table.iter(*_PARTS) if next(part.iterancestors("table")) is table]
            menus = {cell for cell in cells if _is_menu(cell)}
            for part in [table, *parts]:
                part.tag = "nav" if part in menus else "div"


def _is_layout(cells: list[HtmlElement]) -> bool:
    if any(cell.find(".//table") is not None or cell.find(".//h1") is not None for cell in cells):
        return True
    lengths = [len(cell.text_content()) for cell in cells]
    largest = max(lengths, default=0)
    if largest < _ARTICLE_CELL or largest < _MOST_OF * sum(lengths):
        return False
    cell = cells[lengths.index(largest)]
    return sum(1 for _ in islice(cell.iter("p", "br", "h2", "h3", "div"), 2)) == 2


def _is_menu(cell: HtmlElement) -> bool:
    text = len("".join(cell.text_content().split()))
    linked = sum(len("".join(link.text_content().split())) for link in cell.iter("a"))
    return cell.find(".//p") is None and linked > _MENU * text > 0


def _keep_article(tree: HtmlElement) -> None:
    """Make a plain block of what holds most of the page's paragraphs, whatever its tag and its names say."""
    body = body_of(tree)
    total = _paragraphs(body)
    for element in list(
        islice((part for part in body.iter(*BLOCKS, *_DROPPED) if part.tag in _DROPPED or is_elsewhere(part)), _MOST)
    ):
        if _paragraphs(element) > _MOST_OF * total:
            element.tag = "div" if element.tag in _DROPPED else element.tag
            for name in ("class", "id", "role"):
                element.attrib.pop(name, None)


def _paragraphs(element: HtmlElement) -> int:
    return sum(len(paragraph.text_content()) for paragraph in element.iter("p"))


def _keep_times(tree: HtmlElement) -> None:
    """Keep the times of the entries of a live blog: extractors drop every time."""
    times = [
        time for time in islice(tree.iter("time"), _MOST) if _CLOCK.fullmatch(words(time)) and not _is_elsewhere(time)
    ]
    if len(times) >= _ENTRIES:
        for time in times:
            parent = time.getparent()
            time.tag = "p" if parent is not None and parent.tag in ("div", "section", "article", "header") else "span"


def _is_elsewhere(element: HtmlElement) -> bool:
    return any(
        is_elsewhere(outer) for outer in (element, *element.iterancestors()) if outer.tag not in ("body", "html")
    )


def _mark_struck(tree: HtmlElement) -> Struck:
    found = _struck(tree)
    signs = [sign for sign in _SIGNS if sign not in tree.text_content()][:2] if found else []
    if len(signs) < 2:
        return Struck()
    marks = Struck(*signs)
    for element in found:
        for part in _blocks_in(element) or [element]:
            _mark(part, marks)
    return marks


def _blocks_in(element: HtmlElement) -> list[HtmlElement]:
    """Return the blocks of a struck element that hold no other; itself, where it is one."""
    blocks = list(element.iter(*BLOCKS))
    return [block for block in blocks if next(block.iterdescendants(*BLOCKS), None) is None]


def _mark(element: HtmlElement, marks: Struck) -> None:
    """Put a block between the marks; words in a sentence go behind it, at the end of their block."""
    struck = f"{marks.opening}{' '.join(element.text_content().split())}{marks.closing}"
    block = next((outer for outer in element.iterancestors() if outer.tag in BLOCKS), None)
    if len(struck) <= len(marks.opening + marks.closing):
        return
    if element.tag in BLOCKS:
        for child in list(element):
            element.remove(child)
        element.text = struck
    elif block is not None:
        moved = element.makeelement("span")
        moved.text = f" {struck}"
        element.drop_tree()
        block.append(moved)


def _struck(tree: HtmlElement) -> list[HtmlElement]:
    """Return the outermost elements that are struck out; none where most of a page is.

    There a tag was left open, which strikes out all that follows.
    """
    body = body_of(tree)
    found = [element for element in body.iter("del", "s", "strike", "span", "p", "li", "div") if _is_struck(element)]
    outermost = [element for element in found if not any(map(_is_struck, element.iterancestors()))]
    length = sum(len(element.text_content()) for element in outermost)
    return outermost if length <= _MOST_OF * len(body.text_content()) else []


def _is_struck(element: HtmlElement) -> bool:
    return element.tag in _STRUCK or _LINE_THROUGH.search(element.get("style", "")[:_STYLE]) is not None
