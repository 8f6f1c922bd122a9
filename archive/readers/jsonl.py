"""The reader of records in JSON: lines, arrays, one object a file; a broken record costs only itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from archive.core.article import Draft, Refusal, Span
from archive.core.record_fields import FieldsSeen
from archive.core.spans import without
from archive.folder.record_mappings import RecordMapping
from archive.readers.common import ROOM, Limits, digest, refusal, text_size, too_large, unreadable
from archive.readers.fields import Fields
from archive.readers.front_matter import front_matter_spans
from archive.readers.records import markup
from archive.readers.records.nesting import Nested, records
from archive.readers.records.record_names import Names
from archive.readers.records.splitting import BadArchive, Piece, pieces
from archive.readers.records.survey import LOOKED_AT, surveyed
from archive.readers.records.values import is_nothing, leaves
from archive.readers.titles import metadata_title, text_title
from archive.text.decode import decode, garbled, single_line

# Characters of an identifier that are kept, as of a title: it is shown beside the path. Chosen, not measured.
_LONGEST_ID: Final = 300
# Fields that a refusal names, and characters of each: enough to choose among. Chosen, not measured.
_MOST_NAMED, _LONGEST_NAME = 20, 40
# Broken records at the beginning of a file after which it is taken for one of something else. Chosen, not measured.
_MOST_BROKEN: Final = 20


def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield a draft or a refusal for each record; a refusal of the file when there is none."""
    yield from RecordReader()(path, limits)


