"""Where a place of a page lies: in the article or set aside, near its top, behind which label."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from archive.core.forking import cached_property
from archive.readers.pages.linked_data import Identity, identity
from archive.readers.pages.wording import is_aside, names_of, stretches

if TYPE_CHECKING:
    from lxml.html import HtmlElement  # type: ignore[import-untyped]

_BLOCKS: Final = frozenset(["p", "li", "td", "dd", "dt", "h2", "h3", "h4", "figcaption", "blockquote"])
# Characters of a paragraph of reporting, of which one may stand above the day (a lead), not two. Chosen, not measured.
_PARAGRAPH: Final = 80
_MOST_ABOVE: Final = 1
# Characters of a card of another article, and words of its heading. Chosen, not measured.
_CARD: Final = 500
_HEADLINE_WORDS: Final = 3
# Elements around a place that may say what it is. Chosen, not measured.
_AROUND: Final = 3
# Characters of a line that is a day with a byline around it, and not running text. Chosen, not measured.
LONGEST_LINE: Final = 120


class Places:
    """One page, as far as places of it are judged by where they lie.

    Args:
        tree: of the page.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree

    @cached_property
    def _headline(self) -> HtmlElement | None:
        found = [heading for heading in self._tree.iterfind(".//h1") if words(heading)]
        inside = [
            heading for heading in found if any(outer.tag in ("article", "main") for outer in heading.iterancestors())
        ]
        return next(iter(inside or found), None)

    @cached_property
    def _identity(self) -> Identity:
        return identity(self._tree)

    @cached_property
    def _around_headline(self) -> frozenset[HtmlElement]:
        return frozenset() if self._headline is None else frozenset([self._headline, *self._headline.iterancestors()])

    @cached_property
    def _articles(self) -> int:
        """The number of articles of the page that lie in no other."""
        found = self._tree.iterfind(".//article")
        return sum(all(outer.tag != "article" for outer in article.iterancestors()) for article in found)

    @cached_property
    def _paragraphs(self) -> list[HtmlElement]:
        found = body_of(self._tree).iterfind(".//p")
        return [paragraph for paragraph in found if len(words(paragraph)) >= _PARAGRAPH]

    @cached_property
    def _order(self) -> dict[HtmlElement, int]:
        return {element: number for number, element in enumerate(self._tree.iter())}

    def set_aside(self, element: HtmlElement) -> bool:
        """Tell whether an element lies in what says that it is no part of the article, or in another article.

        What also holds the headline says it of the page, such as ``with-sidebar``, and does not count.
        """
        chain = [element]
        for outer in element.iterancestors():
            if outer.tag in ("body", "html") or outer in self._around_headline:
                break
            chain.append(outer)
        in_article = any(outer.tag == "article" for outer in element.iterancestors())
        if any(self._is_aside(outer, in_article) for outer in chain):
            return True
        is_at_headline = self.is_near_top(element) and not self._is_above_headline(element)
        return not is_at_headline and any(self._is_card(outer) for outer in chain[1:])

    def _is_above_headline(self, element: HtmlElement) -> bool:
        return self._headline is not None and self._order[element] < self._order[self._headline]

    def _is_card(self, element: HtmlElement) -> bool:
        """Tell whether an element presents another article: some lines under a heading that is no title of this one."""
        if len(words(element)) > _CARD:
            return False
        headings = (words(heading) for heading in element.iter("h2", "h3", "h4"))
        return any(len(text.split()) >= _HEADLINE_WORDS and not self._identity.is_titled(text) for text in headings)

    def _is_aside(self, element: HtmlElement, in_article: bool) -> bool:
        if element.tag == "article":
            return self._articles > 1 or (self._headline is not None and self._in_article(self._headline))
        if element.tag == "header":
            return not in_article
        if in_article and (element.tag == "footer" or names_of(element) & {"footer"}):
            return False
        return is_aside(element)

    @staticmethod
    def _in_article(element: HtmlElement) -> bool:
        return any(outer.tag == "article" for outer in element.iterancestors())

    def is_near_top(self, element: HtmlElement) -> bool:
        """Tell whether at most one paragraph of reporting stands above an element."""
        above = sum(self._order[paragraph] < self._order[element] for paragraph in self._paragraphs[: _MOST_ABOVE + 2])
        return above <= _MOST_ABOVE

    def around(self, element: HtmlElement) -> Iterator[HtmlElement]:
        """Yield the elements closely around one, from the inside: small ones, which hold little beside it."""
        for outer, _ in zip(element.iterancestors(), range(_AROUND), strict=False):
            if outer in self._around_headline or len(words(outer)) > LONGEST_LINE:
                return
            yield outer

    def block(self, element: HtmlElement) -> HtmlElement | None:
        """Return the paragraph or the like that holds an element, None where none does."""
        return next((outer for outer in element.iterancestors() if outer.tag in _BLOCKS), None)

    def label(self, element: HtmlElement) -> bool | None:
        """Tell what the words right before an element, or right behind it, say of its day, as ``Stretch.published``."""
        inner = element
        for outer in self.around(element):
            before, behind = _beside(outer, inner)
            labels = list(stretches(before))
            if labels and labels[-1].published is not None and not any(map(str.isdigit, labels[-1].text)):
                return labels[-1].published
            following = list(stretches(behind))
            if (
                len(following) > 1
                and not following[0].text.strip(" ()|,")
                and not any(map(str.isdigit, following[1].text))
            ):
                return following[1].published
            if any(map(str.isdigit, before)):
                return None
            inner = outer
        return None


def words(element: HtmlElement) -> str:
    """Return what people read of an element on one line, what markup divides apart; of a long one the beginning."""
    pieces, length = list[str](), 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece)
        if length > 10 * LONGEST_LINE:
            break
    return " ".join(" ".join(pieces).split())


def body_of(tree: HtmlElement) -> HtmlElement:
    """Return the body of a page; of a part of one, which has none, all of it."""
    body = tree.find(".//body")
    return tree if body is None else body


def _beside(outer: HtmlElement, inner: HtmlElement) -> tuple[str, str]:
    """Return the text of an element before one of its children, and behind it."""
    before, behind, seen = [outer.text or ""], list[str](), False
    for child in outer:
        if child is inner:
            seen = True
            behind.append(child.tail or "")
            continue
        side = behind if seen else before
        side.append("".join(child.itertext()) if isinstance(child.tag, str) else "")
        side.append(child.tail or "")
    return " ".join(" ".join(before).split()), " ".join(" ".join(behind).split())
