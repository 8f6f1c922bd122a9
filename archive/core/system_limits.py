"""What the system refused, told from damage of what is stored: files, memory, room, permission, a failing disk.

What refuses now may give later, and what is stored may be whole; so nothing is thrown away, made anew or called
damaged because of it. A limit stays what Python raises for it, an OSError with its number or a MemoryError, from the
place where it was met to whoever asked. Libraries that are not Python's put limits into errors of their own, which are
known by the system's words.
"""

from __future__ import annotations

import os
import re
from errno import (
    EACCES,
    EAGAIN,
    EDQUOT,
    EFBIG,
    EINVAL,
    EIO,
    EISDIR,
    ELOOP,
    EMFILE,
    ENAMETOOLONG,
    ENFILE,
    ENODEV,
    ENOENT,
    ENOMEM,
    ENOSPC,
    ENOTDIR,
    ENXIO,
    EPERM,
    EROFS,
)
from pathlib import Path
from typing import Final, NoReturn

from archive.core.errors import ArchiveError

# What these say is about what lies there, not about the system: it is not there, or not of its kind, or names sizes and
# places that cannot be.
_OF_CONTENT: Final = frozenset({EINVAL, EISDIR, ELOOP, ENAMETOOLONG, ENODEV, ENOENT, ENOTDIR, ENXIO})
_OF_PROCESS: Final = frozenset({EAGAIN, EMFILE, ENFILE, ENOMEM})
_WORDS: Final = {
    **{os.strerror(number).lower(): number for number in (EMFILE, ENFILE, ENOMEM, EIO, ENOSPC, EDQUOT, EROFS, EFBIG)},
    **{os.strerror(number).lower(): number for number in (EACCES, EPERM, EAGAIN)},
    "bad_alloc": ENOMEM,  # C++
    "bad allocation": ENOMEM,  # C++ on Windows
    "can not allocate": ENOMEM,  # torch
    "not enough memory": ENOMEM,  # torch
    "can't allocate memory": ENOMEM,  # torch
    "failed to allocate": ENOMEM,  # onnxruntime
    "out of memory": ENOMEM,  # SQLite, Rust
    "outofmemory": ENOMEM,  # torch
    "insufficient memory": ENOMEM,
    "without exception set": ENOMEM,  # Python, of an extension that had no memory left to say so
    "memoryerror": ENOMEM,  # Python, as the last line of a process that ended
    "failed to map segment": ENOMEM,  # the loader of shared libraries
    "can't start new thread": EAGAIN,  # Python
}
_OF_RUST: Final = re.compile(r"\(os error (\d+)\)")
_TELLING: Final = (RuntimeError, ImportError, SystemError, OSError)  # without a number, as ctypes raises it
_LIBRARIES: Final = frozenset({"chromadb", "onnxruntime", "pyo3_runtime", "safetensors_rust", "torch"})
"""Whose own kinds of errors tell of limits, too; none of them reads what a person typed or an article says."""
# SQLITE_PERM, NOMEM, READONLY, IOERR, FULL and CANTOPEN, as numbers, so that this imports nothing
_OF_SQLITE: Final = {3: EACCES, 7: ENOMEM, 8: EACCES, 10: EIO, 13: ENOSPC, 14: EACCES}
_NO_MEMORY_TO_READ: Final = 3082  # SQLITE_IOERR_NOMEM
# SQLITE_IOERR_READ, _SHORT_READ, _DATA and _CORRUPTFS: of what the disk holds, not of writing to it or locking it
_UNREAD: Final = frozenset({266, 522, 8202, 8458})
MISTAKES: Final = (AttributeError, ImportError, NameError, NotImplementedError)
"""A library of another version than this program was written for; they say nothing about what was being read."""


def limit_of(error: BaseException) -> OSError | MemoryError | None:
    """Return the limit of the system that an error stands for, None where it stands for none.

    An error of ours stands for one where it was raised because of one.
    """
    if isinstance(error, ArchiveError):
        return None if error.__cause__ is None else limit_of(error.__cause__)
    if isinstance(error, MemoryError):
        return error
    if isinstance(error, OSError) and error.errno is not None:
        return None if error.errno in _OF_CONTENT else error
    code = getattr(error, "sqlite_errorcode", None)
    if code == _NO_MEMORY_TO_READ:
        return MemoryError()
    number = _told_by(error) if code is None else _OF_SQLITE.get(code & 0xFF)
    return None if number is None else OSError(number, os.strerror(number))


def is_exhausted(error: BaseException) -> bool:
    """Tell whether the process, or the machine, has no more files, memory or threads to give, whatever is read."""
    limit = limit_of(error)
    return isinstance(limit, MemoryError) or (limit is not None and limit.errno in _OF_PROCESS)


def in_words(limit: BaseException) -> str:
    """Return the reason and, where it is known, the file of a limit: ``Too many open files (/some/file)``."""
    if not isinstance(limit, OSError):
        return os.strerror(ENOMEM) if isinstance(limit, MemoryError) else str(limit)
    file = limit.filename
    return f"{limit.strerror or limit}{f' ({os.fsdecode(file)})' if isinstance(file, str | bytes) else ''}"


def is_unreadable(error: BaseException, path: Path) -> bool:
    """Tell whether the disk does not give back what one file holds, which is damage of that file."""
    if not isinstance(error, OSError) or error.errno != EIO or error.filename not in (path, os.fspath(path)):
        return False
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    return code is None or code in _UNREAD


def raise_limit(error: BaseException) -> None:
    """Raise the limit of the system that an error stands for; return where it stands for none.

    Raises:
        OSError, MemoryError: the limit.
    """
    limit = limit_of(error)
    if limit is error:
        raise error
    if limit is not None:
        raise limit from error


def raise_exhaustion(error: BaseException) -> None:
    """Raise what says that nothing at all can be had just now; return where an error is about one file alone.

    Raises:
        OSError, MemoryError: the process, or the machine, has no more files, memory or threads to give.
    """
    if is_exhausted(error):
        raise_limit(error)


def tell_apart(error: BaseException, damage: Exception) -> NoReturn:
    """Raise what an error means that was met while reading something stored.

    Args:
        error: as it was met.
        damage: what it means where it is about what was read.

    Raises:
        OSError, MemoryError: a limit of the system.
        AttributeError, ImportError, NameError, NotImplementedError: the error itself, a mistake of a program.
    """
    raise_limit(error)
    if isinstance(error, MISTAKES):
        raise error
    raise damage from error


def _told_by(error: BaseException) -> int | None:
    """Return the number of the limit that a library's error tells of in words.

    Rust's errors state the number. Otherwise words count only in the kinds of errors by which libraries tell of limits:
    others repeat what a person typed or what an article says.
    """
    lower = str(error).lower()
    if stated := _OF_RUST.search(lower):
        number = int(stated[1])
        return None if number in _OF_CONTENT else number
    if not isinstance(error, _TELLING) and type(error).__module__.partition(".")[0] not in _LIBRARIES:
        return None
    return next((number for words, number in _WORDS.items() if words in lower), None)
