"""Deleting the rows of articles and sources, in the catalog or in a copy of it, with every name they leave behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from archive.catalog.article_rows import anchor, other_place
from archive.catalog.database import Transaction
from archive.folder.paths import absolute

File = tuple[str, str]
_BY_ARTICLE: Final = ("places", "passages", "parts", "versions")


def erase(writing: Transaction, articles: Collection[str], sources: Iterable[str]) -> None:
    """Delete articles with all their versions and places, and sources with all that no other source holds.

    Files that hold nothing else go as well, and sources that are such a file.
    """
    files = _erase_articles(writing, articles)
    for source in sources:
        files |= _erase_source(writing, source)
    for file in sorted(files):
        _erase_file(writing, file)


def only_in(writing: Transaction, source: str) -> tuple[str, ...]:
    """Return the articles of a source that no other source holds, removed ones too."""
    rows = writing.rows(
        "SELECT id FROM articles a WHERE source = ? AND NOT EXISTS (SELECT 1 FROM places p JOIN sources s"
        " ON s.id = p.source WHERE p.article = a.id AND p.gone = 0 AND s.removed IS NULL AND p.source <> a.source)"
        " ORDER BY id",
        (source,),
    )
    return tuple(article for (article,) in rows)


def _erase_articles(writing: Transaction, articles: Iterable[str]) -> set[File]:
    """Delete articles; return the files they were in."""
    files = set[File]()
    for article in articles:
        places = writing.rows("SELECT source, path, record FROM places WHERE article = ?", (article,))
        places += writing.rows("SELECT source, path, record FROM articles WHERE id = ?", (article,))
        for place in places:
            writing.delete("DELETE FROM refusals WHERE source = ? AND path = ? AND record = ?", place)
            files.add(place[:2])
        for table in _BY_ARTICLE:
            writing.delete(f"DELETE FROM {table} WHERE article = ?", (article,))
        writing.delete("DELETE FROM articles WHERE id = ?", (article,))
    return files


def _erase_source(writing: Transaction, source: str) -> set[File]:
    """Delete a source; what another holds is from now on there. Return the files that lost an article."""
    for table in ("places", "files", "refusals"):
        writing.delete(f"DELETE FROM {table} WHERE source = ?", (source,))
    lost = []
    for (article,) in writing.rows("SELECT id FROM articles WHERE source = ?", (source,)):
        elsewhere = other_place(writing, article)
        if elsewhere is None:
            lost.append(article)
        else:
            anchor(writing, article, elsewhere)
    files = _erase_articles(writing, lost)
    writing.delete("DELETE FROM sources WHERE id = ?", (source,))
    return files


def _erase_file(writing: Transaction, file: File) -> None:
    if writing.row("SELECT 1 FROM places WHERE source = ? AND path = ?", file):
        return
    for table in ("files", "refusals"):
        writing.delete(f"DELETE FROM {table} WHERE source = ? AND path = ?", file)
    source, path = file
    root = writing.row("SELECT root FROM sources WHERE id = ?", (source,))
    left = "SELECT 1 FROM files WHERE source = ? UNION ALL SELECT 1 FROM articles WHERE source = ?"
    rest = writing.row(left, (source, source))
    if root is not None and rest is None and absolute(root[0], path) == root[0]:
        writing.delete("DELETE FROM sources WHERE id = ?", (source,))
