"""Where one record of a file ends and the next begins: lines, the items of an array, one object or several.

Only brackets and strings are looked at, so that a record that is broken inside costs only itself; what a record says
the standard library reads. No more of a file is held than the largest record that may be, twice.
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from archive.readers.records.names import LIST_NAMES, plain_name
from archive.text.decode import decode, utf16_without_mark

_SKIPPED_AT_ONCE: Final = 1 << 20  # bytes of what is too long to hold; any size does that is small beside the memory
_FIRST_CHUNK: Final = 1 << 16
_SPACE: Final = b" \t\r\n"
_BETWEEN: Final = re.compile(rb"[\s,:]*", re.ASCII)
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{}]', re.DOTALL)
_INSIDE: Final = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)  # of a string, as far as it is held
_BARE: Final = re.compile(rb'[^\s,:"\[\]{}]*', re.ASCII)  # a number or a word
_MOST_FACTS: Final = 1_000  # of what holds records; those behind them are no names of it. Chosen, not measured.
_LONGEST_FACT: Final = 1_000  # bytes of what may be a name of what holds records. Chosen, not measured.
_DEEPEST: Final = 8  # levels that are opened, where one holds more than may be held. Chosen, not measured.
# How much larger than its file what was packed in it may be: records shrink to a tenth, repetitive ones to a fiftieth,
# zeros to a thousandth. Small files may be larger. Chosen, not measured.
_MOST_TIMES, _ALWAYS = 200, 1 << 26


@dataclass(frozen=True, slots=True)
class Piece:
    """A record as it stands in a file.

    Attributes:
        number: its line, from 1; in a file that is not written line by line its place among the records.
        raw: its bytes, in UTF-8 or what it was damaged to; None when it is too long to hold, or cut short.
        size: how many bytes it has.
        outer: of what it lies in and was too long to hold: the short values that stood before it.
        is_cut: the file ends within it, so that nothing is known of what would come.
    """

    number: int
    raw: bytes | None
    size: int
    outer: Mapping[str, object] = field(default_factory=dict)
    is_cut: bool = False


class Readable(Protocol):
    """What can be read by lines or by sizes."""

    def readline(self, size: int, /) -> bytes:
        """Return a line with its end, or so many bytes of it."""
        ...

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes; none at the end."""
        ...


def pieces(path: Path, limit: int) -> tuple[bool, Iterator[Piece]]:
    """Return whether a file of records is written line by line, and its records, one after the other.

    Args:
        path: a file, packed by gzip or not.
        limit: bytes that one record may have.

    Raises:
        OSError: the file cannot be read.
        BadArchive: it is packed, and cannot be unpacked; this also while the records are taken.
    """
    with _opened(path) as file:
        by_line = _is_by_line(_readable(file), limit)
    return by_line, _pieces(path, limit, _lines if by_line else _values)


def _pieces(path: Path, limit: int, split: _Split) -> Iterator[Piece]:
    with _opened(path) as file:
        yield from split(_readable(file), limit)


class _Split(Protocol):
    def __call__(self, stream: Readable, limit: int, /) -> Iterator[Piece]: ...


def _opened(path: Path) -> BinaryIO:
    file = path.open("rb")
    if file.peek(2)[:2] != b"\x1f\x8b":
        return file
    return io.BufferedReader(_Unpacked(file))


class BadArchive(Exception):
    """What is packed by gzip cannot be unpacked; the message is a sentence about it."""


class _Unpacked(io.RawIOBase):
    """What is packed in a file, for as long as it is no more than such a file may hold."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._inner = gzip.GzipFile(fileobj=file)
        self._left = max(_ALWAYS, _MOST_TIMES * os.fstat(file.fileno()).st_size)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401  (a writable buffer has no name yet in Python 3.11)
        try:
            chunk = self._inner.read1(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise BadArchive("What gzip packed in it is cut short or damaged.") from error
        self._left -= len(chunk)
        if self._left < 0:
            raise BadArchive(f"It unpacks to more than {_MOST_TIMES} times its size.")
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Transcoded:
    """UTF-16 as a stream of UTF-8; Windows shells write JSON Lines so."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._text = io.TextIOWrapper(file, encoding, errors="replace", newline="\n")

    def readline(self, size: int, /) -> bytes:
        return self._text.readline(size).encode("utf-8", "surrogatepass")

    def read(self, size: int, /) -> bytes:
        return self._text.read(size).encode("utf-8", "surrogatepass")


