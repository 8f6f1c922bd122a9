"""Quotations for the clipboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.core.article import Article
from tui.app.view.labels import citation

if TYPE_CHECKING:
    from textual.app import App

    from index.search.answer import Hit
    from tui.app.view.styled_spans import Ranged
    from tui.app.widgets.article_text import ArticleText


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
    """Put a quotation on the clipboard, and say so."""
    if quotation is None:
        app.notify("There is nothing to copy yet.", severity="warning", markup=False)
        return
    app.copy_to_clipboard(quotation.cited() if cited else quotation.text)
    what = "with its source" if cited else "alone"
    app.notify(f"Copied {len(quotation.text)} characters {what}.", timeout=3, markup=False)
