"""Reading a file in a process of its own, which may take only so much time and memory.

Each reader that asks for it has one such process, started with the first file. What it reads comes back in batches:
a file of many records is never held as a whole, and each batch may take the time that one page may.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from errno import EAGAIN, ENOMEM
from itertools import islice
from pathlib import Path
from typing import Any, Final

from archive.core.article import Draft, Refusal
from archive.core.errors import Action, ArchiveError, Remedy
from archive.core.forking import Lock
from archive.core.system_limits import limit_of, raise_exhaustion
from archive.readers.common import Limits, refusal
from archive.readers.reader import Read, Reader
from archive.readers.workers import Ended, NeverReady, Workers, allow

# A batch ends with either: enough that passing it on costs little beside reading it, and little enough to hold twice.
_BATCH_ITEMS: Final = 32
_BATCH_CHARACTERS: Final = 1_000_000
# Errors that tell of limits of the system; what others say may be what the file says.
_TELLING: Final = (ImportError, OSError, RuntimeError)

_lock: Final = Lock()
_workers: Final[dict[tuple[Reader, int], Workers]] = {}


def read(reader: Reader, path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield what a reader finds in a file; where it fails, a refusal that says how, and the file ends there.

    Raises:
        ArchiveError: the reader cannot read any file, as it is installed here.
    """
    done = 0
    while True:
        batch = _next_batch(reader, path, limits, done)
        if isinstance(batch, Refusal):
            yield batch
            return
        yield from batch.items
        if batch.is_last:
            return
        done += len(batch.items)


def release() -> None:
    """End the processes; the next file starts another."""
    with _lock:
        for workers in _workers.values():
            workers.stop()
        _workers.clear()


@dataclass(frozen=True, slots=True)
class _Batch:
    """What comes next in a file, and whether it is all that comes."""

    items: tuple[Draft | Refusal, ...]
    is_last: bool


@dataclass(slots=True)
class _Opened:
    """A file that a worker process has begun to read, and how many of its items it has passed on."""

    read: Read
    path: Path
    items: Iterator[Draft | Refusal]
    done: int


def refused(
    error: Exception, path: Path, limits: Limits, record: str | None = None, *, waits: bool = True
) -> Refusal | None:
    """Return the refusal of what could not be read within its limits, None where the error tells of something else.

    What was killed from outside is to be tried again, and is refused as unreadable.

    Args:
        error: that a process gave.
        path: of the file.
        limits: that held.
        record: within the file.
        waits: whether what was done may wait for something; if not, the clock ran out because the machine was busy.

    Raises:
        OSError, MemoryError: no process can be started, because the system has no more files, memory or threads.
    """
    code, what = "too-complex", ""
    if isinstance(error, TimeoutError) and not waits:
        what = f"It got less than {limits.seconds:g} seconds of the processor in thrice the time, and was not read."
        code = "unreadable"
    elif isinstance(error, TimeoutError):
        what = f"It took longer than {limits.seconds:g} seconds to read."
    elif isinstance(error, RecursionError):
        what = "It is nested too deeply."
    elif isinstance(error, MemoryError) or _lacking(error) == ENOMEM:
        what = f"Reading it takes more than {limits.memory / (1 << 30):.3g} GiB of memory."
    elif _lacking(error) == EAGAIN:
        code, what = "unreadable", "The process that reads it could get no more threads or memory."
    elif isinstance(error, NeverReady):
        _raise_cause(error)
        code, what = "unreadable", "No process that reads it could be started."
    elif isinstance(error, CancelledError):
        code, what = "unreadable", "Reading it was broken off."
    elif isinstance(error, Ended) and not error.is_own:
        code, what = _ended(limits, error.signal)
    return refusal(path, code, what, record) if what else None


def refused_by_parser(error: Exception, path: Path, reader: Reader, limits: Limits) -> Refusal:
    """Return the refusal of a file that made its parser raise, or end its process, which is never the end of a run.

    Raises:
        ArchiveError: the reader cannot read any file, as it is installed here.
        OSError, MemoryError: the system has no more files to give, or no process can be started.
    """
    if isinstance(error, _TELLING):
        raise_exhaustion(error)
    _check(reader, limits)
    what = f"What it holds is beyond the parser ({type(error).__name__})."
    return ended_by_itself(error, path) or refusal(path, "too-complex", what)


def ended_by_itself(error: Exception, path: Path, record: str | None = None) -> Refusal | None:
    """Return the refusal of what let its process end without a signal, None where something else has happened."""
    if not isinstance(error, Ended):
        return None
    return refusal(path, "too-complex", f"Its parser crashed (exit code {error.code}).", record)


