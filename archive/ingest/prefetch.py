"""Reading and preparing ahead, in worker processes: while one article is written down, the next are made ready.

Small runs are done before a process has started, so a run begins alone. Only large texts are always prepared in a
worker: what a small one may cost is bounded by its size, that of a large one by the limits of the worker. What does not
keep to them is refused, never done again without them; where no worker can be had, small texts are read here.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from archive.core.article import Draft, Prepared, Refusal
from archive.ingest.prepare import Preparation, load, prepare, prepared
from archive.readers import READERS, Limits, Reader, named_for, read, read_here
from archive.readers.sandbox import ended_by_itself, refused, refused_by_parser
from archive.readers.workers import NeverReady, NotSendable, Workers, allow

# Seconds before a process is started: starting one costs about that much. Chosen, not measured.
_ALONE: Final = 2.0
# Drafts given to a process together. Chosen, not measured.
_BATCH: Final = 32
# Characters of drafts given together, which may take the time of one, and beyond which a draft is always prepared by a
# worker. Chosen: whatever its characters, so much takes a second and 20 MB.
_LARGE: Final = 200_000
# Seconds of the clock for each of the processor, on a machine that is busy with much else. What only computes may take
# them; a parser of others may wait for something, and has the same of both. Chosen, not measured.
_BUSY: Final = 3
# Processes: one writer keeps no more of them busy. Chosen, not measured.
_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class _Begun:
    """A file that is being read, as it was when that began, and what reading it may take."""

    size: int
    mtime_ns: int
    limits: Limits
    outcome: Future[list[Draft | Refusal]]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Drafts that are being prepared."""

    drafts: list[Draft]
    outcome: Future[list[Prepared]]


