"""Metadata that a record states about itself, whatever the names of its fields and the types of their values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final, TypeVar
from urllib.parse import urlsplit

from archive.core.article import Unread
from archive.core.record_fields import Role
from archive.folder.record_mappings import RecordMapping, spelled_key
from archive.readers.records import values
from archive.readers.records.markup import unescaped
from archive.readers.records.names import WRAPPER_NAMES, Known, known, plain_name
from archive.text import dates
from archive.text.decode import neutralised, single_line
from archive.text.language.detection import code
from archive.text.urls import canonical, host

# How deep a record may lie in others: one in an envelope, in the answer of an interface. Chosen, not measured.
_DEEPEST: Final = 3

_FEW: Final = 10  # items of a list that are shown of what a field states, before it is cut
_EXAMPLE: Final = 60  # characters of what a field states, for a person to recognise it. Chosen, not measured.

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Fields:
    """What a record (of JSON, front matter) states; None where it states nothing usable.

    Attributes:
        text: neutral text, as the record holds it: markup is markup.
        published: ISO 8601; ``published_from`` is ``metadata`` or, when only the address tells, ``url``.
        language: ISO 639-1.
        identifier: what the record calls itself, empty without it.
        paths: which field was read for each role, by its path in the record.
        unread: fields that state what nobody could read.
        damage: characters of the text that could not be kept, as ``archive.text.decode.Neutral`` counts them.
    """

    title: str | None
    text: str | None
    url: str | None
    published: str | None
    published_from: str | None
    outlet: str | None
    author: str | None
    language: str | None
    identifier: str = ""
    paths: Mapping[Role, str] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    damage: int = 0


def fields(record: Mapping[str, object], mappings: Sequence[RecordMapping] = (), outlet: str | None = None) -> Fields:
    """Read a record by the first mapping that holds for it, and by the names that known tools use.

    Args:
        record: with its keys as they are spelled.
        mappings: of the archive's settings.
        outlet: what the file that holds the record calls itself; stands for an outlet that the record does not state.
    """
    reading = _Reading(record, _mapping_for(record, mappings))
    text = reading.first("text", values.text_of)
    clean = None if text is None else neutralised(text)
    named = reading.first("outlet", _outlet) or (_line(outlet) if outlet else None)
    url = reading.first("url", _address, late=_page)
    published = reading.first("published", _date)
    in_url = dates.from_url(url) if published is None else None
    return Fields(
        title=reading.first("title", lambda value: _title(value, named)),
        text=None if clean is None else clean.text,
        url=url,
        published=published or in_url,
        published_from="metadata" if published else "url" if in_url else None,
        outlet=named,
        author=reading.first("author", lambda value: _line(values.names_of(value))),
        language=reading.first("language", lambda value: code(values.line_of(value))),
        identifier=reading.first("id", values.identifier_of) or "",
        paths=reading.paths,
        unread=reading.unread(),
        damage=0 if clean is None else clean.damage,
    )


def example(value: object) -> str:
    """Return what a field states, or how that begins, on one line."""
    return single_line(value if isinstance(value, str) else json.dumps(_few(value, 2), ensure_ascii=False), _EXAMPLE)


def _few(value: object, depth: int) -> object:
    """Return the beginning of a value, which may be of any size."""
    if isinstance(value, list):
        return [_few(item, depth - 1) for item in value[:_FEW]] if depth else []
    if isinstance(value, Mapping):
        return {str(key): _few(inner, depth - 1) for key, inner in islice(value.items(), _FEW)} if depth else {}
    return value


def lowered(record: Mapping[object, object]) -> Mapping[str, object]:
    """Spell the keys of a record in lower case; a key that is so spelled already wins over one that is not."""
    exact = {key: value for key, value in record.items() if isinstance(key, str)}
    return {key.lower(): value for key, value in exact.items()} | exact


def stated_line(value: str | None) -> str | None:
    """Make a stated value one neutral line; None when nothing is left of it."""
    return (single_line(value) or None) if value else None


def _line(value: str | None) -> str | None:
    return stated_line(unescaped(value)) if value else None


@dataclass(frozen=True, slots=True)
class _Layer:
    """A record, or one within it: what it holds by plain names, each with its path from the outside."""

    held: Mapping[str, tuple[str, object]]

    @classmethod
    def of(cls, record: Mapping[str, object], above: str = "") -> _Layer:
        held: dict[str, tuple[str, object]] = {}
        for key, value in record.items():
            if isinstance(key, str) and not values.is_nothing(value):
                plain = plain_name(key)
                if plain not in held or key == key.lower():
                    held[plain] = (f"{above}{spelled_key(key) or key}", value)
        return cls(held)

    def get(self, name: str, row: Known) -> tuple[str, object] | None:
        """Return the path and the value of a known field that is held by its plain name, None where it is not meant."""
        path, value = self.held[name]
        if row.beside and plain_name(row.beside) not in self.held:
            return None
        rest = row.path.steps[1:]
        if not rest:
            is_record = isinstance(value, Mapping) and name in WRAPPER_NAMES
            return None if is_record else (path, value)
        inner = values.at(value, rest)
        return None if inner is None else (f"{path}[].{rest[-1].key}", inner)


class _Reading:
    """One reading of one record."""

    def __init__(self, record: Mapping[str, object], mapping: RecordMapping | None) -> None:
        self.paths: dict[Role, str] = {}
        self._unread: dict[Role, Unread] = {}
        self._record = record
        self._mapped = dict(mapping.paths) if mapping is not None else {}
        self._layers = list(_layers(_Layer.of(record), "", _DEEPEST))

    def first(
        self, role: Role, read: Callable[[object], Value | None], late: Callable[[object], Value | None] | None = None
    ) -> Value | None:
        """Return the first usable value of a role; note where it was, or what could not be read.

        Args:
            role: to the article.
            read: makes a value of it usable; None where it is none.
            late: likewise, of fields that are asked late, which may hold something else as well.
        """
        for path, value, is_late in self._stated(role):
            usable = (late or read)(value) if is_late else read(value)
            if usable:
                self.paths[role] = path
                self._unread.pop(role, None)
                return usable
            if not is_late:
                self._unread.setdefault(role, Unread(role, path, example(value)))
        return None

    def unread(self) -> tuple[Unread, ...]:
        """Return what could not be read as anything."""
        return tuple(one for one in self._unread.values() if one.field not in self.paths.values())

    def _stated(self, role: Role) -> Iterator[tuple[str, object, bool]]:
        mapped = self._mapped.get(role)
        if mapped is not None and (value := values.at(self._record, mapped.steps)) is not None:
            yield mapped.text, value, False
        for late in (False, True):
            for layer in self._layers:
                for name, row in known(role, late):
                    if name in layer.held and (found := layer.get(name, row)) is not None:
                        yield (*found, late)


def _mapping_for(record: Mapping[str, object], mappings: Sequence[RecordMapping]) -> RecordMapping | None:
    for mapping in mappings:
        paths = dict(mapping.paths)
        deciding = [paths["text"]] if "text" in paths else paths.values()
        if any(values.at(record, path.steps) is not None for path in deciding):
            return mapping
    return None


def _layers(layer: _Layer, above: str, depth: int) -> Iterator[_Layer]:
    """Yield a record and those within it, the outer ones first."""
    yield layer
    for name in WRAPPER_NAMES if depth else ():
        path, value = layer.held.get(name, ("", None))
        if isinstance(value, Mapping):
            yield from _layers(_Layer.of(value, f"{path}."), f"{path}.", depth - 1)


def _title(value: object, outlet: str | None) -> str | None:
    """Take a title; the outlet's name in its place is none, as newspaper4k writes where a headline is shorter."""
    line = _line(values.line_of(value))
    return None if line and outlet and line.casefold() == outlet.casefold() else line


def _outlet(value: object) -> str | None:
    """Take a name; of the address of a whole site its host, while that of a page names the page."""
    line = values.line_of(value)
    url = canonical(line) if line else None
    return _line(line) if url is None else None if _is_page(url) else host(url)


def _date(value: object) -> str | None:
    moment = values.moment_of(value)
    return dates.parse(moment) or (dates.from_line(moment) if isinstance(moment, str) else None)


def _address(value: object) -> str | None:
    return next((url for each in values.addresses_of(value) if (url := canonical(each))), None)


def _page(value: object) -> str | None:
    """Take the address of a page; that of a whole site names no article."""
    return next((url for each in values.addresses_of(value) if (url := canonical(each)) and _is_page(url)), None)


def _is_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path.strip("/") != "" or parts.query != ""