def _lacking(error: Exception) -> int | None:
    """Return ENOMEM where a process met its own limit of memory in other words, EAGAIN where it may be the machine's.

    A thread is refused for want of memory, or because the machine has no more. Files are not bounded for a process:
    where there are no more of them the machine has none.
    """
    limit = limit_of(error) if isinstance(error, _TELLING) else None
    return limit.errno if isinstance(limit, OSError) and limit.errno in (ENOMEM, EAGAIN) else None


def _raise_cause(error: NeverReady) -> None:
    """Raise what the system has no more of, where that is why no process could be started."""
    if error.__cause__ is not None:
        raise_exhaustion(error.__cause__)


def _ended(limits: Limits, number: int) -> tuple[str, str]:
    """Say what ended a process that read a file, by the number of the signal: the code of a refusal, and its reason."""
    if number == signal.SIGXCPU:
        return "too-complex", f"It took more than {limits.seconds:g} seconds of processor time to read."
    if number == signal.SIGKILL:
        what = "The process that read it was killed from outside, twice, as a system does that runs out of memory."
        return "unreadable", what
    how = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
    return "too-complex", f"Its parser crashed ({how})."


def _next_batch(reader: Reader, path: Path, limits: Limits, done: int) -> _Batch | Refusal:
    try:
        batch: _Batch = _from_worker(reader, _batch, (reader.read, path, limits, done), limits)
        return batch
    except Exception as error:
        return refused(error, path, limits) or refused_by_parser(error, path, reader, limits)


def _check(reader: Reader, limits: Limits) -> None:
    """Let a reader read what it always can; where a file made it raise, that tells whose fault it is.

    Raises:
        ArchiveError: it cannot, so that it is not the file that is wrong, but what is installed here.
        OSError, MemoryError: the system has no more files to give, or no process can be started.
    """
    if reader.check is None:
        return
    try:
        _from_worker(reader, _checked, (reader.check, limits), limits)
    except NeverReady as error:
        _raise_cause(error)
    except (TimeoutError, MemoryError, CancelledError):
        return  # nothing is proved by these
    except Exception as error:
        if _lacking(error) or (isinstance(error, Ended) and not error.is_own):
            return  # nor by a signal
        if isinstance(error, _TELLING):
            raise_exhaustion(error)
        what = f"The reader of the format {reader.name} cannot read anything here: {type(error).__name__}: {error}."
        raise ArchiveError(
            f"{what} What is installed does not fit together.", remedy=Remedy(Action.DIAGNOSE)
        ) from error


def _from_worker(reader: Reader, task: Callable[..., Any], arguments: tuple[Any, ...], limits: Limits) -> Any:  # noqa: ANN401
    """Return what a task gives in the reader's process; raises whatever it raises."""
    workers = _workers_of(reader, limits.memory)
    future = workers.schedule(task, arguments, limits.seconds)
    try:
        return future.result()
    finally:
        if not future.done():
            workers.stop()  # an interrupted caller must not leave the worker busy


def _workers_of(reader: Reader, memory: int) -> Workers:
    with _lock:
        return _workers.setdefault((reader, memory), Workers(1, memory, reader.load))


def _forked() -> None:
    """Forget the processes of the process that this one was forked from; no thread here knows of them."""
    _workers.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


# What follows runs in the worker process.

_opened: _Opened | None = None


def _batch(read: Read, path: Path, limits: Limits, done: int) -> _Batch:
    """Read on in a file; raises whatever the parser raises, and may be killed for its processor time."""
    allow(limits.seconds)
    items, characters = list[Draft | Refusal](), 0
    opened = _open_at(read, path, limits, done)
    for item in opened.items:
        items.append(item)
        characters += len(item.text) if isinstance(item, Draft) else 0
        if len(items) == _BATCH_ITEMS or characters >= _BATCH_CHARACTERS:
            opened.done += len(items)
            return _Batch(tuple(items), is_last=False)
    return _Batch(tuple(items), is_last=True)


def _checked(check: Callable[[], object], limits: Limits) -> None:
    allow(limits.seconds)
    check()


def _open_at(read: Read, path: Path, limits: Limits, done: int) -> _Opened:
    """Return the file as the last batch left it; a process that has taken the place of another begins anew."""
    global _opened
    if _opened is None or (_opened.read, _opened.path, _opened.done) != (read, path, done) or not done:
        _opened = _Opened(read, path, islice(read(path, limits), done, None), done)
    return _opened