class Prefetcher:
    """Reads files as ``readers.read`` does, those to come in worker processes.

    Args:
        preparation: how drafts become articles.
        limits: of the readers.
        jobs: how many processes; with 1 nothing is read ahead, and one prepares large texts.
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

    def prepare(self, file: Path, drafts: Iterable[Draft]) -> Iterator[Draft | Refusal]:
        """Yield the drafts of a file, prepared or not, in their order; those to come are being prepared meanwhile.

        Instead of one that did not keep to the limits comes its refusal.
        """
        waiting = deque[_Batch]()
        for drafts_together in self._batches(drafts):
            if not waiting and not self._asks_for_worker(drafts_together):
                yield from drafts_together
                continue
            waiting.append(self._begun_batch(drafts_together))
            if len(waiting) > 2 * self._jobs:
                yield from self._finished(file, waiting.popleft())
        for batch in waiting:
            yield from self._finished(file, batch)

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

    def _batches(self, drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
        together, size = list[Draft](), 0
        for draft in drafts:
            if together and size + len(draft.text) > _LARGE:
                yield together
                together, size = [], 0
            together.append(draft)
            size += len(draft.text)
            if len(together) == (_BATCH if self._is_long else 1):
                yield together
                together, size = [], 0
        if together:
            yield together

    def _asks_for_worker(self, drafts: Sequence[Draft]) -> bool:
        return len(drafts) > 1 or (drafts[0].prepared is None and not _is_small(drafts[0]))

    def _begun_batch(self, drafts: list[Draft]) -> _Batch:
        task = (drafts, self._limits, self._preparation)
        return _Batch(drafts, self._schedule(_prepared, task, self._limits, self._limits.seconds * _BUSY))

    def _begin(self, file: Path, reader: Reader) -> None:
        try:
            status = file.stat()
        except OSError:
            return  # its turn will tell
        limits = reader.limited(self._limits)
        task = (file, limits, self._preparation, self._readers)
        outcome = self._schedule(_read, task, limits, limits.seconds * (1 if reader.sandboxed else _BUSY))
        self._begun[file] = _Begun(status.st_size, status.st_mtime_ns, limits, outcome)

    def _schedule(
        self, task: Callable[..., Any], arguments: tuple[Any, ...], limits: Limits, seconds: float
    ) -> Future[Any]:
        """Begin a task; where no process can be started, from then on nothing is read ahead."""
        try:
            workers = self._workers.setdefault(limits.memory, Workers(self._jobs, limits.memory, load))
            return workers.schedule(task, arguments, seconds)
        except (OSError, ImportError) as error:
            never = NeverReady(str(error))
            never.__cause__ = error
            return self._without_workers(never)

    def _without_workers(self, error: NeverReady) -> Future[Any]:
        self._jobs = 1
        failed: Future[Any] = Future()
        failed.set_exception(error)
        return failed

    def _finished(self, file: Path, batch: _Batch) -> Iterator[Draft | Refusal]:
        """Yield what became of drafts; of several that failed together each is tried alone."""
        try:
            done: list[Prepared] = batch.outcome.result()
        except Exception as error:
            yield from self._failed(file, batch.drafts, error)
        else:
            for draft, ready in zip(batch.drafts, done, strict=True):
                yield replace(draft, prepared=ready)

    def _failed(self, file: Path, drafts: list[Draft], error: Exception) -> Iterator[Draft | Refusal]:
        if isinstance(error, NeverReady):
            self._jobs = 1
        for draft in drafts:
            why = None if _is_small(draft) and isinstance(error, NeverReady) else self._why(error, file, draft)
            if why is None:
                yield draft  # the rule cannot travel, or nobody can be asked: it is prepared here
            elif len(drafts) == 1:
                yield why
            else:
                yield from self._finished(file, self._begun_batch([draft]))

    def _why(self, error: Exception, file: Path, draft: Draft) -> Refusal | None:
        """Return the refusal of a draft that did not keep to the limits, or ended its process."""
        why = refused(error, file, self._limits, draft.record, waits=False)
        return why or ended_by_itself(error, file, draft.record)

    def _done(self, file: Path, begun: _Begun) -> list[Draft | Refusal] | None:
        """Return what a worker read, None when nobody could be asked or the file has changed: then it is read here."""
        try:
            items: list[Draft | Refusal] | None = begun.outcome.result()
        except Exception as error:
            items = self._refused(file, begun, error)
        try:
            status = os.stat(file)  # noqa: PTH116
        except OSError:
            return None
        return items if (status.st_size, status.st_mtime_ns) == (begun.size, begun.mtime_ns) else None

    def _refused(self, file: Path, begun: _Begun, error: Exception) -> list[Draft | Refusal] | None:
        if isinstance(error, NeverReady):
            self._jobs = 1
        reader = named_for(file, self._readers)
        is_sandboxed = reader is not None and reader.sandboxed
        is_late = is_sandboxed and isinstance(error, TimeoutError)  # it was prepared in that time, too, beside others
        if is_late or isinstance(error, NeverReady | NotSendable):
            return None
        why = refused(error, file, begun.limits, waits=False)
        if why is None and reader is not None and is_sandboxed:
            why = refused_by_parser(error, file, reader, begun.limits)
        why = why or ended_by_itself(error, file)
        return None if why is None else [why]


def _is_small(draft: Draft) -> bool:
    return len(draft.text) <= _LARGE


def _read(file: Path, limits: Limits, preparation: Preparation, readers: Sequence[Reader]) -> list[Draft | Refusal]:
    allow(limits.seconds)
    items = list(read_here(file, limits, readers))
    if len(items) > 1:
        return items  # many articles are prepared in batches, each with a time of its own
    allow(limits.seconds)  # read alone, it would have as much for either
    return [item if isinstance(item, Refusal) else prepared(item, preparation) for item in items]


def _prepared(drafts: list[Draft], limits: Limits, preparation: Preparation) -> list[Prepared]:
    allow(limits.seconds)
    return [draft.prepared or prepare(draft, preparation) for draft in drafts]
