"""How a vector lies on the disk: as 16-bit whole numbers with a scale; as 32-bit floats in segments of earlier builds.

A number of 16 bits is wrong by half a step at most, ``max(|v|) / 65,534``, so a cosine with a unit vector by at most
``sqrt(dimension)`` times that (Cauchy and Schwarz): 5e-5 for a usual passage, whose largest of 384 numbers is .16.
Errors of either sign cancel, so that 7e-6 was the most of 300,000 cosines (``benchmarks/vector_forms.py``).

Scores are made of the stored row alone, each by itself, so that they do not depend on what is scored beside it.
"""

from __future__ import annotations

from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from index.contracts.engines import Floats

Rows = NDArray[Any]
"""Stored rows: as many records as vectors, of the form's ``dtype``."""
_MOST: Final = 32_767.0  # the largest of 16 bits with a sign
_PIECE: Final = 1_024  # rows that are made floats together: 1.6 MB, which the processor keeps at hand; chosen


class RowForm(Protocol):
    """One way to write rows.

    Attributes:
        suffix: of the file that holds them.
        magic: how the log of their segment begins, eight bytes.
    """

    suffix: str
    magic: bytes

    def dtype(self, dimension: int) -> np.dtype[Any]:
        """Return what one row is in memory and on the disk."""

    def encode(self, vectors: Floats) -> Rows:
        """Return the rows of vectors, shape ``(n, dimension)``."""

    def decode(self, rows: Rows) -> Floats:
        """Return the vectors of rows, shape ``(n, dimension)``."""

    def score(self, rows: Rows, query: Floats, scores: Floats) -> None:
        """Write the cosine of each row with a unit vector to ``scores``, shape ``(n,)``."""


class _Floats:
    """32-bit floats, as earlier builds wrote them."""

    suffix = "f32"
    magic = b"MORGUEV1"

    def dtype(self, dimension: int) -> np.dtype[Any]:
        return np.dtype([("floats", "<f4", (dimension,))])

    def encode(self, vectors: Floats) -> Rows:
        rows = np.empty(len(vectors), self.dtype(vectors.shape[1]))
        rows["floats"] = vectors
        return rows

    def decode(self, rows: Rows) -> Floats:
        return np.asarray(rows["floats"], np.float32)

    def score(self, rows: Rows, query: Floats, scores: Floats) -> None:
        np.vecdot(rows["floats"], query, out=scores)


class _Sixteen:
    """Whole numbers of 16 bits, and what they are multiplied by."""

    suffix = "i16"
    magic = b"MORGUEV2"

    def dtype(self, dimension: int) -> np.dtype[Any]:
        return np.dtype([("scale", "<f4"), ("numbers", "<i2", (dimension,))])

    def encode(self, vectors: Floats) -> Rows:
        rows = np.empty(len(vectors), self.dtype(vectors.shape[1]))
        scales = np.maximum(np.abs(vectors).max(axis=1), np.finfo(np.float32).tiny) / np.float32(_MOST)
        rows["scale"], rows["numbers"] = scales, np.rint(vectors / scales[:, None])
        return rows

    def decode(self, rows: Rows) -> Floats:
        return np.asarray(rows["numbers"].astype(np.float32) * rows["scale"][:, None], np.float32)

    def score(self, rows: Rows, query: Floats, scores: Floats) -> None:
        piece = np.empty((min(len(rows), _PIECE), len(query)), np.float32)
        for start in range(0, len(rows), _PIECE):
            some, out = rows[start : start + _PIECE], scores[start : start + _PIECE]
            np.copyto(piece[: len(some)], some["numbers"])
            np.vecdot(piece[: len(some)], query, out=out)
            out *= some["scale"]


FLOATS: Final[RowForm] = _Floats()
WRITTEN: Final[RowForm] = _Sixteen()
FORMS: Final = (WRITTEN, FLOATS)
"""All that are read; new segments are ``WRITTEN`` in the first."""
