"""One segment of vectors on disk: raw rows, their keys, and a log that says which batches are whole.

``NNNNNN.f32`` holds float32 rows, ``NNNNNN.keys`` 32 bytes a row, ``NNNNNN.log`` a header and one record a batch. A
batch counts once its record is there, and the record is written only after rows and keys are durable; so whatever a
killed run left behind the last record is invisible. Records carry their own checksum and those of their rows and keys.

A segment that is open holds one descriptor, that of its mapped rows; a small one is read and holds none. Keys are read
when they are asked for: a question never asks for them.
"""

from __future__ import annotations

import mmap
import os
import struct
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from archive.core.errors import Action, Damaged, Remedy
from archive.core.system_limits import is_exhausted, tell_apart
from index.contracts.engines import Floats

KEY_BYTES: Final = 32  # of a sha256
CAPACITY: Final = 65_536  # rows: 100 MB of 384 floats; part of every slot, so it never changes
_SMALL: Final = 1_024  # rows that are read and not mapped: 1.6 MB of 384 floats; chosen, not measured
_MAGIC: Final = b"MORGUEV1"
_HEADER: Final = struct.Struct("<8sII")  # magic, dimension, crc32 of both
_RECORD: Final = struct.Struct("<QIIII")  # first row, rows, crc32 of vectors, of keys, of this record

_Kind = TypeVar("_Kind", bound=np.generic)
Keys = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that became durable together, with the checksums of their bytes."""

    start: int
    rows: int
    vectors_crc: int
    keys_crc: int

    @property
    def end(self) -> int:
        """Return the row after the last."""
        return self.start + self.rows

    def to_bytes(self) -> bytes:
        """Serialise with the record's own checksum."""
        body = _RECORD.pack(self.start, self.rows, self.vectors_crc, self.keys_crc, 0)[:-4]
        return body + struct.pack("<I", crc32(body))


