"""The formats that can be read, one row each, and which of them a file is.

A file's reader is chosen by its suffix, then by how the file begins. To read another format, write a module with a
``read`` and add its row here. Functions take the rows as an argument, so that a program can bring readers of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Final

from archive.core.article import Draft, Refusal
from archive.core.lazy_names import Function
from archive.folder.record_mappings import RecordMapping
from archive.readers import markdown, plain, sandbox
from archive.readers.binary import binary_by
from archive.readers.common import Limits, check_file, digest, refusal, unreadable
from archive.readers.reader import Reader

# A page, or a piece of one as programs save the body of an article; prose that begins with a tag does not end one.
_PAGE: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html[\s>]"
    rb"|(?:article|section|main|div|p|h[1-6]|figure|blockquote|ul|ol|table)(?:\s[^<>]*)?>(?=.*</[a-z]))",
    re.IGNORECASE | re.DOTALL,
)
# How programs on web servers are named: wget and others keep their pages under these names, other folders the programs.
_SERVED: Final = (".php", ".asp", ".aspx", ".jsp", ".shtml", ".phtml", ".cfm", ".cgi")
_QUERY: Final = re.compile(r"[?@]")  # begins the query of a page's address in a file's name; on Windows it is "@"
_HTML, _JSONL = "archive.readers.html", "archive.readers.jsonl"  # with all that knows pages, or records
_RECORDS: Final = (".jsonl", ".ndjson", ".jl", ".jsonlines", ".json")
_READ_RECORDS: Final = Function(_JSONL, "read")
# Of two rows that name the same suffix, or recognise the same file, the first reads it.
READERS: Final[tuple[Reader, ...]] = (
    Reader("text", 3, (".txt", ".text"), plain.read, gives_way=True),
    Reader("markdown", 3, (".md", ".markdown"), markdown.read),
    Reader(
        "html",
        2,
        (".html", ".htm", ".xhtml"),
        Function(_HTML, "read"),
        magic=_PAGE,
        sandboxed=True,
        load=Function(_HTML, "parser"),
        check=Function(_HTML, "check"),
    ),
    Reader(
        "html-served",
        1,
        _SERVED,
        Function(_HTML, "read"),
        magic=_PAGE,
        needs_magic=True,
        sandboxed=True,
        load=Function(_HTML, "parser"),
        check=Function(_HTML, "check"),
    ),
    Reader("jsonl", 3, _RECORDS, _READ_RECORDS, many=True, survey=Function(_JSONL, "survey")),
    Reader(
        "jsonl-gz",
        1,
        tuple(f"{suffix}.gz" for suffix in _RECORDS),
        _READ_RECORDS,
        magic=re.compile(rb"\x1f\x8b"),
        needs_magic=True,
        binary=True,
        many=True,
        survey=Function(_JSONL, "survey"),
    ),
)
# Comments may stand before the first tag of a page, and control characters are counted in it. Chosen, not measured.
_HEAD: Final = 8192
_VARIANT: Final = 8  # hexadecimal digits that tell settings apart; two that are alike by chance are one in billions


def read(path: Path, limits: Limits, readers: Sequence[Reader] = READERS) -> Iterator[Draft | Refusal]:
    """Yield the drafts a file holds, and a refusal for each part that cannot be taken in; at least one item.

    Nothing in the file makes this raise. Files of one article are read whole, files of many record by record.

    Raises:
        ArchiveError: a reader cannot read any file, as it is installed here.

    Args:
        path: a file.
        limits: what one article may cost.
        readers: that may read it.
    """
    reader = _chosen(path, readers)
    if isinstance(reader, Refusal):
        yield reader
        return
    reading = sandbox.read if reader.sandboxed else _read
    for item in reading(reader, path, reader.limited(limits)):
        yield reader.signed(item)


def read_here(path: Path, limits: Limits, readers: Sequence[Reader] = READERS) -> Iterator[Draft | Refusal]:
    """Read a file as ``read`` does, but in this process; for processes that may end at a hostile one.

    Raises:
        Exception: whatever the parser of a sandboxed reader raises.
    """
    reader = _chosen(path, readers)
    if isinstance(reader, Refusal):
        yield reader
        return
    for item in _read(reader, path, reader.limited(limits)):
        yield reader.signed(item)


def mapped(readers: Sequence[Reader], mappings: Sequence[RecordMapping]) -> tuple[Reader, ...]:
    """Return readers of which those of records read these as an archive's settings say."""
    if not mappings:
        return tuple(readers)
    from archive.readers import jsonl

    own = jsonl.RecordReader(tuple(mappings))
    variant = digest(repr(own).encode())[:_VARIANT]
    return tuple(
        replace(row, read=own, survey=own.survey, variant=variant) if row.read == _READ_RECORDS else row
        for row in readers
    )


def suffixes(readers: Sequence[Reader] = READERS) -> frozenset[str]:
    """Return the suffixes of files that can be read, in lower case."""
    return frozenset(suffix for reader in readers for suffix in reader.suffixes)


def named_for(path: Path, readers: Sequence[Reader] = READERS) -> Reader | None:
    """Return the reader that a file's name asks for, that of ``.warc.gz`` before that of ``.gz``; None without one.

    Of a page that was saved with the query of its address (``index.html?p=123``) what stands before it counts too.
    """
    ends = (end for name in (path.name, _QUERY.split(path.name)[0]) for end in _ends(name))
    return next((reader for end in ends for reader in readers if end in reader.suffixes), None)


def _ends(name: str) -> Iterator[str]:
    parts = PurePath(name).suffixes
    return ("".join(parts[at:]).lower() for at in range(len(parts)))


def _read(reader: Reader, path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    return reader.read(path, limits)


def _chosen(path: Path, readers: Sequence[Reader]) -> Reader | Refusal:
    named = named_for(path, readers)
    if (refused := check_file(path)) is not None:
        return refused
    if named is None:
        return refusal(path, "unsupported", _no_reader(path, readers))
    head = _head(path)
    if isinstance(head, Refusal):
        return head
    reader = _recognised(named, head, readers)
    recognised = reader.recognises(head)
    if not reader.binary and (why := binary_by(head, recognised=recognised)) is not None:
        return refusal(path, "binary", why)
    if reader.needs_magic and not recognised:
        return refusal(path, "unsupported", f"It does not begin as a file of the format {reader.name} does.")
    return reader


def _no_reader(path: Path, readers: Sequence[Reader]) -> str:
    """Say that there is no reader for such names, and what to name a file that one would know by its beginning."""
    kind = f"files named *{path.suffix}" if path.suffix else "files without a suffix"
    head = _head(path)
    known = (each for each in readers if isinstance(head, bytes) and not each.needs_magic and each.recognises(head))
    if (reader := next(known, None)) is None:
        return f"There is no reader for {kind}."
    named = f"named *{reader.suffixes[0]}"
    return f"There is no reader for {kind}; this one begins like a file of the format {reader.name}, read when {named}."


def _recognised(named: Reader, head: bytes, readers: Sequence[Reader]) -> Reader:
    """Return the reader that a file's first bytes ask for, where the one that its name asks for leaves that open."""
    if named.recognises(head) or not (named.gives_way or named.needs_magic):
        return named
    return next((reader for reader in readers if reader.recognises(head)), named)


def _head(path: Path) -> bytes | Refusal:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        return unreadable(path, error)
