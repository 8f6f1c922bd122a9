"""The formats that can be read, one row each, and which of them a file is.

A file's reader is chosen by its suffix, then by how the file begins. To read another format, write a module with a
``read`` and add its row here. Functions take the rows as an argument, so that a program can bring readers of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from archive.core.article import Draft, Refusal
from archive.readers import html, jsonl, markdown, plain, sandbox
from archive.readers.binary import binary_by
from archive.readers.common import Limits, check_file, refusal, unreadable
from archive.readers.reader import Reader

_PAGE: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
)
# Of two rows that name the same suffix, or recognise the same file, the first reads it.
READERS: Final[tuple[Reader, ...]] = (
    Reader("text", 2, (".txt", ".text"), plain.read, gives_way=True),
    Reader("markdown", 2, (".md", ".markdown"), markdown.read),
    Reader(
        "html",
        2,
        (".html", ".htm", ".xhtml"),
        html.read,
        magic=_PAGE,
        sandboxed=True,
        load=html.parser,
        check=html.check,
    ),
    Reader("jsonl", 2, (".jsonl", ".ndjson"), jsonl.read, many=True),
)
# Comments may stand before the first tag of a page, and control characters are counted in it. Chosen, not measured.
_HEAD: Final = 8192


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


def suffixes(readers: Sequence[Reader] = READERS) -> frozenset[str]:
    """Return the suffixes of files that can be read, in lower case."""
    return frozenset(suffix for reader in readers for suffix in reader.suffixes)


def named_for(path: Path, readers: Sequence[Reader] = READERS) -> Reader | None:
    """Return the reader that a file's name asks for, that of ``.warc.gz`` before that of ``.gz``; None without one."""
    parts = path.suffixes
    ends = ("".join(parts[at:]).lower() for at in range(len(parts)))
    return next((reader for end in ends for reader in readers if end in reader.suffixes), None)


def _read(reader: Reader, path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    return reader.read(path, limits)


def _chosen(path: Path, readers: Sequence[Reader]) -> Reader | Refusal:
    named = named_for(path, readers)
    if (refused := check_file(path)) is not None:
        return refused
    if named is None:
        kind = f"files named *{path.suffix}" if path.suffix else "files without a suffix"
        return refusal(path, "unsupported", f"There is no reader for {kind}.")
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
