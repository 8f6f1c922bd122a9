"""One segment of vectors on disk: rows, their keys, and a log that says which batches are whole.

``NNNNNN.i16`` holds the rows (``row_forms``), ``NNNNNN.keys`` 32 bytes a row, ``NNNNNN.log`` a header, which says of
what form the rows are, and one record a batch. A batch counts once its record is there, and the record is written only
after rows and keys are durable; so whatever a killed run left behind the last record is invisible. Records carry their
own checksum and those of their rows and keys.

A segment that is open holds one descriptor, that of its mapped rows; a small one is read and holds none. Keys are read
when they are asked for: a question never asks for them.
"""

from __future__ import annotations

import mmap
import os
import struct
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from archive.core.errors import Action, Damaged, Remedy
from archive.core.system_limits import is_exhausted, tell_apart
from index.contracts.engines import Floats
from index.vectors.row_forms import FORMS, WRITTEN, RowForm, Rows

KEY_BYTES: Final = 32  # of a sha256
CAPACITY: Final = 65_536  # rows: 51 MB of 384 numbers; part of every slot, so it never changes
_SMALL: Final = 1_024  # rows that are read and not mapped: .8 MB of 384 numbers; chosen, not measured
_HEADER: Final = struct.Struct("<8sII")  # magic, dimension, crc32 of both
_RECORD: Final = struct.Struct("<QIIII")  # first row, rows, crc32 of vectors, of keys, of this record

