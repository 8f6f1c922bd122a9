"""Saved questions as text and JSON, with what is new of each where that was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from tui.formats.facts import credit, joined
from tui.formats.json import SCHEMA
from tui.formats.lines import Line
from tui.formats.plural import counted
from tui.formats.remedies import advised

if TYPE_CHECKING:
    from archive import Article
    from archive.notebook.kept import SavedQuestion
    from index.search.news import News
    from tui.formats.json import Json

_INDENT: Final = "    "
_USUAL: Final = "hybrid"


def saved_lines(saved: Sequence[SavedQuestion]) -> Iterator[Line | str]:
    """Yield a line for each saved question."""
    for one in saved:
        mode = "" if one.mode == _USUAL else f"  ({one.mode})"
        yield Line(f"{one.question}{mode}", f"{one.id}  ")


def news_lines(news: Sequence[News]) -> Iterator[Line | str]:
    """Yield what is new of each question of which anything is."""
    for one in news:
        if one.articles:
            yield Line(f"{one.saved.question}: {counted(len(one.articles), 'new article')}", bold=True)
            for article in one.articles:
                yield Line(joined((article.title, *credit(article))), _INDENT)
                yield Line(f"article {article.id}" + (f"  {article.url}" if article.url else ""), _INDENT * 2)


def saved_object(saved: Sequence[SavedQuestion], news: Sequence[News] | None = None) -> Json:
    """Return what ``saved --json`` prints; ``news`` is aligned, where it was asked for."""
    listed = [
        {"saved_id": one.id, "question": one.question, "mode": one.mode, "kept": one.kept, "seen": one.seen}
        for one in saved
    ]
    if news is not None:
        listed = [{**one, **_new(of)} for one, of in zip(listed, news, strict=True)]
    return {"schema": SCHEMA, "saved": listed}


def _new(news: News) -> Json:
    new = {"new": list(map(_article, news.articles))}
    return {**new, "degraded": list(map(advised, news.degraded))} if news.degraded else new


def _article(article: Article) -> Json:
    return {
        "article_id": article.id,
        "version": article.version,
        "title": article.title,
        "outlet": article.outlet,
        "author": article.author,
        "url": article.url,
        "published": article.published,
        "path": article.path,
        "record": article.record,
    }
