"""The head of an article: title, publisher, date, place."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from archive.core.article import Article
from archive.text.visible import visible_line
from tui.app.view.labels import provenance


class Heading(Static):
    """Shows what an article is; its words are never read as markup."""

    def __init__(self) -> None:
        super().__init__(Content(""), markup=False)

    def show(self, article: Article) -> None:
        """Draw an article's title and provenance."""
        title = Content(visible_line(article.title)).stylize("bold")
        words = Content("\n").join([title, Content(provenance(article)).stylize("dim")])
        self.update(words, layout=self.styles.is_auto_height)

    def clear(self) -> None:
        """Draw nothing."""
        self.update(Content(""), layout=self.styles.is_auto_height)
