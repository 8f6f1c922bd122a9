"""From catalog rows to nouns and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from archive.catalog.rows import TextSlice
from archive.catalog.schema import Value
from archive.catalog.transaction import Row
from archive.core.article import Article, Part, Passage, Refusal, Source, Span, Version
from archive.core.derivation import Derivation, Origin
from archive.core.errors import Action, Damaged, Remedy
from archive.folder.paths import absolute

ARTICLE: Final = (
    "SELECT a.id, a.version, a.title, a.outlet, a.author, a.url, a.published, a.published_from, a.language,"
    " a.path, a.record, a.gone, s.root FROM articles a JOIN sources s ON s.id = a.source"
)
VERSION: Final = "SELECT article, digest, text, hidden, seen, reader, raw_digest, damage FROM versions"
PASSAGES: Final = "SELECT id, start, stop FROM passages WHERE article = ? AND version = ? ORDER BY number"


def article(row: Row) -> Article:
    """Read a row of ``ARTICLE``."""
    with _sound():
        *described, path, record, gone, root = row
        place: tuple[Any, ...] = (absolute(root, path), record or None, bool(gone))
        return Article(*described, *place)


def version(row: Row) -> Version:
    """Read a row of ``VERSION``."""
    with _sound():
        article_id, digest, text, hidden, seen, reader, raw_digest, damage = row
        return Version(article_id, digest, text, _spans(hidden), seen, reader, raw_digest, damage)


def version_row(version: Version) -> tuple[Value, ...]:
    """Return the values of a version's row."""
    key, hidden = (version.article_id, version.digest), spans_column(version.hidden)
    return (*key, version.text, hidden, version.seen, version.reader, version.raw_digest, version.damage)


def derivation(row: Row) -> Derivation:
    """Read the columns of ``DERIVATIONS`` after its key."""
    with _sound():
        reader, titles, cleaning, dates, language, chunking, origin, declared, hidden, kept = row
        rules = (titles, cleaning, dates, language)
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


def passages(rows: list[Row], of: Version) -> tuple[Passage, ...]:
    """Read rows of ``PASSAGES``; texts are cut from the version."""
    with _sound():
        return tuple(
            Passage(passage_id, of.article_id, of.digest, start, stop, of.text[start:stop])
            for passage_id, start, stop in rows
        )


def text_slice(row: Row) -> TextSlice:
    """Read a row of (article, version, start, stop)."""
    with _sound():
        article_id, digest, start, stop = row
        return article_id, digest, int(start), int(stop)


def part(row: Row) -> Part:
    """Read a row of (start, kind, label)."""
    with _sound():
        start, kind, label = row
        return Part(int(start), kind, label)


def source(row: Row) -> Source:
    """Read a row of (id, root, added)."""
    return Source(*row)


def refusal(row: Row) -> Refusal:
    """Read a row of (root, path, record, code, reason)."""
    with _sound():
        root, path, record, code, reason = row
        return Refusal(absolute(root, path) if path else root, record or None, code, reason)


@contextmanager
def _sound() -> Iterator[None]:
    """Turn what a damaged row does to its reading into ``Damaged``."""
    try:
        yield
    except (AttributeError, TypeError, ValueError) as error:  # a value of another type than was written
        what = f"A row of the catalog does not hold what was written: {error}."
        raise Damaged(what, remedy=Remedy(Action.VERIFY)) from error
