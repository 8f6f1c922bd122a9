"""Processes that read beside this one; each may take so much memory, each task so much time."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, Final

# What a process may take before its first task, on a machine that is busy with much else. Chosen, not measured.
START_SECONDS: Final = 120.0
# A worker is replaced now and then, so that what leaks in C libraries stays small. Chosen: starting one takes a second.
_TASKS_A_WORKER: Final = 1000


class Workers:
    """A pool of processes, started when the first task comes, and again after a task that ended one.

    Args:
        count: how many there are.
        warm: a function of a module that each calls first, to load what its tasks need.
    """

    def __init__(self, count: int = 1, warm: Callable[[], object] | None = None) -> None:
        self._count = count
        self._warm = warm
        self._lock = threading.Lock()
        self._pool: Any = None
        self._memory = 0

    def schedule(self, task: Callable[..., Any], arguments: tuple[Any, ...], seconds: float, memory: int) -> Any:  # noqa: ANN401
        """Begin a task; return its future.

        The future's ``result`` raises what the task raises, ``TimeoutError`` when it took longer than its seconds, and
        pebble's ``ProcessExpired`` when it ended its process.

        Args:
            task: a function of a module.
            arguments: to the function.
            seconds: of the clock that it may take.
            memory: bytes of address space that a process may take.
        """
        with self._lock:
            return self._started(memory).schedule(task, arguments, timeout=seconds)

    def stop(self) -> None:
        """End the processes; the next task starts others."""
        with self._lock:
            self._close()

    def _started(self, memory: int) -> Any:  # noqa: ANN401  (pebble is untyped here)
        if self._pool is not None and (not self._pool.active or memory != self._memory):
            self._close()
        if self._pool is None:
            from pebble import ProcessPool

            self._memory = memory
            self._pool = ProcessPool(self._count, _TASKS_A_WORKER, _begin, (memory, self._warm), _QuietContext())
        return self._pool

    def _close(self) -> None:
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None


def allow(seconds: float) -> None:
    """Let this process use so much more processor time; the system ends it when it takes more."""
    if sys.platform == "win32":
        return
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime + seconds) + 2)


def _begin(memory: int, warm: Callable[[], object] | None) -> None:
    """Limit this process for good: its memory, no core files, nothing on the terminal, one thread."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    logging.disable(logging.CRITICAL)
    os.environ.update(TOKENIZERS_PARALLELISM="false", OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _lower(resource.RLIMIT_AS, memory)
    if warm is not None:
        with suppress(Exception):  # the first task meets it again, and can tell it
            warm()


def _lower(kind: int, soft: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


class _QuietProcess(SpawnProcess):
    """A fresh interpreter that does not run the caller's main script again, which may lack a guard.

    A Ctrl-C at the terminal does not reach it, else the file in hand would be refused as one that ended its reader.
    """

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: ANN401, N802  (multiprocessing's own hook)
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


class _QuietContext(SpawnContext):
    Process = _QuietProcess