def _readable(file: BinaryIO) -> Readable:
    head = file.peek(4096)[:4096]  # type: ignore[attr-defined]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _Transcoded(file, "utf-16")
    wide = utf16_without_mark(head)
    return _Transcoded(file, wide) if wide else file


def _is_by_line(stream: Readable, limit: int) -> bool:
    """Tell whether a file holds a record a line: its first filled line is one, or nothing that ends below it."""
    first = b""
    while not first.strip() and (line := stream.readline(limit + 1)):
        first = line.removeprefix(codecs.BOM_UTF8)
    window = _Window(stream, limit, first)
    start = window.peek()
    goes_on = start in (b"[", b"{") and not _is_json(first) and window.byte_after(len(first)) in (b'"', b"]", b"}")
    if goes_on or first.strip() == b"[":
        return False  # no line of records begins so
    if start == b"[":
        window.take(1)
        return window.peek() not in (b"{", b"]") or (window.peek() == b"{" and not _is_object(window, limit))
    return start != b"{" or _is_json(first) or not _is_object(window, limit, at_least=len(first.rstrip()))


def _is_object(window: _Window, limit: int, at_least: int = 0) -> bool:
    """Tell whether a whole object of more than so many bytes stands here, or one too long to be looked at."""
    end = window.end()
    return window.held > limit if end is None else end > at_least and _is_json(window.take(end))


