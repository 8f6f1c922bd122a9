"""Deleting the rows of articles and sources, in the catalog or in a copy of it, with every name they leave behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from archive.catalog.article_rows import anchor
from archive.catalog.rows import FileKey
from archive.catalog.tables import articles, derivations, files, parts, places, refusals, sources, versions
from archive.catalog.transaction import Transaction
from archive.folder.paths import absolute


def erase(writing: Transaction, erased: Collection[str], erased_sources: Iterable[str]) -> None:
    """Delete articles with all their versions and places, and sources with all that no other source holds.

    Files that hold nothing else go as well, and sources that are such a file.
    """
    left = _erase_articles(writing, erased)
    for source in erased_sources:
        left |= _erase_source(writing, source)
    for file in sorted(left):
        _erase_file(writing, file)


def _erase_articles(writing: Transaction, erased: Iterable[str]) -> set[FileKey]:
    """Delete articles; return the files they were in."""
    left = set[FileKey]()
    for article in erased:
        there = [row.place for row in places.of_article(writing, article)]
        row = articles.read(writing, article)
        for place in (*there, *([row.place] if row is not None else [])):
            refusals.delete(writing, place)
            left.add(place.file)
        for table in (places, derivations, parts, versions):
            table.delete_of_article(writing, article)
        articles.delete(writing, article)
    return left


def _erase_source(writing: Transaction, source: str) -> set[FileKey]:
    """Delete a source; what another holds is from now on there. Return the files that lost an article."""
    for table in (places, files, refusals):
        table.delete_in_source(writing, source)
    lost = []
    for row in articles.in_source(writing, source):
        elsewhere = places.another(writing, row.id)
        if elsewhere is None:
            lost.append(row.id)
        else:
            anchor(writing, row.id, elsewhere)
    left = _erase_articles(writing, lost)
    sources.delete(writing, source)
    return left


def _erase_file(writing: Transaction, file: FileKey) -> None:
    if places.in_file(writing, file):
        return
    files.delete_in_file(writing, file)
    refusals.delete_in_file(writing, file)
    source = sources.read(writing, file[0])
    if source is None or sources.holds_anything(writing, source.id):
        return
    if absolute(source.root, file[1]) == source.root:
        sources.delete(writing, source.id)
