"""Whether something failed for want of memory or disk, which may be there another time."""

from __future__ import annotations

import errno
import re
import sys
from typing import Final

_WORDS: Final = re.compile(
    r"bad_?alloc|bad allocation|can(?:no|')t allocate|failed to allocate|allocate memory|out of memory|MemoryError"
    r"|not enough (?:memory|space)|insufficient memory|No space left|quota exceeded|failed to map segment|\bmmap\b"
    r"|too many open files|OutOfMemory|thread-local data|can't start new thread|unable to create.*thread",
    re.IGNORECASE,
)
_NUMBERS: Final = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "ENOMEM", "EMFILE", "ENFILE", "EFBIG", "EAGAIN")
    if hasattr(errno, name)
)


def is_for_want_of_room(what: BaseException | str) -> bool:
    """Tell whether an error, or what a library says of one, is about memory, disk or descriptors that were wanting."""
    if isinstance(what, MemoryError) or (isinstance(what, OSError) and what.errno in _NUMBERS):
        return True
    return _WORDS.search(str(what)) is not None


def limits() -> list[int]:
    """Return how much memory a process may take, in bytes, -1 where there is no limit."""
    if sys.platform == "win32":
        return []
    import resource

    return [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA)]
