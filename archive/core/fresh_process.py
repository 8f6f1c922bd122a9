"""Fresh interpreters beside this one, which run nothing of the caller's script and get no Ctrl-C of the terminal."""

from __future__ import annotations

import signal
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, Final

from archive.core.forking import Lock

_starting: Final = Lock()


class _FreshProcess(SpawnProcess):
    """A fresh interpreter that does not run the caller's main script again, which may lack a guard.

    A Ctrl-C at the terminal does not reach it, else what it has in hand would seem to have ended it.
    """

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: ANN401, N802  (multiprocessing's own hook)
        with _starting:  # two at once would take each other's empty module for the caller's
            main = sys.modules["__main__"]
            sys.modules["__main__"] = types.ModuleType("__main__")
            try:
                with _interrupts_blocked():
                    return SpawnProcess._Popen(process_obj)
            finally:
                sys.modules["__main__"] = main


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Block SIGINT in this thread; a process that is started meanwhile never gets one."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class FreshContext(SpawnContext):
    """The way to start such processes, as ``multiprocessing`` has it."""

    Process = _FreshProcess
