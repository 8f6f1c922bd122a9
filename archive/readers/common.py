"""What all readers share: limits, refusals, and opening a file with care."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.core.article import Refusal
from archive.core.system_limits import raise_exhaustion
from archive.text.visible import spelled_out

# A file may be this many times larger than the text allowed in it: UTF-16, JSON's escapes and markup all take room.
ROOM: Final = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one article may cost; the defaults are chosen, not measured.

    Attributes:
        max_text: bytes of text (in UTF-8) an article may have; 5 MB are some 800,000 words.
        seconds: time to spend on one file in a process of its own, or on one batch of its records, of the clock and of
            the processor alike.
        memory: bytes of address space that such a process may take.
    """

    max_text: int = 5_000_000
    seconds: float = 20.0
    memory: int = 1 << 30


def refusal(path: Path, code: str, reason: str, record: str | None = None) -> Refusal:
    """Make a refusal of a file, or of one record in it."""
    return Refusal(path=spelled_out(os.path.abspath(path)), record=record, code=code, reason=reason)  # noqa: PTH100


def unreadable(path: Path, error: OSError) -> Refusal:
    """Say why the system would not give the file.

    Raises:
        OSError: it would give no file at all just now, which is nothing to refuse this one for.
    """
    raise_exhaustion(error)
    if isinstance(error, PermissionError):
        return refusal(path, "unreadable", "You are not allowed to read it.")
    if os.path.islink(path) and not os.path.exists(path):  # noqa: PTH110, PTH114
        return refusal(path, "broken-link", "It is a symbolic link that leads nowhere.")
    return refusal(path, "unreadable", f"It cannot be read: {error.strerror or error}.")


def too_large(path: Path, size: int, limit: int, record: str | None = None, *, what: str | None = None) -> Refusal:
    """Say that there is more text, or more of a file, than an article may have.

    Args:
        path: of the file.
        size: in bytes.
        limit: likewise.
        record: that is too large, None where the file holds one article.
        what: has this size; the record or the file unless it is said.
    """
    named = what or ("file" if record is None else "record")
    has, most = _megabytes(size), _megabytes(limit)
    if has == most:
        has, most = f"{size:,} bytes", f"{limit:,}"
    return refusal(path, "too-large", f"The {named} has {has}; at most {most} are read.", record)


def check_file(path: Path) -> Refusal | None:
    """Refuse what is no regular file, and what is empty, without opening it."""
    try:
        status = path.stat()
    except OSError as error:
        return unreadable(path, error)
    if not stat.S_ISREG(status.st_mode):
        return refusal(path, "not-a-file", "It is not a regular file.")
    if status.st_size == 0:
        return refusal(path, "empty", "The file is empty.")
    return None


def load(path: Path, limit: int) -> bytes | Refusal:
    """Read a whole file of at most ``limit`` bytes; a larger one is refused before it is read."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > limit:
                return too_large(path, size, limit)
            raw = file.read(limit + 1)
    except OSError as error:
        return unreadable(path, error)
    return raw if len(raw) <= limit else too_large(path, len(raw), limit)


def digest(raw: bytes) -> str:
    """Give the sha256 of bytes in hexadecimal digits."""
    return hashlib.sha256(raw).hexdigest()


def text_size(text: str) -> int:
    """Count the bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size:,} bytes"
