"""Analysed documents as flat arrays of token numbers: written with numpy, read as memory maps, matched plainly."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.core.forking import cached_property
from index.analysis.proximity import fitting_slop, stands_near
from index.contracts.arrays import distinct, load, save
from index.contracts.engines import Ordinals

NOBODY = np.empty(0, np.int64)


@dataclass(frozen=True)
class Tokens:
    """The documents of one field of one table.

    Attributes:
        numbers: token numbers of all documents, end to end; of those beside another token, the complement (``~``).
        ends: where each document stops in ``numbers``.
        frequencies: how many documents hold each token, by token number.
        holders: the documents that hold each token, ascending, token after token.
        counts: how often each of these holds it, aligned with ``holders``.
    """

    numbers: NDArray[np.int32]
    ends: NDArray[np.int64]
    frequencies: NDArray[np.int32]
    holders: NDArray[np.int32]
    counts: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ends)

    @cached_property
    def _stops(self) -> NDArray[np.int64]:
        return np.cumsum(self.frequencies, dtype=np.int64)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Return how many tokens each document has."""
        return np.diff(self.ends, prepend=0)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Return how many tokens each document has that stand beside no other, which is what scores go by."""
        beside = self._documents(np.flatnonzero(self.numbers < 0))
        return self.sizes - np.bincount(beside, minlength=len(self))

    def posting(self, number: int) -> tuple[Ordinals, NDArray[np.int32]]:
        """Return the documents that hold a token, ascending, and how often each does."""
        stop = int(self._stops[number])
        span = slice(stop - int(self.frequencies[number]), stop)
        return self.holders[span].astype(np.int64), self.counts[span]

    def phrase(self, numbers: Sequence[int], slop: int) -> Ordinals:
        """Return the documents that hold the tokens in a row, or near each other, ascending."""
        allowed = fitting_slop(len(numbers), slop)
        if allowed:
            return self._near(numbers, allowed)
        starts = self._places(numbers[0])
        for offset, number in enumerate(numbers[1:], 1):
            starts = starts[starts + offset < len(self.numbers)]
            starts = starts[self.numbers[starts + offset] == number]
        first = self._documents(starts)
        return distinct(first[first == self._documents(starts + len(numbers) - 1)])

    def in_order(self, first: int, second: int) -> Ordinals:
        """Return the documents in which one token stands anywhere before another, ascending."""
        earlier, later = self._places(first), self._places(second)
        holding, starts = np.unique(self._documents(earlier), return_index=True)
        ends = self._documents(later)
        where = np.minimum(np.searchsorted(holding, ends), max(len(holding) - 1, 0))
        if not len(holding):
            return NOBODY
        return distinct(ends[(holding[where] == ends) & (earlier[starts[where]] < later)])

    def _places(self, number: int) -> NDArray[np.int64]:
        return np.flatnonzero(self.numbers == number)

    def _documents(self, places: NDArray[np.int64]) -> Ordinals:
        return np.searchsorted(self.ends, places, side="right").astype(np.int64)

    def _near(self, numbers: Sequence[int], slop: int) -> Ordinals:
        by_document = [self._by_document(number) for number in numbers]
        shared = set.intersection(*(set(each) for each in by_document))
        return np.array(
            sorted(document for document in shared if stands_near([each[document] for each in by_document], slop)),
            np.int64,
        )

    def _by_document(self, number: int) -> dict[int, list[int]]:
        places = self._places(number)
        by_document: dict[int, list[int]] = {}
        for document, place in zip(self._documents(places).tolist(), places.tolist(), strict=True):
            by_document.setdefault(document, []).append(place)
        return by_document


class TokensWriter:
    """Collects the documents of one field of one table."""

    def __init__(self) -> None:
        self._numbers = array("i")
        self._ends = array("q")

    def take_over(self, finished: Tokens, dead: Ordinals) -> None:
        """Begin with finished documents, before any ``add``; those that are ``dead`` hold no tokens."""
        sizes, left = finished.sizes, np.ones(len(finished), np.bool_)
        left[dead] = False
        self._numbers.frombytes(finished.numbers[np.repeat(left, sizes)].tobytes())
        self._ends.frombytes(np.cumsum(np.where(left, sizes, 0), dtype=np.int64).tobytes())

    def add(self, numbers: Sequence[int]) -> None:
        """Append a document."""
        self._numbers.extend(numbers)
        self._ends.append(len(self._numbers))

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays as ``name.*.npy``."""
        tokens = counted(np.array(self._numbers, np.int32), np.array(self._ends, np.int64))
        for part in fields(tokens):
            save(folder / f"{name}.{part.name}.npy", getattr(tokens, part.name))


def counted(numbers: NDArray[np.int32], ends: NDArray[np.int64]) -> Tokens:
    """Return documents, given as in ``Tokens``, with what is counted of them."""
    size = max(1, len(ends))
    of = np.repeat(np.arange(len(ends), dtype=np.int64), np.diff(ends, prepend=0))
    pairs, counts = np.unique(np.maximum(numbers, ~numbers) * np.int64(size) + of, return_counts=True)
    frequencies = np.bincount(pairs // size).astype(np.int32)
    return Tokens(numbers, ends, frequencies, (pairs % size).astype(np.int32), counts.astype(np.int32))


def load_tokens(folder: Path, name: str, vocabulary: int, *, beside: bool = False) -> Tokens:
    """Open what ``TokensWriter.save`` wrote.

    Args:
        folder: of the index.
        name: of the field and table.
        vocabulary: how many token numbers there are.
        beside: whether tokens may stand beside others.

    Raises:
        ValueError: an array is not what it should be; OSError: it cannot be read.
    """
    stored = {part.name: _mapped(folder / f"{name}.{part.name}.npy", part.name) for part in fields(Tokens)}
    numbers, ends, frequencies = stored["numbers"], stored["ends"], stored["frequencies"]
    least = -len(frequencies) if beside else 0
    if len(frequencies) > vocabulary or not _within(numbers, len(frequencies), least):
        raise ValueError(f"{name} names words that do not exist")
    if not _within(frequencies, len(ends) + 1) or not _within(stored["holders"], len(ends)):
        raise ValueError(f"{name} counts more documents than there are")
    if not len(stored["holders"]) == len(stored["counts"]) == int(frequencies.sum()) or (stored["counts"] < 1).any():
        raise ValueError(f"{name} counts documents that it does not name")
    if (int(ends[-1]) if len(ends) else 0) != len(numbers) or (len(ends) and (np.diff(ends, prepend=0) < 0).any()):
        raise ValueError(f"{name} is cut short")
    stored["frequencies"] = np.pad(frequencies, (0, vocabulary - len(frequencies)))
    return Tokens(**stored)


def _within(values: NDArray[Any], size: int, least: int = 0) -> bool:
    return not len(values) or least <= int(values.min()) <= int(values.max()) < size


def _mapped(path: Path, name: str) -> NDArray[Any]:
    values = load(path)
    if values.ndim != 1 or values.dtype != (np.int64 if name == "ends" else np.int32):
        raise ValueError(f"{path.name} holds something else")
    return np.asarray(values)