def survey(path: Path, limits: Limits) -> FieldsSeen | None:
    """Return what the first records of a file hold and how it is read; None where none can be read."""
    return RecordReader().survey(path, limits)


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Reads files of records, those of some shapes as an archive's settings say.

    Attributes:
        mappings: the sections ``[records.NAME]`` of the settings.
    """

    mappings: tuple[RecordMapping, ...] = ()

    def __call__(self, path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
        """Yield what ``read`` does."""
        names, nothing = Names(), True
        mappings = [mapping for mapping in self.mappings if mapping.is_for(path.name)]
        try:
            by_line, found = pieces(path, ROOM * limits.max_text)
            reading = _Reading(path, limits, mappings, names, "Line" if by_line else "Record")
            for item in _sparing(item for piece in found for item in reading.items(piece)):
                nothing = False
                yield item
        except OSError as error:
            yield unreadable(path, error)
        except BadArchive as error:
            yield refusal(path, "broken-record", str(error))
        else:
            if nothing:
                yield refusal(path, "empty", "It holds no record.")

    def survey(self, path: Path, limits: Limits) -> FieldsSeen | None:
        """Return what ``survey`` does."""
        found = list(islice(self._records(path, limits), LOOKED_AT))
        return surveyed(str(path), path.name.partition(".")[0], found) if found else None

    def _records(self, path: Path, limits: Limits) -> Iterator[Nested]:
        """Yield the records that can be read, whether they have a text or not."""
        mappings = [mapping for mapping in self.mappings if mapping.is_for(path.name)]
        with suppress(OSError, BadArchive):
            for piece in pieces(path, ROOM * limits.max_text)[1]:
                value = None if piece.raw is None else _parsed(decode(piece.raw).text)
                if isinstance(value, Mapping):
                    yield from records(value, mappings, piece.outer)


def _sparing(items: Iterator[Draft | Refusal]) -> Iterator[Draft | Refusal]:
    """Yield what is found in a file; of one that begins with nothing but broken records one refusal, and no more."""
    first = list(islice(items, _MOST_BROKEN))
    broken = [item for item in first if isinstance(item, Refusal) and item.record and item.code == "broken-record"]
    if len(broken) < _MOST_BROKEN:
        yield from first
        yield from items
        return
    what = f"It does not look like records of JSON, one a line or in an array, and is not read. {broken[0].reason}"
    yield replace(broken[0], record=None, reason=what)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the records of one file are read.

    Attributes:
        counted: what numbers count in it, ``Line`` or ``Record``.
    """

    path: Path
    limits: Limits
    mappings: Sequence[RecordMapping]
    names: Names
    counted: str

    def items(self, piece: Piece) -> Iterator[Draft | Refusal]:
        number = str(piece.number)
        if piece.is_cut:
            what = f"It ends within record {number}, which its brackets do not close; nothing after that is read."
            yield refusal(self.path, "broken-record", what)
            return
        if piece.raw is None:
            yield too_large(self.path, piece.size, ROOM * self.limits.max_text, number)
            return
        decoded = decode(piece.raw)
        value = _parsed(decoded.text)
        if isinstance(value, str):
            what = f"{self.counted} {number} cannot be read as a JSON object: {value}."
            yield refusal(self.path, "broken-record", what, number)
            return
        raw_digest = digest(piece.raw)
        for nested in records(value, self.mappings, piece.outer):
            place = number if nested.place is None else f"{number}.{nested.place}"
            own = raw_digest if nested.place is None else digest(_spelled(nested.record))
            yield self._item(nested, place, own, decoded.damage)

    def _item(self, nested: Nested, place: str, raw_digest: str, damage: int) -> Draft | Refusal:
        stated, limits = nested.stated, self.limits
        identifier = single_line(stated.identifier, _LONGEST_ID)
        name = self.names.name(identifier, place)
        if stated.text is None or not stated.text.strip():
            where = f"The record on line {place}" if self.counted == "Line" else f"Record {place}"
            what = f"{where} has no text{_instead(nested.record)}{_named(nested.record)}."
            return refusal(self.path, "no-text", what, name)
        if text_size(stated.text) > limits.max_text:
            return too_large(self.path, text_size(stated.text), limits.max_text, name, what="text")
        text = self._words(stated.text, name)
        if isinstance(text, Refusal):
            return text
        title = self._words(stated.title, name) if stated.title else None
        made = _draft(name, stated, text, title.text if isinstance(title, _Words) else None)
        damage += stated.damage + garbled(made.text)
        return replace(made, raw_digest=raw_digest, damage=damage, unnamed=not identifier)

    def _words(self, stated: str, name: str) -> _Words | Refusal:
        """Return a stated text as it is, or the words of its markup."""
        if (text := markup.plain(stated)) is not None:
            return _Words(text, front_matter_spans(text))
        page = markup.read_markup(stated, self.path, self.limits, name)
        return page if isinstance(page, Refusal) else _Words(page.text, page.hidden, page.reader)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a record's text.

    Attributes:
        hidden: spans of ``text`` that are no reporting.
        reader: that made them of markup; empty where they stand in the record as they are.
    """

    text: str
    hidden: tuple[Span, ...]
    reader: str = ""


def _spelled(record: Mapping[str, object]) -> bytes:
    """Spell a record that has no bytes of its own, being a part of another, the same whenever it says the same."""
    return json.dumps(record, sort_keys=True).encode()


def _parsed(text: str) -> Mapping[str, object] | str:
    """Parse an object, or say what is wrong with it."""
    try:
        # Raw tabs inside strings are the commonest slip of exporters and harm nothing.
        record = json.loads(text, strict=False)
    except RecursionError:
        return "it is nested too deeply"
    except json.JSONDecodeError as error:
        return f"{error.msg[:1].lower()}{error.msg[1:].removesuffix(' at')} at column {error.colno}"
    except ValueError:
        return "a number in it is too long"
    return record if isinstance(record, dict) else f"it is {_kind(record)}"


def _instead(record: Mapping[str, object]) -> str:
    """Say what a record holds where its text should be, if that is anything but a text."""
    held = next((record[key] for key in ("text", "body", "content") if not is_nothing(record.get(key))), None)
    return "" if held is None or isinstance(held, str) else f", but {_kind(held)} in place of it"


def _named(record: Mapping[str, object]) -> str:
    """Name the fields of a record, so that a person can say which of them is the text."""
    held = list(dict.fromkeys(single_line(leaf, _LONGEST_NAME) for leaf, _ in leaves(record)))
    if not held:
        return "; every field of it is empty" if record else "; it is an empty object"
    more = f" and {len(held) - _MOST_NAMED} more" if len(held) > _MOST_NAMED else ""
    return f"; its fields are {', '.join(held[:_MOST_NAMED])}{more}"


def _kind(value: object) -> str:
    """Name a kind of JSON value as JSON does."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
    return "an array" if isinstance(value, list) else "an object"


def _draft(name: str, stated: Fields, words: _Words, stated_title: str | None) -> Draft:
    title = metadata_title(stated_title) or text_title(without(words.text, words.hidden))
    return Draft(
        text=words.text,
        title=title.text,
        title_from=title.found_in,
        raw_digest="",
        reader=words.reader,
        record=name,
        outlet=stated.outlet,
        author=stated.author,
        url=stated.url,
        published=stated.published,
        published_from=stated.published_from,
        language=stated.language,
        hidden=words.hidden,
        unread=stated.unread,
    )
