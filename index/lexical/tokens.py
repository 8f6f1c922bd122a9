"""Analysed documents as flat arrays of token numbers: written with numpy, read as memory maps, matched plainly."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import load, save
from index.lexical.near import fitting_slop, stands_near
from index.ranking import Ordinals

NOBODY = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The documents of one field of one table.

    Attributes:
        numbers: token numbers of all documents, end to end.
        ends: where each document stops in ``numbers``.
        frequencies: how many documents hold each token, by token number.
    """

    numbers: NDArray[np.int32]
    ends: NDArray[np.int64]
    frequencies: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Return how many tokens each document has."""
        return np.diff(self.ends, prepend=0)

    def document(self, ordinal: int) -> NDArray[np.int32]:
        """Return the token numbers of one document, in order."""
        return self.numbers[int(self.ends[ordinal - 1]) if ordinal else 0 : int(self.ends[ordinal])]

    def holding(self, number: int) -> Ordinals:
        """Return the documents that hold a token, ascending."""
        return np.unique(self._documents(self._places(number))) if self.frequencies[number] else NOBODY

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
        return np.unique(first[first == self._documents(starts + len(numbers) - 1)])

    def _places(self, number: int) -> NDArray[np.int64]:
        return np.flatnonzero(self.numbers == number)

    def _documents(self, places: NDArray[np.int64]) -> Ordinals:
        return np.searchsorted(self.ends, places, side="right").astype(np.int64)

    def _near(self, numbers: Sequence[int], slop: int) -> Ordinals:
        held = [self._by_document(number) for number in numbers]
        shared = set.intersection(*(set(each) for each in held))
        return np.array(sorted(at for at in shared if stands_near([each[at] for each in held], slop)), np.int64)

    def _by_document(self, number: int) -> dict[int, list[int]]:
        places = self._places(number)
        held: dict[int, list[int]] = {}
        for document, at in zip(self._documents(places).tolist(), places.tolist(), strict=True):
            held.setdefault(document, []).append(at)
        return held


class TokensWriter:
    """Collects the documents of one field of one table."""

    def __init__(self) -> None:
        self._numbers = array("i")
        self._ends = array("q")
        self._frequencies = array("i")

    def add(self, numbers: Sequence[int]) -> None:
        """Append a document."""
        self._numbers.extend(numbers)
        self._ends.append(len(self._numbers))
        distinct = set(numbers)
        if distinct:
            self._frequencies.extend([0] * (max(distinct) + 1 - len(self._frequencies)))
        for number in distinct:
            self._frequencies[number] += 1

    def save(self, folder: Path, name: str) -> None:
        """Write the arrays as ``name.*.npy``."""
        save(folder / f"{name}.numbers.npy", np.array(self._numbers, np.int32))
        save(folder / f"{name}.ends.npy", np.array(self._ends, np.int64))
        save(folder / f"{name}.frequencies.npy", np.array(self._frequencies, np.int32))


def load_tokens(folder: Path, name: str, vocabulary: int) -> Tokens:
    """Open what ``TokensWriter.save`` wrote.

    Args:
        folder: of the index.
        name: of the field and table.
        vocabulary: how many token numbers there are.

    Raises:
        ValueError: an array is not what it should be; OSError: it cannot be read.
    """
    numbers = _mapped(folder / f"{name}.numbers.npy", np.int32)
    ends = _mapped(folder / f"{name}.ends.npy", np.int64)
    frequencies = np.zeros(vocabulary, np.int32)
    stored = _mapped(folder / f"{name}.frequencies.npy", np.int32)
    if len(stored) > vocabulary or (len(numbers) and not 0 <= int(numbers.min()) <= int(numbers.max()) < len(stored)):
        raise ValueError(f"{name} names words that do not exist")
    if len(stored) and not 0 <= int(stored.min()) <= int(stored.max()) <= len(ends):
        raise ValueError(f"{name} counts more documents than there are")
    frequencies[: len(stored)] = stored
    if (int(ends[-1]) if len(ends) else 0) != len(numbers) or (len(ends) and (np.diff(ends, prepend=0) < 0).any()):
        raise ValueError(f"{name} is cut short")
    return Tokens(numbers, ends, frequencies)


def _mapped(path: Path, dtype: type[np.generic]) -> NDArray[Any]:
    held = load(path)
    if held.ndim != 1 or held.dtype != dtype:
        raise ValueError(f"{path.name} holds something else")
    return np.asarray(held)
