"""The reader of JSON Lines: one record a line, read line by line, a broken line costing only itself."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from archive.core.article import Draft, Refusal
from archive.core.spans import without
from archive.readers.common import ROOM, Limits, digest, refusal, text_size, too_large, unreadable
from archive.readers.fields import Fields, fields, lowered
from archive.readers.front_matter import front_matter_spans
from archive.readers.record_names import Names
from archive.readers.titles import metadata_title, text_title
from archive.text.decode import decode, single_line, utf16_without_mark

# Characters of an identifier that are kept, as of a title: it is shown beside the path. Chosen, not measured.
_LONGEST_ID: Final = 300
_SKIPPED_AT_ONCE: Final = 1 << 20  # bytes of a line too long to hold; any size does that is small beside the memory


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file.

    Attributes:
        number: from 1.
        raw: its bytes without the newline, in UTF-8 or what it was damaged to; None when it is too long to hold.
        size: how many bytes it has.
    """

    number: int
    raw: bytes | None
    size: int


def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield a draft or a refusal for each line that is not blank; a refusal of the file when there is none."""
    names = Names()
    nothing = True
    try:
        with path.open("rb") as file:
            for line in _lines(file, ROOM * limits.max_text):
                if line.raw is None or line.raw.strip():
                    nothing = False
                    yield _item(line, path, limits, names)
    except OSError as error:
        yield unreadable(path, error)
        return
    if nothing:
        yield refusal(path, "empty", "It holds no record.")


class _Readable(Protocol):
    def readline(self, size: int, /) -> bytes: ...


class _Transcoded:
    """UTF-16 as a stream of UTF-8; Windows shells write JSON Lines so."""

    def __init__(self, file: io.BufferedReader, encoding: str) -> None:
        self._text = io.TextIOWrapper(file, encoding, errors="replace", newline="\n")

    def readline(self, size: int, /) -> bytes:
        return self._text.readline(size).encode("utf-8", "surrogatepass")


def _identifier(stated: object) -> str:
    """Return the id a record states, empty when it is none that can be kept."""
    plain = stated if isinstance(stated, str) else str(stated) if type(stated) is int else ""
    return single_line(plain, _LONGEST_ID)


def _item(line: _Line, path: Path, limits: Limits, names: Names) -> Draft | Refusal:
    number = str(line.number)
    if line.raw is None:
        return too_large(path, line.size, ROOM * limits.max_text, number)
    decoded = decode(line.raw)
    record = _parsed(decoded.text)
    if isinstance(record, str):
        return refusal(path, "broken-record", f"Line {number} cannot be read as a JSON object: {record}.", number)
    identifier = _identifier(record.get("id"))
    name = names.name(identifier, number)
    stated = fields(record)
    if stated.text is None or not stated.text.strip():
        return refusal(path, "no-text", f"The record on line {number} has no text{_instead(record)}.", name)
    if text_size(stated.text) > limits.max_text:
        return too_large(path, text_size(stated.text), limits.max_text, name, what="text")
    draft = _draft(name, stated, stated.text, digest(line.raw), decoded.damage)
    return replace(draft, unnamed=not identifier)


def _parsed(text: str) -> Mapping[str, object] | str:
    """Parse a line into an object, or say what is wrong with it."""
    try:
        # Raw tabs inside strings are the commonest slip of exporters and harm nothing.
        record = json.loads(text, strict=False)
    except RecursionError:
        return "it is nested too deeply"
    except json.JSONDecodeError as error:
        return f"{error.msg[:1].lower()}{error.msg[1:].removesuffix(' at')} at column {error.colno}"
    except ValueError:
        return "a number in it is too long"
    return lowered(record) if isinstance(record, dict) else f"it is {_kind(record)}"


def _instead(record: Mapping[str, object]) -> str:
    """Say what a record holds where its text should be, if that is anything but a text."""
    held = next((record[key] for key in ("text", "body") if record.get(key) not in (None, "", [], {})), None)
    return "" if held is None or isinstance(held, str) else f", but {_kind(held)} in place of it"


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


def _draft(name: str, stated: Fields, text: str, raw_digest: str, damage: int) -> Draft:
    hidden = front_matter_spans(text)
    title = metadata_title(stated.title) or text_title(without(text, hidden))
    return Draft(
        text=text,
        title=title.text,
        title_from=title.found_in,
        raw_digest=raw_digest,
        record=name,
        outlet=stated.outlet,
        author=stated.author,
        url=stated.url,
        published=stated.published,
        published_from=stated.published_from,
        language=stated.language,
        damage=damage,
        hidden=hidden,
    )


def _lines(file: io.BufferedReader, limit: int) -> Iterator[_Line]:
    """Split a file into lines, holding at most ``limit`` bytes of each."""
    stream = _Transcoded(file, wide) if (wide := _wide_encoding(file)) else file
    number = 0
    while raw := stream.readline(limit + 1):
        number += 1
        if len(raw) > limit and not raw.endswith(b"\n"):
            yield _Line(number, None, len(raw) + _skip_line(stream))
        else:
            yield _Line(number, raw.rstrip(b"\r\n"), len(raw))


def _wide_encoding(file: io.BufferedReader) -> str | None:
    head = file.peek(4096)[:4096]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return utf16_without_mark(head)


def _skip_line(stream: _Readable) -> int:
    skipped = 0
    while chunk := stream.readline(_SKIPPED_AT_ONCE):
        skipped += len(chunk)
        if chunk.endswith(b"\n"):
            break
    return skipped
