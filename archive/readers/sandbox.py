"""Reading a file in a process of its own, which may take only so much time and memory.

Each reader that asks for it has one such process, started with the first file. What it reads comes back in batches:
a file of many records is never held as a whole, and each batch may take the time that one page may.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, Final

from archive.core.article import Draft, Refusal
from archive.core.errors import Action, ArchiveError, Remedy
from archive.core.system_limits import raise_exhaustion
from archive.readers.common import Limits, refusal
from archive.readers.reader import Read, Reader
from archive.readers.workers import START_SECONDS, Workers, allow

# A batch ends with either: enough that passing it on costs little beside reading it, and little enough to hold twice.
_BATCH_ITEMS: Final = 32
_BATCH_CHARACTERS: Final = 1_000_000

_lock: Final = Lock()
_workers: Final[dict[Reader, Workers]] = {}


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


def _next_batch(reader: Reader, path: Path, limits: Limits, done: int) -> _Batch | Refusal:
    from concurrent.futures.process import BrokenProcessPool

    from pebble import ProcessExpired

    try:
        task = (reader.read, path, limits, done)
        batch: _Batch = _from_worker(reader, _batch, task, limits)
        return batch
    except TimeoutError:
        return refusal(path, "too-complex", f"It took longer than {limits.seconds:g} seconds to read.")
    except ProcessExpired as error:
        if error.exitcode > 0:  # no signal; it may be that no such process can be at all
            _check(reader, limits)
        return _ended(path, limits, error.exitcode)
    except CancelledError:
        return refusal(path, "unreadable", "Reading it was broken off.")
    except RecursionError:
        return refusal(path, "too-complex", "It is nested too deeply.")
    except MemoryError:
        return refusal(
            path, "too-complex", f"Reading it takes more than {limits.memory / (1 << 30):.3g} GiB of memory."
        )
    except BrokenProcessPool as error:
        release()
        return refusal(path, "unreadable", f"The reader of the format {reader.name} could not start ({error}).")
    except Exception as error:  # whatever a hostile file makes a parser raise is told, never the end of a run
        raise_exhaustion(error)
        _check(reader, limits)
        return refusal(path, "too-complex", f"What it holds is beyond the parser ({type(error).__name__}).")


def _ended(path: Path, limits: Limits, code: int) -> Refusal:
    """Say what ended the process that read a file; ``code`` is that of its end, a signal where it is below 0."""
    if code == -signal.SIGXCPU:
        return refusal(path, "too-complex", f"It took more than {limits.seconds:g} seconds of processor time to read.")
    if code == -signal.SIGKILL:
        what = "The process that read it was killed from outside, as a system does that runs out of memory."
        return refusal(path, "unreadable", what)
    how = signal.Signals(-code).name if -code in set(signal.Signals) else f"exit code {code}"
    return refusal(path, "too-complex", f"Its parser crashed ({how}).")


def _check(reader: Reader, limits: Limits) -> None:
    """Let a reader read what it always can; where a file made it raise, that tells whose fault it is.

    Raises:
        ArchiveError: it cannot, so that it is not the file that is wrong, but what is installed here.
    """
    from pebble import ProcessExpired

    if reader.check is None:
        return
    try:
        _from_worker(reader, _checked, (reader.check, limits), limits)
    except (TimeoutError, MemoryError, CancelledError):
        return  # nothing is proved by these
    except Exception as error:
        if isinstance(error, ProcessExpired) and error.exitcode < 0:
            return  # nor by a signal
        what = f"The reader of the format {reader.name} cannot read anything here: {type(error).__name__}: {error}."
        raise ArchiveError(f"{what} What is installed does not fit together.", remedy=Remedy(Action.UPGRADE)) from error


def _from_worker(reader: Reader, task: Callable[..., Any], arguments: tuple[Any, ...], limits: Limits) -> Any:  # noqa: ANN401
    """Return what a task gives in the reader's process; raises whatever it raises."""
    future = _workers_of(reader).schedule(task, arguments, limits.seconds, limits.memory)
    try:
        return future.result(timeout=limits.seconds + START_SECONDS)
    except BaseException:
        future.cancel()  # an interrupted caller must not leave the worker busy
        raise


def _workers_of(reader: Reader) -> Workers:
    with _lock:
        return _workers.setdefault(reader, Workers(warm=reader.load))


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
