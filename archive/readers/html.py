"""The reader of HTML: pages are parsed in a worker process that may take only so much time and memory."""

from __future__ import annotations

import signal
import sys
import threading
import types
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import Any

from archive.article import Draft, Refusal
from archive.readers.common import ROOM, Limits, refusal
from archive.readers.html_worker import confine, page

# The worker is replaced now and then, so that what leaks in C libraries stays small.
_PAGES_A_WORKER = 1000
_START_SECONDS = 120.0


def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield the one draft of a page, or the refusal of it."""
    yield _WORKER.read(path, limits)


def release() -> None:
    """Stop the worker process; the next page starts another."""
    _WORKER.stop()


class _QuietProcess(SpawnProcess):
    """A fresh interpreter that does not run the caller's main script again, which may lack a guard.

    A Ctrl-C at the terminal does not reach it, else the page in hand would be refused as one that ended its reader.
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


class _Worker:
    """One worker process, started when the first page comes, and again after a page that ended it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: Any = None
        self._limits = Limits()

    def read(self, path: Path, limits: Limits) -> Draft | Refusal:
        from concurrent.futures.process import BrokenProcessPool

        from pebble import ProcessExpired

        try:
            return self._run(path, limits)
        except TimeoutError:
            return _too_complex(path, f"It took longer than {limits.seconds:g} seconds to read.")
        except (ProcessExpired, CancelledError):
            return _too_complex(path, "Reading it took more time or memory than a page may have.")
        except (MemoryError, RecursionError):
            return _too_complex(path, "It is nested too deeply, or reading it takes too much memory.")
        except (BrokenProcessPool, ImportError) as error:
            self.stop()
            return refusal(path, "unreadable", f"The reader of HTML could not start ({error}).")
        except Exception as error:  # whatever a hostile page makes a parser raise is told, never the end of a run
            return _too_complex(path, f"Its markup is beyond the parser ({type(error).__name__}).")

    def _run(self, path: Path, limits: Limits) -> Draft | Refusal:
        with self._lock:
            future = self._started(limits).schedule(
                page, (path, ROOM * limits.max_text, limits.max_text, limits.seconds), timeout=limits.seconds
            )
        try:
            result: Draft | Refusal = future.result(timeout=limits.seconds + _START_SECONDS)
        except BaseException:
            future.cancel()  # an interrupted caller must not leave the worker busy
            raise
        return result

    def _started(self, limits: Limits) -> Any:  # noqa: ANN401  (pebble is untyped here)
        if self._pool is not None and (not self._pool.active or limits.memory != self._limits.memory):
            self._close()
        if self._pool is None:
            from pebble import ProcessPool

            self._limits = limits
            self._pool = ProcessPool(1, _PAGES_A_WORKER, confine, (limits.memory,), _QuietContext())
        return self._pool

    def stop(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None


_WORKER = _Worker()


def _too_complex(path: Path, reason: str) -> Refusal:
    return refusal(path, "too-complex", reason)
