"""The head of an article, always in sight: the line that says where one is in it, and what and why it is."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from archive.core.article import Passage
from archive.text.visible import visible_line
from tui.app.view import head
from tui.app.view.article_page import Page
from tui.formats.wrapping import cells, fit

LIGHT, HEAVY = "─", "━"


class Heading(Widget):
    """Shows what an article is and why it is here; its words are never read as markup."""

    def __init__(self) -> None:
        super().__init__()
        self._page: Page | None = None
        self._passage: Passage | None = None
        self._total = ""

    def show(self, page: Page | None, passage: Passage | None = None, total: str = "") -> None:
        """Draw the head of an article with the place of a passage; nothing, without an article.

        Args:
            page: the article.
            passage: the one that is marked.
            total: how many results there are, as far as that is known.
        """
        if page is not self._page or passage is not self._passage or total != self._total:
            self._page, self._passage, self._total = page, passage, total
            self.refresh()

    def render(self) -> Content:
        """Draw as many lines as there is room for."""
        if self._page is None:
            return Content("")
        width, count = self.content_size.width, self.content_size.height
        lines = head.head(self._page, self._total, width, count, self._passage)
        bold = head.title_line(count)
        return Content("\n").join(
            Content(line).stylize("bold") if number == bold else Content(line) for number, line in enumerate(lines)
        )


class PlaceRule(Widget):
    """A rule that says where in the article one is, heavy where keys go to the article."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._heavy = False

    @property
    def text(self) -> str:
        """Return its words."""
        return self._text

    def say(self, *parts: str, heavy: bool) -> None:
        """Show these words; empty ones are left out."""
        text = " · ".join(visible_line(part) for part in parts if part)
        if (text, heavy) != (self._text, self._heavy):
            self._text, self._heavy = text, heavy
            self.refresh()

    def render(self) -> Content:
        """Draw the rule with its words."""
        sign, width = HEAVY if self._heavy else LIGHT, self.size.width
        text = fit(f" {self._text} ", max(0, width - 4)) if self._text else ""
        return Content(f"{sign * 2}{text}{sign * max(0, width - 2 - cells(text))}")
