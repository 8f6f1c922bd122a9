"""Choosing the reader of a file, by its suffix and by what it begins with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from archive.core.article import Draft, Refusal
from archive.readers import html, jsonl, markdown, plain
from archive.readers.common import Limits, check_file, refusal, unreadable
from archive.readers.html_worker import page
from archive.text.decode import has_mark, utf16_without_mark

Reader = Callable[[Path, Limits], Iterator[Draft | Refusal]]

_READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": plain.read,
        ".text": plain.read,
        ".md": markdown.read,
        ".markdown": markdown.read,
        ".html": html.read,
        ".htm": html.read,
        ".xhtml": html.read,
        ".jsonl": jsonl.read,
        ".ndjson": jsonl.read,
    }
)
SUFFIXES: frozenset[str] = frozenset(_READERS)

_HEAD = 8192
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
)
_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"{\\rtf",
    b"SQLite format 3",
)
_CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 27})
# A text may hold some escape sequences; a short one may consist of little else.
_FEW_CONTROLS, _MOST_CONTROLS, _TOO_MANY_CONTROLS = 8, 0.01, 0.2


def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield the drafts a file holds, and a refusal for each part that cannot be taken in; at least one item.

    Nothing in the file makes this raise. Files of one article are read whole, JSON Lines line by line.

    Args:
        path: a file; its suffix chooses the reader (``SUFFIXES``), but a page of HTML named ``.txt`` is read as one.
        limits: what one article may cost.
    """
    chosen = _chosen(path)
    yield from (chosen,) if isinstance(chosen, Refusal) else chosen(path, limits)


def read_here(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Read a file in this process, pages of HTML too; for processes that may end at one."""
    chosen = _chosen(path)
    if isinstance(chosen, Refusal):
        yield chosen
    elif chosen is html.read:
        yield page(path, limits)
    else:
        yield from chosen(path, limits)


def holds_many(path: Path) -> bool:
    """Tell from its name whether a file may hold many records."""
    return _READERS.get(path.suffix.lower()) is jsonl.read


def _chosen(path: Path) -> Reader | Refusal:
    reader = _READERS.get(path.suffix.lower())
    if (refused := check_file(path)) is not None:
        return refused
    if reader is None:
        kind = f"files named *{path.suffix}" if path.suffix else "files without a suffix"
        return refusal(path, "unsupported", f"There is no reader for {kind}.")
    head = _head(path)
    if isinstance(head, Refusal):
        return head
    if looks_binary(head):
        return refusal(path, "binary", "It holds binary data, not text.")
    return html.read if reader is plain.read and _PAGE.match(head) else reader


def looks_binary(head: bytes) -> bool:
    """Tell from its first bytes whether a file is no text in any encoding."""
    if head.startswith(_MAGIC):
        return True
    if has_mark(head) or utf16_without_mark(head):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    most = min(_FEW_CONTROLS + _MOST_CONTROLS * len(head), _TOO_MANY_CONTROLS * len(head))
    return controls > most


def _head(path: Path) -> bytes | Refusal:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError as error:
        return unreadable(path, error)
