"""What ``test_subprocess`` runs in another process."""

from __future__ import annotations

import os
import resource
import threading
from pathlib import Path
from time import monotonic

from archive.core.errors import Action, Damaged, Remedy
from index.runtime import subprocess
from index.runtime.subprocess import ChildProcess, Verdict, main, received


def _work(kind: str, seconds: str) -> Verdict:
    until = monotonic() + float(seconds)
    if kind == "full":
        os.dup2(os.open("/dev/full", os.O_WRONLY), 2)
    if kind in ("still", "full"):
        threading.Event().wait(float(seconds))
    elif kind == "busy":
        while monotonic() < until:
            sum(range(10_000))
    elif kind == "refuses":
        raise Damaged("The index is damaged.", remedy=Remedy(Action.REBUILD))
    elif kind == "lacks":
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
        Path(__file__).read_text("utf-8")
    elif kind == "crashes":
        os.abort()
    elif kind == "waits":
        return Verdict((next(received()).decode(),))
    elif kind == "asks":
        return ChildProcess(__spec__.name, "busy", seconds).answer()
    return Verdict(())


if __name__ == "__main__":
    subprocess._STILL = 1.0  # type: ignore[misc]
    main(_work)