def _is_json(raw: bytes) -> bool:
    try:
        json.loads(decode(raw).text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _lines(stream: Readable, limit: int) -> Iterator[Piece]:
    """Split a file into lines, leaving out blank ones and holding at most ``limit`` bytes of each."""
    number = 0
    while raw := stream.readline(limit + 1):
        number += 1
        if len(raw) > limit and not raw.endswith(b"\n"):
            yield Piece(number, None, len(raw) + _skip_line(stream))
        elif raw.strip():
            yield Piece(number, raw.rstrip(b"\r\n"), len(raw))


def _skip_line(stream: Readable) -> int:
    skipped = 0
    while chunk := stream.readline(_SKIPPED_AT_ONCE):
        skipped += len(chunk)
        if chunk.endswith(b"\n"):
            break
    return skipped


def _values(stream: Readable, limit: int) -> Iterator[Piece]:
    """Split a file into values, and each array into its items."""
    window, number = _Window(stream, limit), 0
    window.skip_mark()
    while window.peek():
        if window.peek() in b"]}":
            window.take(1)
            continue
        for piece in _value(window, limit, {}, _DEEPEST, opens=window.peek() == b"["):
            number += 1
            yield Piece(number, piece.raw, piece.size, piece.outer, piece.is_cut)
            if piece.is_cut:
                return


def _value(
    window: _Window, limit: int, outer: Mapping[str, object], depth: int, *, opens: bool = False
) -> Iterator[Piece]:
    """Yield the value that begins here; one that is to be opened, or is too long to hold, as what it holds."""
    end = None if opens else window.end()
    if end is not None:
        raw = window.take(end)
        yield Piece(0, raw, len(raw), outer)
    elif not opens and window.held <= limit:
        yield Piece(0, None, window.held, outer, is_cut=True)
    elif window.peek() == b"[" and depth:
        window.take(1)
        yield from _items(window, limit, outer, depth - 1)
    elif window.peek() == b"{" and depth:
        window.take(1)
        yield from _members(window, limit, depth - 1)
    else:
        size = window.skip_string() if window.peek() == b'"' else 0
        yield Piece(0, None, size or window.held, outer, is_cut=not size)


def _items(window: _Window, limit: int, outer: Mapping[str, object], depth: int) -> Iterator[Piece]:
    while start := window.peek():
        if start in b"]}":
            window.take(1)
            return
        for piece in _value(window, limit, outer, depth):
            yield piece
            if piece.is_cut:
                return
    yield Piece(0, None, 0, outer, is_cut=True)


def _members(window: _Window, limit: int, depth: int) -> Iterator[Piece]:
    """Yield the records in the members of an object that are known to hold records; one without any is too large."""
    held: dict[str, object] = {}
    begin, nothing = window.passed, True
    while start := window.peek():
        if start in b"]}":
            window.take(1)
            if nothing:
                yield Piece(0, None, window.passed - begin)
            return
        key = _parsed(window.take(window.end() or 1))
        holds_records = isinstance(key, str) and plain_name(key) in LIST_NAMES
        if not window.peek() or window.peek() in b"]}":
            continue
        for piece in _value(window, limit, held, depth, opens=window.peek() == b"["):
            if holds_records or piece.is_cut:
                nothing = False
                yield piece
            elif isinstance(key, str) and _is_fact(piece) and len(held) < _MOST_FACTS:
                held[key] = _parsed(piece.raw or b"")
            if piece.is_cut:
                return
    yield Piece(0, None, 0, held, is_cut=True)


def _is_fact(piece: Piece) -> bool:
    return piece.raw is not None and len(piece.raw) < _LONGEST_FACT


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(decode(raw).text, strict=False)
    except (ValueError, RecursionError):
        return None


class _Window:
    """What of a stream is held: from where the next value begins."""

    def __init__(self, stream: Readable, limit: int, held: bytes = b"") -> None:
        self._stream = stream
        self._limit = limit
        self._data = held
        self._at = 0
        self._before = 0

    @property
    def passed(self) -> int:
        """Return how many bytes were passed over."""
        return self._before + self._at

    @property
    def held(self) -> int:
        """Return how many bytes are held."""
        return len(self._data) - self._at

    def skip_mark(self) -> None:
        """Pass over a byte order mark."""
        self._fill()
        self._at += len(codecs.BOM_UTF8) * self._data.startswith(codecs.BOM_UTF8)

    def peek(self) -> bytes:
        """Return the first byte of the next value, after what divides values; nothing at the end."""
        while True:
            match = _BETWEEN.match(self._data, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._data) or not self._fill():
                return self._data[self._at : self._at + 1]

    def byte_after(self, size: int) -> bytes:
        """Return the first byte behind so many and what divides values; nothing at the end."""
        while (match := _BETWEEN.match(self._data, self._at + size)) and match.end() == len(self._data):
            if self.held > self._limit or not self._fill():
                return b""
        return self._data[match.end() : match.end() + 1] if match else b""

    def take(self, size: int) -> bytes:
        """Return so many bytes and pass over them."""
        taken = self._data[self._at : self._at + size]
        self._at += size
        return taken

    def end(self) -> int | None:
        """Return how long the value is that begins here; None when it is longer than the limit, or cut short."""
        if self._data[self._at : self._at + 1] not in (b'"', b"[", b"{"):
            return self._end_of_bare()
        scanned = depth = 0
        while True:
            for token in _TOKEN.finditer(self._data, self._at + scanned):
                if token[0] == b'"':  # its end is not held yet
                    scanned = token.start() - self._at
                    break
                depth += (token[0] in b"[{") - (token[0] in b"]}")
                if depth <= 0:
                    return token.end() - self._at
            else:
                scanned = self.held
            if self.held > self._limit or not self._fill():
                return None

    def _end_of_bare(self) -> int | None:
        while (bare := _BARE.match(self._data, self._at)) and bare.end() == len(self._data):
            if self.held > self._limit:
                return None
            if not self._fill():
                break
        return max(1, bare.end() - self._at) if bare else 1

    def skip_string(self) -> int:
        """Pass over a string of any length; return that length, 0 when the stream ends within it."""
        size, self._at = 1, self._at + 1
        while True:
            inside = _INSIDE.match(self._data, self._at)
            passed = inside.end() - self._at if inside else 0
            size, self._at = size + passed, self._at + passed
            if self._data[self._at : self._at + 1] == b'"':
                self._at += 1
                return size + 1
            if not self._fill():
                return 0

    def _fill(self) -> bool:
        """Hold more of the stream, as much again as is held; tell whether there was any."""
        chunk = self._stream.read(max(_FIRST_CHUNK, self.held))
        self._before += self._at
        self._data, self._at = self._data[self._at :] + chunk, 0
        return bool(chunk)
