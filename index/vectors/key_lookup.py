"""Finding 32-byte keys among millions: a sorted view of their first eight bytes, whole keys compared in the end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.contracts.engines import Ordinals
from index.vectors.segment import Keys


class SortedKeys:
    """Keys with their slots, ready to be looked up.

    Args:
        keys: shape ``(n, 32)``.
        slots: shape ``(n,)``, ascending.
    """

    def __init__(self, keys: Keys, slots: Ordinals) -> None:
        heads = _heads(keys)
        # of equal keys the last slot comes first: it was made again because the one before was damaged
        order = len(heads) - 1 - np.argsort(heads[::-1], kind="stable")
        self._heads = heads[order]
        self._keys = keys[order]
        self._slots = slots[order]

    def find(self, keys: Keys) -> Ordinals:
        """Return the slot of each key, -1 where it is absent."""
        slots = np.full(len(keys), -1, np.int64)
        heads = _heads(keys)
        positions = np.searchsorted(self._heads, heads)
        open_ones = np.arange(len(keys))
        while len(open_ones):
            open_ones = open_ones[positions[open_ones] < len(self._heads)]
            open_ones = open_ones[self._heads[positions[open_ones]] == heads[open_ones]]
            same = (self._keys[positions[open_ones]] == keys[open_ones]).all(axis=1)
            slots[open_ones[same]] = self._slots[positions[open_ones[same]]]
            open_ones = open_ones[~same]  # another key with the same head: look at the next one
            positions[open_ones] += 1
        return slots


def distinct(keys: Keys) -> Keys:
    """Return each key once, in the order they first come in."""
    if not len(keys):
        return keys
    _, first = np.unique(np.ascontiguousarray(keys).view("V32").ravel(), return_index=True)
    return keys[np.sort(first)]


def _heads(keys: Keys) -> NDArray[np.uint64]:
    return np.ascontiguousarray(keys[:, :8]).view(np.uint64).ravel()
