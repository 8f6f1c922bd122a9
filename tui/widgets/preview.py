"""The article beside the results, opened at the selected passage."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from tui import keys
from tui.page import Page
from tui.widgets.article_text import ArticleText
from tui.widgets.heading import Heading


class Preview(Vertical):
    """A heading over the text."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.PREVIEW]

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield Heading()
        yield ArticleText()

    @property
    def text(self) -> ArticleText:
        """Return the text's widget."""
        return self.query_one(ArticleText)

    def show(self, page: Page) -> None:
        """Draw a page at its passage."""
        self.query_one(Heading).show(page.article)
        self.text.show(page)

    def clear(self) -> None:
        """Draw nothing."""
        self.query_one(Heading).clear()
        self.text.clear()
