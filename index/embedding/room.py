"""Whether something failed for want of memory or disk, which may be there another time."""

from __future__ import annotations

import errno
import sys
from typing import Final

from archive.core.system_limits import limit_of

_NUMBERS: Final = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "ENOMEM", "EMFILE", "ENFILE", "EFBIG", "EAGAIN")
    if hasattr(errno, name)
)


def is_for_want_of_room(error: BaseException) -> bool:
    """Tell whether an error is about memory, disk, files or threads that were wanting.

    Args:
        error: of a library that works on a model, or of ours, raised because of one; whatever its kind, its words are
            the library's, for nobody's text is read there.
    """
    limit = limit_of(error) or limit_of(RuntimeError(str(error)))
    return isinstance(limit, MemoryError) or (limit is not None and limit.errno in _NUMBERS)


def limits() -> list[int]:
    """Return how much memory a process may take, in bytes, -1 where there is no limit."""
    if sys.platform == "win32":
        return []
    import resource

    return [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA)]
