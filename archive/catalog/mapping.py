"""From catalog rows to nouns and back; each row is proved by its digest before it becomes one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from archive.catalog.integrity import proved
from archive.catalog.rows import ArticleRow, PlaceRow, RefusalRow, SourceRow, TextSlice
from archive.catalog.schema import (
    ARTICLES,
    DERIVATIONS,
    PARTS,
    PASSAGES,
    PLACES,
    REFUSALS,
    SOURCES,
    VERSIONS,
    TableSchema,
    Value,
)
from archive.catalog.transaction import Row
from archive.core.article import Article, Part, Passage, Refusal, Span, Version
from archive.core.derivation import Derivation, Origin
from archive.core.errors import Action, Damaged, Remedy
from archive.folder.paths import absolute

# Joined from the left, so that an article whose source is lost is told of and not left out.
ARTICLE: Final = (
    f"SELECT {ARTICLES.sealed_as('a')}, {SOURCES.sealed_as('s')} FROM articles a LEFT JOIN sources s ON s.id = a.source"
)
PASSAGES_OF_VERSION: Final = f"{PASSAGES.everything} WHERE article = ? AND version = ? ORDER BY number"


def article_row(row: Row) -> ArticleRow:
    """Read a row of ``ARTICLES``."""
    return ArticleRow.from_columns(proved(ARTICLES, row))


def source_row(row: Row) -> SourceRow:
    """Read a row of ``SOURCES``."""
    return SourceRow(*proved(SOURCES, row))


def place_row(row: Row) -> PlaceRow:
    """Read a row of ``PLACES``."""
    return PlaceRow(*proved(PLACES, row))


def refusal_row(row: Row) -> RefusalRow:
    """Read a row of ``REFUSALS``."""
    return RefusalRow(*proved(REFUSALS, row))


def article(row: Row) -> Article:
    """Read a row of ``ARTICLE``, whether the article was removed or not."""
    held, source = article_row(row[: ARTICLES.width]), source_row(row[ARTICLES.width :])
    return Article(
        id=held.id,
        version=held.version,
        title=held.title,
        outlet=held.outlet,
        author=held.author,
        url=held.url,
        published=held.published,
        published_from=held.published_from,
        language=held.language,
        path=absolute(source.root, held.path),
        record=held.record or None,
        gone=bool(held.gone),
    )


def version(row: Row) -> Version:
    """Read a row of ``VERSIONS``; its text is the one that its digest names."""
    article_id, digest, text, hidden, seen, reader, raw_digest, damage = proved(VERSIONS, row)
    return Version(article_id, digest, text, _spans(hidden), seen, reader, raw_digest, damage)


def version_row(version: Version) -> tuple[Value, ...]:
    """Return the values of a version's row."""
    key, hidden = (version.article_id, version.digest), spans_column(version.hidden)
    return (*key, version.text, hidden, version.seen, version.reader, version.raw_digest, version.damage)


def derivation(row: Row) -> Derivation:
    """Read a row of ``DERIVATIONS``."""
    _, _, reader, titles, cleaning, dates, language, *others = proved(DERIVATIONS, row)
    rules, (chunking, origin, declared, hidden, kept) = (titles, cleaning, dates, language), others
    return Derivation(reader, chunking, *rules, Origin(origin), declared, _spans(hidden), kept)


def derivation_row(derivation: Derivation) -> tuple[Value, ...]:
    """Return the columns of ``DERIVATIONS`` after its key."""
    rules = (derivation.titles, derivation.cleaning, derivation.dates, derivation.language)
    rest = (derivation.origin.value, derivation.declared, spans_column(derivation.hidden), derivation.kept)
    return (derivation.reader, *rules, derivation.chunking, *rest)


def spans_column(spans: Sequence[Span]) -> str:
    """Return spans as a column holds them: pairs in JSON."""
    return json.dumps([[span.start, span.end] for span in spans], separators=(",", ":"))


def _spans(column: str) -> tuple[Span, ...]:
    return tuple(Span(int(start), int(end)) for start, end in json.loads(column))


def passages(rows: Sequence[Row], of: Version) -> tuple[Passage, ...]:
    """Read the rows of ``PASSAGES_OF_VERSION``; texts are cut from the version.

    Raises:
        Damaged: one is not as it was written, or missing between others.
    """
    held = [proved(PASSAGES, row) for row in rows]
    if [number for _, _, number, *_ in held] != list(range(len(held))):
        what = f"The catalog lacks passages of the article {of.article_id}."
        raise Damaged(what, remedy=Remedy(Action.REPAIR))
    return tuple(
        Passage(passage_id, of.article_id, of.digest, start, stop, of.text[start:stop])
        for _, _, _, passage_id, start, stop in held
    )


def text_slice(table: TableSchema, row: Row) -> TextSlice:
    """Read where a passage is, of a row of ``PASSAGES`` or ``FORMER_PASSAGES``."""
    values = dict(zip(table.names, proved(table, row), strict=True))
    return values["article"], values["version"], values["start"], values["stop"]


def part(row: Row) -> Part:
    """Read a row of ``PARTS``."""
    _, _, start, kind, label = proved(PARTS, row)
    return Part(start, kind, label)


def refusal(row: Row) -> Refusal:
    """Read a row of ``REFUSALS`` followed by the one of its source."""
    refused, root = refusal_row(row[: REFUSALS.width]), source_row(row[REFUSALS.width :]).root
    where = absolute(root, refused.path) if refused.path else root
    return Refusal(where, refused.record or None, refused.code, refused.reason)