@dataclass(frozen=True, slots=True)
class Names:
    """The three files of a segment."""

    folder: Path
    number: int

    @property
    def vectors(self) -> Path:
        """Return the path of the rows."""
        return self.folder / f"{self.number:06d}.f32"

    @property
    def keys(self) -> Path:
        """Return the path of the keys."""
        return self.folder / f"{self.number:06d}.keys"

    @property
    def log(self) -> Path:
        """Return the path of the log."""
        return self.folder / f"{self.number:06d}.log"

    @property
    def files(self) -> tuple[Path, Path, Path]:
        """Return the paths of all, the log first: without it nothing of a segment counts."""
        return self.log, self.vectors, self.keys


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as it was when it was read.

    Attributes:
        batches: that can be used, in order.
        vectors: memory-mapped or read, shape ``(rows, dimension)``, up to the end of the last batch.
        problems: what is wrong with it, in sentences.
        mapping: of the vectors, None when they were read.
        names: of its files.
    """

    number: int
    batches: tuple[Batch, ...]
    vectors: Floats
    problems: tuple[str, ...]
    mapping: mmap.mmap | None
    names: Names

    @property
    def rows(self) -> int:
        """Return how many rows there are, those of unusable batches included."""
        return len(self.vectors)

    @property
    def keys(self) -> Keys:
        """Return the keys, read from the disk at each call, shape ``(rows, 32)``.

        Raises:
            Damaged: the file has lost some.
            OSError: it cannot be read.
        """
        return _read(self.names.keys, (self.rows, KEY_BYTES), np.uint8)

    @property
    def bytes_on_disk(self) -> int:
        """Return how much room its files take, in bytes."""
        return sum(_size(path) for path in self.names.files)

    def usable(self) -> NDArray[np.bool_]:
        """Tell of each row whether a usable batch holds it."""
        mask = np.zeros(self.rows, np.bool_)
        for batch in self.batches:
            mask[batch.start : batch.end] = True
        return mask

    def forget(self) -> None:
        """Give back the memory in which vectors that were read lie; whatever is read next is mapped again."""
        if self.mapping is not None and hasattr(self.mapping, "madvise"):
            self.mapping.madvise(mmap.MADV_DONTNEED)

    def read(self, first: int, count: int) -> Floats:
        """Return vectors from row ``first`` on.

        They are read from the file even where they are mapped: a mapping of a disk that fails ends the process.

        Raises:
            Damaged: the file has lost some.
            OSError: it cannot be read.
        """
        if self.mapping is None:
            return self.vectors[first : first + count]
        return _read(self.names.vectors, (count, self.vectors.shape[1]), np.float32, first)

    def rows_at(self, rows: NDArray[np.int64]) -> Floats:
        """Return some of the vectors, read one by one past the mapping, which would bring and keep their neighbours.

        Where the file cannot be opened again, they are read through the mapping.

        Raises:
            Damaged: the file has lost them.
            OSError: the system refuses them.
        """
        if self.mapping is None or not hasattr(os, "pread"):
            return self.vectors[rows]
        size = self.vectors.strides[0]
        try:
            with self.names.vectors.open("rb", buffering=0) as file:
                raw = b"".join([os.pread(file.fileno(), size, row * size) for row in rows.tolist()])
            return np.frombuffer(raw, np.float32).reshape(len(rows), self.vectors.shape[1])
        except (OSError, ValueError) as error:
            if is_exhausted(error):
                return self.vectors[rows]
            what = f"Vectors cannot be read from {self.names.vectors}: {error}"
            tell_apart(error, Damaged(what, remedy=Remedy(Action.REBUILD)))


def header(dimension: int) -> bytes:
    """Return the beginning of a log."""
    return _HEADER.pack(_MAGIC, dimension, crc32(_MAGIC + struct.pack("<I", dimension)))


def describe(start: int, vectors: Floats, keys: Keys) -> Batch:
    """Describe rows that are about to be written."""
    return Batch(start, len(vectors), crc32(np.ascontiguousarray(vectors).data), crc32(np.ascontiguousarray(keys).data))


def read_segment(names: Names, dimension: int, *, verify: bool) -> Segment:
    """Open a segment: map its vectors, or read them where they are few.

    Args:
        names: its files.
        dimension: length of a vector.
        verify: compare every batch with its checksums and leave out those that differ.

    Raises:
        Damaged: it holds vectors of another length.
        OSError: a file cannot be read.
    """
    logged, problems = _logged(names.log, dimension)
    whole = [batch for batch in logged if _lies_within(batch, names, dimension)]
    problems += [_lost(names.vectors, batch, "are missing") for batch in logged if batch not in whole]
    rows = max((batch.end for batch in whole), default=0)
    vectors, mapping = _vectors(names.vectors, (rows, dimension))
    segment = Segment(names.number, tuple(whole), vectors, tuple(problems), mapping, names)
    return verified(segment) if verify else segment


def verified(segment: Segment) -> Segment:
    """Compare every batch of a segment with its checksums; return it without those that differ, which are told.

    Raises:
        Damaged: a file has lost its end.
        OSError: a file cannot be read.
    """
    good, problems, keys = [], list(segment.problems), segment.keys
    for batch in segment.batches:
        if describe(batch.start, segment.read(batch.start, batch.rows), keys[batch.start : batch.end]) == batch:
            good.append(batch)
        else:
            problems.append(_lost(segment.names.vectors, batch, "do not match their checksum"))
    return replace(segment, batches=tuple(good), problems=tuple(problems))


def _lost(path: Path, batch: Batch, what: str) -> str:
    return f"{path}: {batch.rows:,} vectors from row {batch.start:,} on {what}."


def _logged(log: Path, dimension: int) -> tuple[list[Batch], list[str]]:
    try:
        raw = log.read_bytes()
    except FileNotFoundError:
        return [], []
    if len(raw) < _HEADER.size or raw[: _HEADER.size] != header(dimension):
        return [], _bad_header(raw, log, dimension)
    batches: list[Batch] = []
    problems: list[str] = []
    records = [raw[offset : offset + _RECORD.size] for offset in range(_HEADER.size, len(raw), _RECORD.size)]
    for number, record in enumerate(records):
        if len(record) == _RECORD.size and struct.pack("<I", crc32(record[:-4])) == record[-4:]:
            batches.append(Batch(*_RECORD.unpack(record)[:-1]))
        elif number + 1 < len(records):  # the last one is merely what a killed run was writing
            problems.append(f"{log}: record {number + 1} does not match its checksum; its vectors are lost.")
    return batches, problems


def _bad_header(raw: bytes, log: Path, dimension: int) -> list[str]:
    if len(raw) >= _HEADER.size:
        magic, stored, crc = _HEADER.unpack(raw[: _HEADER.size])
        if magic == _MAGIC and crc == crc32(raw[:12]):
            raise Damaged(f"{log} is of vectors with {stored} numbers, not {dimension}.", remedy=Remedy(Action.REEMBED))
    if len(raw) > _HEADER.size:
        return [f"{log} does not begin as it should; the vectors of its segment are lost."]
    return []  # killed before its first batch


def _lies_within(batch: Batch, names: Names, dimension: int) -> bool:
    return (
        batch.end <= CAPACITY
        and _size(names.vectors) >= batch.end * dimension * 4
        and _size(names.keys) >= batch.end * KEY_BYTES
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _vectors(path: Path, shape: tuple[int, int]) -> tuple[Floats, mmap.mmap | None]:
    if shape[0] <= _SMALL:
        return _read(path, shape, np.float32), None
    count = shape[0] * shape[1]
    with path.open("rb") as file:
        mapping = mmap.mmap(file.fileno(), count * 4, access=mmap.ACCESS_READ)
    return np.frombuffer(mapping, np.float32, count).reshape(shape), mapping


def _read(path: Path, shape: tuple[int, int], kind: type[_Kind], first: int = 0) -> NDArray[_Kind]:
    """Read rows from ``first`` on; numpy's own reading would take a disk that fails for the end of the file."""
    rows = np.empty(shape, kind)
    if not rows.size:
        return rows
    left = rows.data.cast("B")
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(first * rows.strides[0])
            while left:
                if not (count := file.readinto(left)):
                    raise Damaged(f"{path} has lost its end.", remedy=Remedy(Action.REBUILD))
                left = left[count:]
    except OSError as error:
        error.filename = error.filename or str(path)  # reading does not say of which file
        raise
    return rows