Keys = NDArray[np.uint8]
_KEY: Final = np.dtype([("bytes", np.uint8, (KEY_BYTES,))])


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
    """The files of a segment: log, rows and keys."""

    folder: Path
    number: int

    def rows(self, form: RowForm) -> Path:
        """Return the path of the rows of a form."""
        return self.folder / f"{self.number:06d}.{form.suffix}"

    @property
    def keys(self) -> Path:
        """Return the path of the keys."""
        return self.folder / f"{self.number:06d}.keys"

    @property
    def log(self) -> Path:
        """Return the path of the log."""
        return self.folder / f"{self.number:06d}.log"

    @property
    def files(self) -> tuple[Path, ...]:
        """Return the paths of all there may be, the log first: without it nothing of a segment counts."""
        rows = (path for form in FORMS if (path := self.rows(form)).exists())
        return self.log, *rows, self.keys


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as it was when it was read.

    Attributes:
        batches: that can be used, in order.
        stored: the rows up to the end of the last batch as they lie on the disk, memory-mapped or read.
        problems: what is wrong with it, in sentences.
        mapping: of the rows, None when they were read.
        names: of its files.
        form: of the rows.
    """

    number: int
    batches: tuple[Batch, ...]
    stored: Rows
    problems: tuple[str, ...]
    mapping: mmap.mmap | None
    names: Names
    form: RowForm

    @property
    def rows(self) -> int:
        """Return how many rows there are, those of unusable batches included."""
        return len(self.stored)

    @property
    def path(self) -> Path:
        """Return the file of the rows."""
        return self.names.rows(self.form)

    @property
    def keys(self) -> Keys:
        """Return the keys, read from the disk at each call, shape ``(rows, 32)``.

        Raises:
            Damaged: the file has lost some.
            OSError: it cannot be read.
        """
        return _read(self.names.keys, self.rows, _KEY)["bytes"]

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

    def vectors(self, rows: NDArray[np.int64] | None = None) -> Floats:
        """Return the vectors of some rows, by default of all, shape ``(len(rows), dimension)``."""
        return self.form.decode(self.stored if rows is None else self.stored[rows])

    def score(self, query: Floats, scores: Floats) -> None:
        """Write the cosine of every row with a unit vector to ``scores``."""
        self.form.score(self.stored, query, scores)

    def read(self, first: int, count: int) -> Rows:
        """Return stored rows from row ``first`` on.

        They are read from the file even where they are mapped: a mapping of a disk that fails ends the process.

        Raises:
            Damaged: the file has lost some.
            OSError: it cannot be read.
        """
        if self.mapping is None:
            return self.stored[first : first + count]
        return _read(self.path, count, self.stored.dtype, first)

    def rows_at(self, rows: NDArray[np.int64]) -> Rows:
        """Return some stored rows, read one by one past the mapping, which would bring and keep their neighbours.

        Where the file cannot be opened again, they are read through the mapping.

        Raises:
            Damaged: the file has lost them.
            OSError: the system refuses them.
        """
        if self.mapping is None or not hasattr(os, "pread"):
            return self.stored[rows]
        size = self.stored.dtype.itemsize
        try:
            with self.path.open("rb", buffering=0) as file:
                raw = b"".join([os.pread(file.fileno(), size, row * size) for row in rows.tolist()])
            return np.frombuffer(raw, self.stored.dtype, len(rows))
        except (OSError, ValueError) as error:
            if is_exhausted(error):
                return self.stored[rows]
            what = f"Vectors cannot be read from {self.path}: {error}"
            tell_apart(error, Damaged(what, remedy=Remedy(Action.REBUILD)))


def header(form: RowForm, dimension: int) -> bytes:
    """Return the beginning of a log."""
    return _HEADER.pack(form.magic, dimension, crc32(form.magic + struct.pack("<I", dimension)))


def describe(start: int, rows: Rows, keys: Keys) -> Batch:
    """Describe rows that are about to be written."""
    return Batch(start, len(rows), crc32(raw(rows)), crc32(raw(keys)))


def raw(rows: Rows | Keys) -> memoryview:
    """Return the bytes of rows as they are written."""
    return np.ascontiguousarray(rows).view(np.uint8).data if len(rows) else memoryview(b"")


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
    form, logged, problems = _logged(names.log, dimension)
    path, kind = names.rows(form), form.dtype(dimension)
    room = min(_size(path) // kind.itemsize, _size(names.keys) // KEY_BYTES, CAPACITY)
    whole = [batch for batch in logged if batch.end <= room]
    problems += [_lost(path, batch, "are missing") for batch in logged if batch not in whole]
    stored, mapping = _stored(path, max((batch.end for batch in whole), default=0), kind)
    segment = Segment(names.number, tuple(whole), stored, tuple(problems), mapping, names, form)
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
            problems.append(_lost(segment.path, batch, "do not match their checksum"))
    return replace(segment, batches=tuple(good), problems=tuple(problems))


def _lost(path: Path, batch: Batch, what: str) -> str:
    return f"{path}: {batch.rows:,} vectors from row {batch.start:,} on {what}."


def _logged(log: Path, dimension: int) -> tuple[RowForm, list[Batch], list[str]]:
    """Return of what form the rows are, which batches there are, and what is wrong with the log."""
    try:
        held = log.read_bytes()
    except FileNotFoundError:
        return WRITTEN, [], []
    form = next((one for one in FORMS if held[: _HEADER.size] == header(one, dimension)), None)
    if form is None:
        return WRITTEN, [], _bad_header(held, log, dimension)
    batches: list[Batch] = []
    problems: list[str] = []
    records = [held[offset : offset + _RECORD.size] for offset in range(_HEADER.size, len(held), _RECORD.size)]
    for number, record in enumerate(records):
        if len(record) == _RECORD.size and struct.pack("<I", crc32(record[:-4])) == record[-4:]:
            batches.append(Batch(*_RECORD.unpack(record)[:-1]))
        elif number + 1 < len(records):  # the last one is merely what a killed run was writing
            problems.append(f"{log}: record {number + 1} does not match its checksum; its vectors are lost.")
    return form, batches, problems


def _bad_header(held: bytes, log: Path, dimension: int) -> list[str]:
    if len(held) >= _HEADER.size:
        magic, stored, crc = _HEADER.unpack(held[: _HEADER.size])
        if magic in [form.magic for form in FORMS] and crc == crc32(held[:12]):
            raise Damaged(f"{log} is of vectors with {stored} numbers, not {dimension}.", remedy=Remedy(Action.REEMBED))
    if len(held) > _HEADER.size:
        return [f"{log} does not begin as it should; the vectors of its segment are lost."]
    return []  # killed before its first batch


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _stored(path: Path, count: int, kind: np.dtype[Any]) -> tuple[Rows, mmap.mmap | None]:
    if count <= _SMALL:
        return _read(path, count, kind), None
    with path.open("rb") as file:
        mapping = mmap.mmap(file.fileno(), count * kind.itemsize, access=mmap.ACCESS_READ)
    return np.frombuffer(mapping, kind, count), mapping


def _read(path: Path, count: int, kind: np.dtype[Any], first: int = 0) -> Rows:
    """Read rows from ``first`` on; numpy's own reading would take a disk that fails for the end of the file."""
    rows = np.empty(count, kind)
    if not count:
        return rows
    left = raw(rows)
    try:
        with path.open("rb", buffering=0) as file:
            file.seek(first * kind.itemsize)
            while left:
                if not (count := file.readinto(left)):
                    raise Damaged(f"{path} has lost its end.", remedy=Remedy(Action.REBUILD))
                left = left[count:]
    except OSError as error:
        error.filename = error.filename or str(path)  # reading does not say of which file
        raise
    return rows
