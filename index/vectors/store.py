"""Our own vectors: segments that never change, found by the hash of what was encoded.

A *slot* numbers a row for good: ``(segment number - 1) * 65,536 + row``. Whatever is added, lost or damaged later, a
slot means the same row. ``compaction`` copies small segments into larger ones, whose rows then have new slots.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import numpy as np
from numpy.typing import NDArray

from archive.core.errors import Action, ArchiveError, Damaged, Remedy
from archive.folder.files import append, create, make_private_dir, remove, sync_file, sync_folder
from index.contracts.arrays import distinct as distinct_values
from index.contracts.engines import Floats, Ordinals
from index.vectors.key_lookup import SortedKeys, distinct
from index.vectors.row_forms import WRITTEN, Rows
from index.vectors.segment import CAPACITY, KEY_BYTES, Keys, Names, Segment, describe, header, raw, read_segment

_NAME: Final = re.compile(r"(\d{6})\.(?:f32|i16|keys|log)")
_UNIT: Final = 1e-3  # how far a length may be from 1: rounding is some 1e-7, a wrong vector far off; chosen


def first_slot(number: int) -> int:
    """Return the slot of the first row of a segment."""
    return (number - 1) * CAPACITY


def segments_of(slots: Ordinals) -> NDArray[np.int64]:
    """Return the number of the segment that holds each slot."""
    return slots // CAPACITY + 1


def segments_named(slots: Ordinals) -> tuple[int, ...]:
    """Return the numbers of the segments that slots name, ascending."""
    return tuple(distinct_values(segments_of(slots)).tolist())


class VectorStore:
    """The vectors of one model and epoch; one process at a time appends, any number read.

    A reader sees what was durable when it opened. Rows added by a run go to segments of that run alone.

    Args:
        folder: of the epoch; made at the first append.
        dimension: length of a vector.
        segments: as read.
    """

    def __init__(self, folder: Path, dimension: int, segments: Sequence[Segment] = ()) -> None:
        self.folder = folder
        self.dimension = dimension
        self._segments = {segment.number: segment for segment in segments}
        self._appender: _Appender | None = None
        self._sorted: SortedKeys | None = None

    @classmethod
    def open(
        cls, folder: Path, dimension: int, *, verify: bool = False, numbers: Collection[int] | None = None
    ) -> Self:
        """Open the segments of an epoch; a folder that does not exist holds none.

        Args:
            folder: of the epoch.
            dimension: length of a vector.
            verify: read every byte and take batches that differ from their checksum as absent, so that a rebuild
                makes them again.
            numbers: of the segments to open, None for all there are.

        Raises:
            Damaged: the vectors are of another length.
            OSError: a file cannot be read.
        """
        return cls(folder, dimension, _read_all(folder, dimension, verify, numbers))

    def __len__(self) -> int:
        """Return how many vectors can be used."""
        return sum(batch.rows for segment in self._segments.values() for batch in segment.batches)

    @property
    def row_bytes(self) -> int:
        """Return how many bytes a vector takes on the disk, with its key."""
        return WRITTEN.dtype(self.dimension).itemsize + KEY_BYTES

    def append(self, keys: Keys, vectors: Floats) -> Ordinals:
        """Add vectors; they are durable when this returns. Return their slots.

        Args:
            keys: shape ``(n, 32)``.
            vectors: unit vectors, shape ``(n, dimension)``.

        Raises:
            ArchiveError: something in ``vectors`` is no unit vector.
            OSError: the disk is full or failing; what was appended before stays.
        """
        keys = np.ascontiguousarray(keys, np.uint8)
        vectors = np.ascontiguousarray(vectors, np.float32)
        self._check(keys, vectors)
        return self.append_stored(keys, WRITTEN.encode(vectors))

    def append_stored(self, keys: Keys, rows: Rows) -> Ordinals:
        """Add rows in the form in which they are written, as another segment has them; see ``append``."""
        slots, written = np.empty(len(rows), np.int64), 0
        while written < len(rows):
            appender = self._writable()
            step = min(len(rows) - written, CAPACITY - appender.rows)
            slots[written : written + step] = np.arange(step) + first_slot(appender.names.number) + appender.rows
            try:
                appender.append(keys[written : written + step], rows[written : written + step])
            except BaseException:
                self.finish_segment()
                raise
            written += step
        return slots

    def lookup(self, keys: Keys) -> Ordinals:
        """Return the slot of each key, -1 where it is absent; of several vectors the newest."""
        self._refresh()
        if self._sorted is None:
            self._sorted = SortedKeys(*self._all_keys())
        return self._sorted.find(np.ascontiguousarray(keys, np.uint8))

    def missing(self, keys: Keys) -> Keys:
        """Return the keys without a vector, each once, in the order they first come in."""
        return distinct(np.ascontiguousarray(keys, np.uint8)[self.lookup(keys) < 0])

    def segments(self) -> tuple[Segment, ...]:
        """Return the segments, in order; row ``r`` of one has slot ``(number - 1) * 65,536 + r``."""
        self._refresh()
        return tuple(self._segments[number] for number in sorted(self._segments))

    def gather(self, slots: Ordinals) -> Floats:
        """Return the vectors in the given slots, shape ``(len(slots), dimension)``.

        Raises:
            Damaged: a slot holds no vector.
        """
        vectors = np.empty((len(slots), self.dimension), np.float32)
        for segment, here, rows in self._found(slots):
            vectors[here] = segment.vectors(rows)
        return vectors

    def keys_of(self, slots: Ordinals) -> Keys:
        """Return the keys in the given slots, shape ``(len(slots), 32)``.

        Raises:
            Damaged: a slot holds no vector.
        """
        keys = np.empty((len(slots), KEY_BYTES), np.uint8)
        for segment, here, rows in self._found(slots):
            keys[here] = segment.keys[rows]
        return keys

    def finish_segment(self) -> None:
        """Finish the segment that is being written; what is appended next goes to another one."""
        if self._appender is not None:
            self._refresh()
            self._appender.close()
            self._appender = None

    @property
    def newest(self) -> int:
        """Return the number of the newest segment of which there is any file, 0 without one."""
        numbers = (int(match[1]) for path in _files(self.folder) if (match := _NAME.fullmatch(path.name)))
        return max(numbers, default=0)

    def discard_after(self, number: int) -> None:
        """Remove the newer segments, which this run has begun and nothing names; what cannot be removed stays."""
        appender, self._appender, self._sorted = self._appender, None, None
        with suppress(OSError):  # what could not be written before cannot be now
            if appender is not None:
                appender.close()
        for newer in range(number + 1, self.newest + 1):
            self._segments.pop(newer, None)
            with suppress(OSError):
                for path in Names(self.folder, newer).files:
                    remove(path)

    def close(self) -> None:
        """Finish the segment being written and let go of the files."""
        self.finish_segment()
        self._segments = {}
        self._sorted = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _found(self, slots: Ordinals) -> Iterator[tuple[Segment, Ordinals, Ordinals]]:
        """Yield each segment that slots name, with their places among these and the rows they mean.

        Raises:
            Damaged: there is no such row.
        """
        self._refresh()
        numbers, rows = slots // CAPACITY + 1, slots % CAPACITY
        for number in distinct_values(numbers):
            here = np.flatnonzero(numbers == number)
            segment = self._segments.get(int(number))
            if segment is None or rows[here].max() >= segment.rows:
                raise Damaged(f"{self.folder} lacks vectors of segment {number:06d}.", remedy=Remedy(Action.REBUILD))
            yield segment, here, rows[here]

    def _check(self, keys: Keys, vectors: Floats) -> None:
        if keys.shape != (len(vectors), KEY_BYTES) or vectors.shape[1:] != (self.dimension,):
            raise ValueError(f"keys {keys.shape} and vectors {vectors.shape} do not fit dimension {self.dimension}")
        lengths = np.linalg.norm(vectors, axis=1)
        if not (np.abs(lengths - 1) < _UNIT).all():  # also catches NaN
            raise ArchiveError("The model gave a vector that has no direction; nothing of its batch was stored.")

    def _writable(self) -> _Appender:
        if self._appender is not None and self._appender.rows >= CAPACITY:
            self.finish_segment()
        if self._appender is None:
            self._appender = _Appender(Names(self.folder, self.newest + 1), self.dimension)
        return self._appender

    def _refresh(self) -> None:
        """See what this run has appended."""
        appender = self._appender
        if appender is None:
            return
        segment = self._segments.get(appender.names.number)
        if appender.rows and (segment is None or segment.rows < appender.rows):
            self._segments[appender.names.number] = read_segment(appender.names, self.dimension, verify=False)
            self._sorted = None

    def _all_keys(self) -> tuple[Keys, Ordinals]:
        keys, slots = [np.empty((0, KEY_BYTES), np.uint8)], [np.empty(0, np.int64)]
        for segment in self.segments():
            usable = segment.usable()
            rows = np.flatnonzero(usable)
            keys.append(segment.keys if usable.all() else segment.keys[rows])
            slots.append(rows + first_slot(segment.number))
        return np.concatenate(keys), np.concatenate(slots)


class _Appender:
    """Writes one new segment."""

    def __init__(self, names: Names, dimension: int) -> None:
        self.names = names
        self.rows = 0
        _make_folder(names.folder)
        with create(names.log) as log:
            log.write(header(WRITTEN, dimension))
        self._rows: BinaryIO = create(names.rows(WRITTEN))
        self._keys: BinaryIO = create(names.keys)
        sync_folder(names.folder)

    def append(self, keys: Keys, rows: Rows) -> None:
        record = describe(self.rows, rows, keys).to_bytes()
        for handle, some, path in ((self._rows, rows, self.names.rows(WRITTEN)), (self._keys, keys, self.names.keys)):
            handle.write(raw(some))
            handle.flush()
            sync_file(path)
        append(self.names.log, record)
        self.rows += len(rows)

    def close(self) -> None:
        try:
            self._rows.close()
        finally:
            self._keys.close()


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        make_private_dir(folder)
        for above in (folder.parent, folder.parent.parent):
            sync_folder(above)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _read_all(folder: Path, dimension: int, verify: bool, wanted: Collection[int] | None) -> list[Segment]:
    numbers = {int(match[1]) for path in _files(folder) if (match := _NAME.fullmatch(path.name))}
    segments = []
    for number in sorted(numbers if wanted is None else numbers.intersection(wanted)):
        with suppress(FileNotFoundError):  # merged into another one meanwhile, and gone
            segments.append(read_segment(Names(folder, number), dimension, verify=verify))
    return segments
