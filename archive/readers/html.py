"""The reader of HTML: pages are parsed in a worker process that may take only so much time and memory."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

from archive.core.article import Draft, Refusal
from archive.readers.common import Limits, refusal
from archive.readers.html_worker import page, parser
from archive.readers.sandbox import START_SECONDS, Workers

_WORKERS = Workers(warm=parser)


def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield the one draft of a page, or the refusal of it."""
    yield _read(path, limits)


def release() -> None:
    """Stop the worker process; the next page starts another."""
    _WORKERS.stop()


def _read(path: Path, limits: Limits) -> Draft | Refusal:
    from concurrent.futures.process import BrokenProcessPool

    from pebble import ProcessExpired

    try:
        return _apart(path, limits)
    except TimeoutError:
        return _too_complex(path, f"It took longer than {limits.seconds:g} seconds to read.")
    except (ProcessExpired, CancelledError):
        return _too_complex(path, "Reading it took more time or memory than a page may have.")
    except (MemoryError, RecursionError):
        return _too_complex(path, "It is nested too deeply, or reading it takes too much memory.")
    except (BrokenProcessPool, ImportError) as error:
        release()
        return refusal(path, "unreadable", f"The reader of HTML could not start ({error}).")
    except Exception as error:  # whatever a hostile page makes a parser raise is told, never the end of a run
        return _too_complex(path, f"Its markup is beyond the parser ({type(error).__name__}).")


def _apart(path: Path, limits: Limits) -> Draft | Refusal:
    future = _WORKERS.schedule(page, (path, limits), limits.seconds, limits.memory)
    try:
        result: Draft | Refusal = future.result(timeout=limits.seconds + START_SECONDS)
    except BaseException:
        future.cancel()  # an interrupted caller must not leave the worker busy
        raise
    return result


def _too_complex(path: Path, reason: str) -> Refusal:
    return refusal(path, "too-complex", reason)
