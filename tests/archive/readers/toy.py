"""A made-up binary format of many records, and one of pages: what is needed to read them is a function and a row."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from errno import EMFILE, ENOMEM
from pathlib import Path

from archive.core.article import Draft, Part, Refusal, Span
from archive.readers import READERS, Limits, Reader
from archive.readers.common import digest, load, refusal

MAGIC = b"%TOY-1" + bytes(10) + b"\xff"


_RAISED = {
    "!raise": ValueError("hostile"),
    "!exit": SystemExit(4),
    "!unmapped": OSError(ENOMEM, "Cannot allocate memory"),
    "!threads": RuntimeError("can't start new thread"),
    "!files": OSError(EMFILE, "Too many open files"),
}


def toy_file(*records: str) -> bytes:
    """Make a file of records; some do what hostile files do."""
    return MAGIC + b"\x1e".join(record.encode() for record in records)


def read_toy(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield a draft for each record."""
    raw = load(path, limits.max_text)
    if isinstance(raw, Refusal):
        yield raw
        return
    for number, record in enumerate(raw.removeprefix(MAGIC).split(b"\x1e"), 1):
        text = record.decode()
        if not text:
            yield refusal(path, "no-text", "The record has no text.", str(number))
            continue
        obey(text)
        yield Draft(text, f"Record {number}", "metadata", digest(record), str(os.getpid()), record=str(number))


def obey(text: str) -> None:
    """Do what a record says that only a hostile file holds."""
    if text in _RAISED:
        raise _RAISED[text]
    if text == "!die":
        os._exit(3)
    if text == "!hang":
        time.sleep(600)
    if text == "!spin":
        while True:
            pass
    if text == "!crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if text == "!kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if text == "!grow":
        bytearray(2 << 30)


def read_pages(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield the one draft of a text whose pages form feeds part; running heads are hidden."""
    raw = load(path, limits.max_text)
    if isinstance(raw, Refusal):
        yield raw
        return
    pages = raw.decode().split("\f")
    starts = [sum(len(page) + 2 for page in pages[:number]) for number in range(len(pages))]
    parts = tuple(Part(start, "page", str(number)) for number, start in enumerate(starts, 1))
    heads = tuple(
        Span(start, start + page.index("\n")) for start, page in zip(starts, pages, strict=True) if page[:4] == "Head"
    )
    yield Draft("\n\n".join(pages), path.stem, "file name", digest(raw), hidden=heads, parts=parts)


def read_room(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield a draft that says in how much memory it was read."""
    raw = load(path, limits.max_text)
    if isinstance(raw, Refusal):
        yield raw
        return
    import resource

    room, _ = resource.getrlimit(resource.RLIMIT_AS)
    yield Draft(raw.decode(), path.stem, "file name", digest(raw), str(room))


def read_late(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield the one draft of a text, but never at the first reading; a file beside it says whether that has been."""
    begun = path.with_suffix(".begun")
    if not begun.exists():
        begun.touch()
        time.sleep(600)
    yield Draft(path.read_text(), path.stem, "file name", digest(path.read_bytes()))


LATE = Reader("late", 1, (".late",), read_late, sandboxed=True)
TOY = Reader(
    "toy", 3, (".toy",), read_toy, magic=re.compile(re.escape(MAGIC)), needs_magic=True, binary=True, many=True,
    sandboxed=True,
)  # fmt: skip
PAGES = Reader("pages", 1, (".pages",), read_pages)
ROOMY = Reader("roomy", 1, (".roomy",), read_room, sandboxed=True, memory=3 << 30)
SMALL = Reader("small", 1, (".small",), read_room, sandboxed=True)
WITH_TOYS = (*READERS, TOY, PAGES)
