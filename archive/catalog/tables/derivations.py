"""What made each version, and which versions were made by older rules.

Only current versions of articles that are not removed are asked about. A version without a row was made by the first
rules; its own row names the reader.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from archive.catalog import mapping
from archive.catalog.rows import ArticleRow, FileKey
from archive.catalog.schema import ARTICLES, DERIVATIONS, Value
from archive.catalog.tables.files import folder_range
from archive.catalog.tables.versions import VersionKey
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.article import Outdated
from archive.core.derivation import BASELINE, Derivation, Rules

_COLUMNS: Final = DERIVATIONS.sealed_as("d")
_READ: Final = (
    f"SELECT {_COLUMNS} FROM versions v LEFT JOIN derivations d ON d.article = v.article AND d.version = v.digest"
    " WHERE v.article = ? AND v.digest = ?"
)
_TOLD: Final = 2  # columns before those of the article
_KNOWN: Final = (
    "SELECT (SELECT max(seen) FROM versions w WHERE w.article = a.id),"
    " (SELECT max(number) FROM version_numbers n WHERE n.article = a.id),"
    f" {ARTICLES.sealed_as('a')}, v.digest, {_COLUMNS} FROM articles a"
    " LEFT JOIN versions v ON v.article = a.id AND v.digest = ?"
    " LEFT JOIN derivations d ON d.article = v.article AND d.version = v.digest WHERE a.id = ?"
)
# A catalog that was not written to since an upgrade lacks the table: nothing in it has a row.
_NO_TABLE: Final = (
    f"WITH derivations({', '.join((*DERIVATIONS.names, 'digest_of_row'))}) AS"
    f" (SELECT {', '.join(['NULL'] * DERIVATIONS.width)} WHERE 0) "
)
_CURRENT: Final = (
    " FROM articles a LEFT JOIN derivations d ON d.article = a.id AND d.version = a.version WHERE a.removed IS NULL"
)
# The reader's own name and version come first; behind a space stand those of a reader it asked, and of libraries. The
# text of a version lies before its reader's name on the disk, so that the row is not looked at where the derivation
# names the reader.
_READER: Final = "coalesce(d.reader, (SELECT reader FROM versions v WHERE v.article = a.id AND v.digest = a.version))"
_READER_VERSION: Final = f"substr({_READER}, 1, instr({_READER} || ' ', ' ') - 1)"
_KEPT: Final = "coalesce(d.kept, '') <> ? || CASE a.gone WHEN 1 THEN ' gone' ELSE '' END"


@dataclass(frozen=True, slots=True)
class Made:
    """A version that is there, with what made it; ``by`` is None where that was not recorded yet."""

    by: Derivation | None


@dataclass(frozen=True, slots=True)
class Known:
    """An article, with one of its versions if it has that.

    Attributes:
        row: the article.
        version: what made the version, None when there is no such version.
        newest: when its newest version was read, by whatever the clock said; None without any.
        number: the highest number of its versions, 0 where none has one.
    """

    row: ArticleRow
    version: Made | None
    newest: str | None
    number: int

    def number_at(self, seen: str) -> int | None:
        """Return the number of a version that is read now, at a time; None while times tell the order."""
        is_told = not self.number and (self.newest is None or self.newest < seen)
        return None if is_told else self.number + 1


def known(reader: CatalogReader, key: VersionKey) -> Known | None:
    """Return what there is of an article and of one version; None where there is no such article."""
    row = reader.row(_KNOWN, (key[1], key[0]))
    if row is None:
        return None
    newest, number = row[:_TOLD]
    article, (digest, *by) = row[_TOLD : _TOLD + ARTICLES.width], row[_TOLD + ARTICLES.width :]
    return Known(mapping.article_row(article), None if digest is None else _made(by), newest, number or 0)


def of_version(reader: CatalogReader, key: VersionKey) -> Made | None:
    """Return what made a version, None when there is no such version."""
    row = reader.row(_READ, key)
    return None if row is None else _made(row)


def recorded(reader: CatalogReader, key: VersionKey) -> Derivation | None:
    """Return what made a version, None where that was not recorded."""
    made = None if _prefix(reader) else of_version(reader, key)
    return None if made is None else made.by


def write(writing: Transaction, key: VersionKey, derivation: Derivation) -> None:
    """Record what made a version."""
    writing.put(DERIVATIONS, *key, *mapping.derivation_row(derivation))


def delete_of_article(writing: Transaction, article: str) -> None:
    """Forget what made the versions of an article."""
    writing.delete("DELETE FROM derivations WHERE article = ?", (article,))


def kept_mark(rules: Rules, *, gone: bool) -> str:
    """Return what is recorded of a version that could not be read again; one whose file comes back is tried again."""
    return f"{rules.fingerprint}{' gone' if gone else ''}"


def count(reader: CatalogReader, rules: Rules, source: str, scope: str = "") -> Outdated:
    """Count what older rules made in a part of a source, ``scope`` being a relative path, empty for all of it."""
    within, where = _scope(source, scope)
    (of,) = reader.row(f"SELECT count(*) FROM articles a WHERE a.removed IS NULL{within}", where) or (0,)
    behind, values = _behind(rules)
    statement = (
        f"{_prefix(reader)}SELECT count(*), coalesce(sum((SELECT count(*) FROM passages p WHERE p.article = a.id"
        f" AND p.version = a.version)), 0){_CURRENT}{within} AND {behind}"
    )
    articles, passages = reader.row(statement, (*where, *values)) or (0, 0)
    return Outdated(int(articles), int(passages), int(of))


def behind(reader: CatalogReader, rules: Rules, source: str, scope: str, after: str, most: int) -> list[str]:
    """Return articles in a part of a source that older rules made, in the order of identifiers, after one of them."""
    within, where = _scope(source, scope)
    condition, values = _behind(rules)
    statement = f"SELECT a.id{_CURRENT}{within} AND a.id > ? AND {condition} ORDER BY a.id LIMIT ?"
    return [article for (article,) in reader.rows(statement, (*where, after, *values, most))]


def files_behind(reader: CatalogReader, rules: Rules, source: str, scope: str) -> list[str]:
    """Return the paths of the files in a part of a source that must be read again; see ``Derivation.needs_file``."""
    within, where = _scope(source, scope)
    condition, values = _needs_file(rules)
    statement = f"SELECT DISTINCT a.path{_CURRENT}{within} AND a.gone = 0 AND {condition} ORDER BY a.path"
    return [path for (path,) in reader.rows(statement, (*where, *values))]


def records_behind(reader: CatalogReader, rules: Rules, file: FileKey) -> set[str]:
    """Return the records of a file that must be read again, empty strings for whole files."""
    condition, values = _needs_file(rules)
    statement = f"SELECT a.record{_CURRENT} AND a.source = ? AND a.path = ? AND {condition}"
    placed = f"{statement} AND a.id IN (SELECT article FROM places WHERE source = ? AND path = ?)"
    return {record for (record,) in reader.rows(placed, (*file, *values, *file))}


def _behind(rules: Rules) -> tuple[str, tuple[Value, ...]]:
    needs_file, values = _needs_file(rules)
    needs_text = f"coalesce(d.cleaning, {BASELINE}) <> ? OR coalesce(d.language, {BASELINE}) <> ?"
    return f"({needs_text} OR {needs_file})", (rules.cleaning, rules.language, *values)


def _needs_file(rules: Rules) -> tuple[str, tuple[Value, ...]]:
    labels = sorted(rules.readers)
    readers = ", ".join("?" * len(labels))
    helped = " OR ".join([f"instr({_READER} || ' ', ?) > 0 AND instr({_READER} || ' ', ?) = 0"] * len(labels))
    condition = (
        f"(coalesce(d.titles, {BASELINE}) <> ? OR coalesce(d.dates, {BASELINE}) <> ?"
        f" OR {_READER_VERSION} NOT IN ({readers}) OR instr({_READER}, ' ') > 0 AND ({helped or '0'})) AND {_KEPT}"
    )
    helpers = [part for label in labels for part in (f" {label.partition('/')[0]}/", f" {label} ")]
    return condition, (rules.titles, rules.dates, *labels, *helpers, rules.fingerprint)


def _scope(source: str, scope: str) -> tuple[str, tuple[Value, ...]]:
    if not scope:
        return " AND a.source = ?", (source,)
    first, end = folder_range(f"{scope}/")
    return " AND a.source = ? AND (a.path = ? OR a.path >= ? AND a.path < ?)", (source, scope, first, end)


def _prefix(reader: CatalogReader) -> str:
    table = reader.row("SELECT 1 FROM sqlite_master WHERE name = ?", (DERIVATIONS.name,))
    return _NO_TABLE if table is None else ""


def _made(row: Sequence[Any]) -> Made:
    return Made(None if row[0] is None else mapping.derivation(tuple(row)))
