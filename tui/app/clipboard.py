"""Quotations for the clipboard, and the asking to have them there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

from archive.core.article import Article
from archive.text.visible import visible_line
from tui.formats.plural import counted

if TYPE_CHECKING:
    from textual.app import App

    from index.search.answer import Hit
    from tui.app.view.styled_spans import Ranged
    from tui.app.widgets.article_text import ArticleText


@dataclass
class CopyWanted(Message):
    """A text is wanted on the clipboard; ``what`` names it in what is told of it.

    Nothing is copied of an ``article`` that was removed meanwhile.
    """

    text: str
    what: str
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """Some text of an article with its place: ``start`` and ``end`` refer to the text named by ``version``."""

    article: Article
    version: str
    start: int
    end: int
    text: str

    def cited(self) -> str:
        """Return the quotation with its source."""
        from tui.copying.citation import citation

        return citation(self.article, self.version, self.start, self.end, self.text)


def of_hit(hit: Hit) -> Quotation:
    """Quote a hit's passage."""
    return Quotation(hit.article, hit.passage.version, hit.passage.start, hit.passage.end, hit.passage.text)


def of_text(widget: ArticleText) -> Quotation | None:
    """Quote what the mouse selected in an article's text, else its marked passage."""
    span: Ranged | None = widget.selected or widget.passage
    if widget.page is None or span is None:
        return None
    page = widget.page
    return Quotation(page.article, page.version.digest, span.start, span.end, page.text[span.start : span.end])


def copy(app: App[Any], quotation: Quotation | None, *, cited: bool) -> None:
    """Ask for a quotation on the clipboard, alone or with its source."""
    if quotation is None:
        _refuse(app, "There is nothing to copy yet.")
        return
    what = f"{counted(len(quotation.text), 'character')}{' with the source' if cited else ''}"
    app.post_message(CopyWanted(quotation.cited() if cited else quotation.text, what, quotation.article.id))


def copy_address(app: App[Any], quotation: Quotation | None) -> None:
    """Ask for an article's address alone on the clipboard."""
    if quotation is None:
        _refuse(app, "There is nothing to copy yet.")
    elif not quotation.article.url:
        _refuse(app, "No address is known of this article; c copies its place with the passage.")
    else:
        app.post_message(CopyWanted(visible_line(quotation.article.url), "the address", quotation.article.id))


def _refuse(app: App[Any], why: str) -> None:
    app.notify(why, severity="warning", markup=False)
