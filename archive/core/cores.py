"""How much of the machine there is to use."""

from __future__ import annotations

import os


def usable_cores() -> int:
    """Return how many processor cores this process may run on, at least one."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
