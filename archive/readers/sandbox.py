"""Reading a file in a process of its own, which may take only so much time and memory.

Each reader that asks for it has one such process, started with the first file. What it reads comes back in batches:
a file of many records is never held as a whole, and each batch may take the time that one page may.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from archive.core.article import Draft, Refusal
from archive.core.forking import Lock
from archive.readers.common import Limits, refusal
from archive.readers.reader import Read, Reader
from archive.readers.workers import Ended, NeverReady, Workers, allow

# A batch ends with either: enough that passing it on costs little beside reading it, and little enough to hold twice.
_BATCH_ITEMS: Final = 32
_BATCH_CHARACTERS: Final = 1_000_000

_KILLED: Final = -9
_OUT_OF_TIME: Final = -24  # SIGXCPU of Linux and macOS

_lock: Final = Lock()
_workers: Final[dict[tuple[Reader, int], Workers]] = {}


def read(reader: Reader, path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield what a reader finds in a file; where it fails, a refusal that says how, and the file ends there."""
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

    What was killed from without is to be tried again, and is refused as unreadable.

    Args:
        error: that a process gave.
        path: of the file.
        limits: that held.
        record: within the file.
        waits: whether what was done may wait for something; if not, the clock ran out because the machine was busy.
    """
    if isinstance(error, TimeoutError) and not waits:
        what = f"It got less than {limits.seconds:g} seconds of the processor in thrice the time, and was not read."
        return refusal(path, "unreadable", what, record)
    if isinstance(error, TimeoutError) or (isinstance(error, Ended) and error.code == _OUT_OF_TIME):
        return refusal(path, "too-complex", f"It took longer than {limits.seconds:g} seconds to read.", record)
    if isinstance(error, Ended) and error.code == _KILLED:
        return refusal(path, "unreadable", "The process that was reading it was killed, twice.", record)
    if isinstance(error, Ended):
        return refusal(path, "too-complex", "Reading it took more time or memory than a file may take.", record)
    if isinstance(error, MemoryError | RecursionError):
        return refusal(path, "too-complex", "It is nested too deeply, or reading it takes too much memory.", record)
    if isinstance(error, NeverReady | CancelledError):
        return refusal(path, "unreadable", "No process that reads it could be started.", record)
    return None


def refused_by_parser(error: Exception, path: Path) -> Refusal:
    """Return the refusal of a file that made its parser raise, which is told and never the end of a run."""
    return refusal(path, "too-complex", f"What it holds is beyond the parser ({type(error).__name__}).")


def _next_batch(reader: Reader, path: Path, limits: Limits, done: int) -> _Batch | Refusal:
    try:
        return _from_worker(reader, path, limits, done)
    except Exception as error:
        return refused(error, path, limits) or refused_by_parser(error, path)


def _from_worker(reader: Reader, path: Path, limits: Limits, done: int) -> _Batch:
    workers = _workers_of(reader, limits.memory)
    future = workers.schedule(_batch, (reader.read, path, limits, done), limits.seconds)
    try:
        batch: _Batch = future.result()
    finally:
        if not future.done():
            workers.stop()  # an interrupted caller must not leave the worker busy
    return batch


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


def _open_at(read: Read, path: Path, limits: Limits, done: int) -> _Opened:
    """Return the file as the last batch left it; a process that has taken the place of another begins anew."""
    global _opened
    if _opened is None or (_opened.read, _opened.path, _opened.done) != (read, path, done) or not done:
        _opened = _Opened(read, path, islice(read(path, limits), done, None), done)
    return _opened
