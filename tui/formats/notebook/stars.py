"""Starred articles as text and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tui.formats.facts import credit, joined, stated
from tui.formats.json import SCHEMA
from tui.formats.lines import Line

if TYPE_CHECKING:
    from archive.notebook.kept import Star
    from tui.formats.json import Json


def star_lines(stars: Sequence[Star]) -> Iterator[Line | str]:
    """Yield the lines of starred articles for a person."""
    for star in stars:
        article = star.article
        about = "no longer in the archive" if article is None else joined((article.title, *credit(article)))
        yield Line(about, f"{star.article_id}  ")
        if article is not None and article.url:
            yield Line(article.url, " " * (len(star.article_id) + 2))


def stars_object(stars: Sequence[Star]) -> Json:
    """Return what ``stars --json`` prints."""
    return {"schema": SCHEMA, "stars": [_object(star) for star in stars]}


def _object(star: Star) -> Json:
    return {
        "article_id": star.article_id,
        "kept": star.kept,
        **stated(star.article),
    }
