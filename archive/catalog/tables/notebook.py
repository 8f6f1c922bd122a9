"""What a person keeps of an archive: clips, stars, saved questions and judgements; a table for each.

A catalog that was not written to since an upgrade lacks the tables: nothing is kept there yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from archive.catalog.integrity import is_sound, proved, unlike
from archive.catalog.rows import values
from archive.catalog.schema import CLIPS, JUDGEMENTS, NOTEBOOK, SAVED_QUESTIONS, STARS, TableSchema, Value, sealed
from archive.catalog.tables import meta
from archive.catalog.transaction import CatalogReader, Transaction
from archive.catalog.transaction import Row as Stored


@dataclass(frozen=True, slots=True)
class ClipRow:
    """A clip.

    Attributes:
        removed: 0 while it is kept, else the number of its removal; the higher, the later.
        start, stop: offsets into the text of the version.
        words: what stood there.
        purged: the UTC time when its article was purged, empty before; place and words are gone then.
    """

    id: str
    number: int
    removed: int
    kept: str
    question: str
    note: str
    article: str
    version: str
    start: int
    stop: int
    words: str
    purged: str = ""


@dataclass(frozen=True, slots=True)
class StarRow:
    """A marked article; ``removed`` as of a clip."""

    article: str
    number: int
    removed: int
    kept: str


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A saved question; ``removed`` as of a clip, ``seen`` a change number of the catalog."""

    id: str
    number: int
    removed: int
    kept: str
    question: str
    mode: str
    seen: int


@dataclass(frozen=True, slots=True)
class JudgementRow:
    """How well an article or a passage answers a question; ``removed`` as of a clip.

    Attributes:
        target: identifier of the article or the passage.
        article, version, start, stop: where the passage is; the version is empty where an article was judged.
    """

    question: str
    target: str
    number: int
    removed: int
    kept: str
    gain: int
    article: str
    version: str = ""
    start: int = 0
    stop: int = 0


Kept = ClipRow | StarRow | SavedRow | JudgementRow
Keyed = dict[tuple[type[Kept], tuple[Value, ...]], Kept]
Row = TypeVar("Row", ClipRow, StarRow, SavedRow, JudgementRow)
_TABLES: Final[dict[type[Kept], TableSchema]] = {
    ClipRow: CLIPS,
    StarRow: STARS,
    SavedRow: SAVED_QUESTIONS,
    JudgementRow: JUDGEMENTS,
}
KINDS: Final = tuple(_TABLES)


def key_of(row: Kept) -> tuple[Value, ...]:
    """Return what identifies a row among those of its kind."""
    return tuple(values(row)[: _TABLES[type(row)].key])


def every(reader: CatalogReader, kind: type[Row]) -> list[Row]:
    """Return all rows of a kind that hold what was written, removed ones too, in the order of keeping."""
    return [kind(*row) for row in _sound(reader, _TABLES[kind])]


def unsound(reader: CatalogReader, kind: type[Kept]) -> list[str]:
    """Return a sentence for each row of a kind that does not hold what was written."""
    table = _TABLES[kind]
    return [unlike(table, row) for row in _read(reader, table) if not is_sound(table, row)]


def find(reader: CatalogReader, kind: type[Row], key: tuple[Value, ...]) -> Row | None:
    """Return the row of a key, removed or not; None where there is none.

    Raises:
        Damaged: it does not hold what was written.
    """
    table = _TABLES[kind]
    found = reader.row(_by_key(table), key) if _has(reader, table) else None
    return None if found is None else kind(*proved(table, found))


def clips_of(reader: CatalogReader, article: str, version: str) -> list[ClipRow]:
    """Return the sound clips of a text, removed ones too."""
    found = _read(reader, CLIPS, "WHERE article = ? AND version = ?", (article, version))
    return [ClipRow(*row[:-1]) for row in found if is_sound(CLIPS, row)]


def highest_number(reader: CatalogReader, kind: type[Row]) -> int:
    """Return the highest number that was given out for keeping or removing one of a kind; 0 where none was."""
    table = _TABLES[kind]
    numbers = (f"coalesce(max({name}) FILTER (WHERE typeof({name}) = 'integer'), 0)" for name in ("number", "removed"))
    statement = f"SELECT {', '.join(numbers)} FROM {table.name}"
    return max(reader.row(statement) or (0,)) if _has(reader, table) else 0


def is_ready(reader: CatalogReader) -> bool:
    """Tell whether the catalog has the tables."""
    return all(_has(reader, table) for table in NOTEBOOK)


def is_any(reader: CatalogReader) -> bool:
    """Tell whether anything was ever kept."""
    return any(_has(reader, table) and reader.row(f"SELECT 1 FROM {table.name}") is not None for table in NOTEBOOK)


def write(writing: Transaction, row: Kept) -> None:
    """Write a row over the one with the same key."""
    writing.put(_TABLES[type(row)], *values(row))


def holds(reader: CatalogReader, row: Kept) -> bool:
    """Tell whether a row is in a catalog as it was written."""
    return reader.row(_by_key(_TABLES[type(row)]), key_of(row)) == sealed(values(row))


def count(reader: CatalogReader) -> int:
    """Return how often something was kept, changed or taken out: of two states of a notebook, the later has more.

    Raises:
        Damaged: the catalog does not hold what was written.
    """
    return meta.number_of(reader, meta.KEPT)


def write_count(writing: Transaction, changes: int) -> None:
    """Write down how often something was kept, changed or taken out."""
    meta.write(writing, meta.KEPT, str(changes))


