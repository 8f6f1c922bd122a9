"""Reading and preparing ahead, in worker processes: while one article is written down, the next are made ready.

Small runs are done before a process has started, so a run begins alone. Whatever a worker cannot do is done again as if
there were none: it decides nothing.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from archive.core.article import Draft, Refusal
from archive.ingest.prepare import Preparation, prepared
from archive.readers import READERS, Limits, Reader, named_for, read, read_here
from archive.readers.workers import START_SECONDS, Workers, allow

# Seconds before a process is started: starting one costs about that much. Chosen, not measured.
_ALONE: Final = 2.0
# Drafts given to a process together. Chosen, not measured.
_BATCH: Final = 32
# Processes: one writer keeps no more of them busy. Chosen, not measured.
_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class _Begun:
    """A file that is being read, as it was when that began, and what reading it may take."""

    size: int
    mtime_ns: int
    limits: Limits
    outcome: Any


class Prefetcher:
    """Reads files as ``readers.read`` does, those to come in worker processes.

    Args:
        preparation: how drafts become articles.
        limits: of the readers.
        jobs: how many processes; 1 for none beside this one.
        readers: of the formats that can be read.
    """

    def __init__(
        self, preparation: Preparation, limits: Limits, jobs: int, readers: Sequence[Reader] = READERS
    ) -> None:
        self._preparation = preparation
        self._limits = limits
        self._readers = tuple(readers)
        self._jobs = min(jobs, _MOST)
        self._workers: dict[int, Workers] = {}  # by the memory that each of their processes may take
        self._began = perf_counter()
        self._begun: dict[Path, _Begun] = {}

    def files(self, walked: Iterable[Path | Refusal], wanted: Callable[[Path], bool]) -> Iterator[Path | Refusal]:
        """Yield what a walk gives, a little later; begin to read what is wanted of it as soon as it comes."""
        waiting = deque[Path | Refusal]()
        for item in walked:
            waiting.append(item)
            if self._is_long and isinstance(item, Path) and (reader := self._ahead_of(item)) and wanted(item):
                self._begin(item, reader)
            if not self._begun or len(waiting) > 4 * self._jobs:
                yield from self._turn(waiting)
        while waiting:
            yield from self._turn(waiting)

    def read(self, file: Path) -> Iterator[Draft | Refusal]:
        """Yield what a file holds, as ``readers.read`` does; drafts may be prepared."""
        begun = self._begun.pop(file, None)
        done = None if begun is None else self._done(file, begun)
        yield from read(file, self._limits, self._readers) if done is None else done

    def prepare(self, drafts: Iterable[Draft]) -> Iterator[Draft]:
        """Yield drafts, prepared or not, in their order; those to come are being prepared meanwhile."""
        waiting, drafts = deque[tuple[list[Draft], Any]](), iter(drafts)
        while batch := list(islice(drafts, _BATCH if self._is_long else 1)):
            if len(batch) == 1 and not waiting:
                yield from batch
                continue
            task = (batch, self._limits, self._preparation)
            waiting.append((batch, self._schedule(_prepared, task, self._limits)))
            if len(waiting) > 2 * self._jobs:
                yield from self._finished(*waiting.popleft())
        for each in waiting:
            yield from self._finished(*each)

    def close(self) -> None:
        """End the processes."""
        self._begun.clear()
        for workers in self._workers.values():
            workers.stop()

    def _turn(self, waiting: deque[Path | Refusal]) -> Iterator[Path | Refusal]:
        yield (item := waiting.popleft())
        if isinstance(item, Path):
            self._begun.pop(item, None)  # it had moved, or holds what it held

    @property
    def _is_long(self) -> bool:
        return self._jobs > 1 and perf_counter() - self._began > _ALONE

    def has_reader(self, file: Path) -> bool:
        """Tell whether any reader takes files of such a name."""
        return named_for(file, self._readers) is not None

    def _ahead_of(self, file: Path) -> Reader | None:
        """Return the reader of a file to read ahead; None for one of many records, which are prepared ahead instead."""
        reader = named_for(file, self._readers)
        return None if reader is None or reader.many else reader

    def _begin(self, file: Path, reader: Reader) -> None:
        try:
            status = file.stat()
        except OSError:
            return  # its turn will tell
        limits = reader.limited(self._limits)
        outcome = self._schedule(_read, (file, limits, self._preparation, self._readers), limits)
        self._begun[file] = _Begun(status.st_size, status.st_mtime_ns, limits, outcome)

    def _schedule(self, task: Callable[..., Any], arguments: tuple[Any, ...], limits: Limits) -> Any:  # noqa: ANN401
        """Begin a task; return None, from then on always, where no process can be started."""
        try:
            workers = self._workers.setdefault(limits.memory, Workers(self._jobs))
            return workers.schedule(task, arguments, limits.seconds, limits.memory)
        except (OSError, RuntimeError, ImportError):
            self._jobs = 1
            return None

    def _result(self, outcome: Any, limits: Limits) -> Any:  # noqa: ANN401
        """Return what a task gave, None whatever went wrong with it: it is done again without workers, which tells."""
        try:
            return None if outcome is None else outcome.result(timeout=limits.seconds + START_SECONDS)
        except Exception:
            return None

    def _finished(self, batch: list[Draft], outcome: Any) -> list[Draft]:  # noqa: ANN401
        return self._result(outcome, self._limits) or batch

    def _done(self, file: Path, begun: _Begun) -> list[Draft | Refusal] | None:
        """Return what a worker read, None when it failed or the file has changed meanwhile."""
        items: list[Draft | Refusal] | None = self._result(begun.outcome, begun.limits)
        try:
            status = os.stat(file)  # noqa: PTH116
        except OSError:
            return None
        return items if (status.st_size, status.st_mtime_ns) == (begun.size, begun.mtime_ns) else None


def _read(file: Path, limits: Limits, preparation: Preparation, readers: Sequence[Reader]) -> list[Draft | Refusal]:
    allow(limits.seconds)
    items = read_here(file, limits, readers)
    return [item if isinstance(item, Refusal) else prepared(item, preparation) for item in items]


def _prepared(drafts: list[Draft], limits: Limits, preparation: Preparation) -> list[Draft]:
    allow(limits.seconds)
    return [prepared(draft, preparation) for draft in drafts]