def seen_at_most(rows: Iterable[Kept], change: int) -> list[Kept]:
    """Return rows of another catalog in which nothing counts as seen that has a later change number than one here.

    The numbers above that are given out again, to other articles.
    """
    return [replace(row, seen=min(row.seen, change)) if isinstance(row, SavedRow) else row for row in rows]


def without(rows: Iterable[Kept], is_purged: Callable[[str, str], bool], purged_at: str) -> list[Kept]:
    """Return rows without what names a purged article; see ``erase``."""
    kept = list[Kept]()
    for row in rows:
        match row:
            case ClipRow(purged="") if is_purged(row.article, row.version):
                kept.append(_blank(row, purged_at))
            case StarRow() if is_purged(row.article, ""):
                pass
            case JudgementRow() if is_purged(row.article, row.version):
                pass
            case _:
                kept.append(row)
    return kept


def _blank(clip: ClipRow, purged_at: str) -> ClipRow:
    return replace(clip, article="", version="", start=0, stop=0, words="", purged=purged_at)


def keyed(reader: CatalogReader, kinds: Iterable[type[Kept]] = KINDS) -> Keyed:
    """Return all sound rows of some kinds, each kind in the order of keeping, by what identifies them."""
    rows = ((kind, kind(*row)) for kind in kinds for row in _sound(reader, _TABLES[kind]))
    return {(kind, key_of(row)): row for kind, row in rows}


def clear(writing: Transaction) -> None:
    """Delete all rows."""
    for table in NOTEBOOK:
        writing.delete(f"DELETE FROM {table.name}")


def places(reader: CatalogReader) -> Iterator[tuple[str, str]]:
    """Yield article and version of each sound row that names an article; the version is empty where it names none."""
    yield from ((clip.article, clip.version) for clip in every(reader, ClipRow) if not clip.purged)
    yield from ((star.article, "") for star in every(reader, StarRow))
    yield from ((judgement.article, judgement.version) for judgement in every(reader, JudgementRow))


@dataclass(frozen=True, slots=True)
class Erased:
    """What went with a purge: ``clips`` lost their words, ``marks`` (stars and judgements) were deleted.

    ``own`` counts what a person wrote that stays: notes, saved questions, and the questions of clips.
    """

    clips: int = 0
    marks: int = 0
    own: int = 0


def erase(writing: Transaction, is_purged: Callable[[str, str], bool], purged_at: str) -> Erased:
    """Erase what names a purged article: stars, judgements, place and words of clips, whose notes and questions stay.

    Rows that do not hold what was written are deleted: nobody can tell what they name.

    Args:
        writing: the unit of work.
        is_purged: tells whether an article, or a version of it, was purged.
        purged_at: the UTC time that a clip is given.
    """
    for table in NOTEBOOK:
        _delete_unsound(writing, table)
    told = to_erase(writing, is_purged)
    for clip in _clips(writing, is_purged):
        write(writing, _blank(clip, purged_at))
    for star in _stars(writing, is_purged):
        writing.delete("DELETE FROM stars WHERE article = ?", (star.article,))
    for judgement in _judgements(writing, is_purged):
        writing.delete("DELETE FROM judgements WHERE question = ? AND target = ?", key_of(judgement))
    return told


def to_erase(reader: CatalogReader, is_purged: Callable[[str, str], bool]) -> Erased:
    """Return what goes with a purge; damaged rows are not counted."""
    marks = len(_stars(reader, is_purged)) + len(_judgements(reader, is_purged))
    written = [text for clip in every(reader, ClipRow) for text in (clip.note, clip.question) if text]
    return Erased(len(_clips(reader, is_purged)), marks, len(written) + len(list(every(reader, SavedRow))))


def _clips(reader: CatalogReader, is_purged: Callable[[str, str], bool]) -> list[ClipRow]:
    return [clip for clip in every(reader, ClipRow) if not clip.purged and is_purged(clip.article, clip.version)]


def _stars(reader: CatalogReader, is_purged: Callable[[str, str], bool]) -> list[StarRow]:
    return [star for star in every(reader, StarRow) if is_purged(star.article, "")]


def _judgements(reader: CatalogReader, is_purged: Callable[[str, str], bool]) -> list[JudgementRow]:
    return [one for one in every(reader, JudgementRow) if is_purged(one.article, one.version)]


def _delete_unsound(writing: Transaction, table: TableSchema) -> None:
    damaged = [row for row in _read(writing, table) if not is_sound(table, row)]
    if damaged:
        writing.make_index(table)
    for row in damaged:
        writing.delete(f"DELETE FROM {table.name} WHERE digest_of_row = ?", (row[-1],))


def _sound(reader: CatalogReader, table: TableSchema) -> list[Stored]:
    return [row[:-1] for row in _read(reader, table, "ORDER BY number") if is_sound(table, row)]


def _read(reader: CatalogReader, table: TableSchema, where: str = "", values: tuple[Value, ...] = ()) -> list[Stored]:
    """Return rows with their digests, whatever damage made of their texts."""
    return reader.rows(f"{table.everything} {where}", values, any_text=True) if _has(reader, table) else []


def _by_key(table: TableSchema) -> str:
    return f"{table.everything} WHERE {' AND '.join(f'{name} = ?' for name in table.names[: table.key])}"


def _has(reader: CatalogReader, table: TableSchema) -> bool:
    return reader.row("SELECT 1 FROM sqlite_master WHERE name = ?", (table.name,)) is not None
