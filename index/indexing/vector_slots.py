"""Naming the vector of each passage while the catalog is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from archive.core.article import Indexable
from index.contracts.engines import Ordinals
from index.embedding.model import Model
from index.indexing.catalog_pass import InputKeys
from index.vectors.segment import Keys
from index.vectors.store import VectorStore

_STEP: Final = 2_000


class Slots:
    """Finds the slot of each passage's vector, a few thousand at a time.

    Args:
        model: whose vectors they are.
        store: of the vectors.
        since: see ``write.Taker``.
        ready: told of the slots as they are found, in order, up to the first passage that has no vector.
    """

    def __init__(
        self, model: Model, store: VectorStore, since: int = 0, ready: Callable[[Ordinals], None] | None = None
    ) -> None:
        self.since = since
        self._keys, self._store, self._ready = InputKeys(model, since), store, ready
        self._found = [np.empty(0, np.int64)]
        self._looked_up = 0

    def add(self, item: Indexable) -> None:
        """Take an article."""
        self._keys.add(item)
        if len(self._keys) - self._looked_up >= _STEP:
            self._look_up()

    def found(self) -> tuple[Keys, Ordinals]:
        """Return the key of each passage's encoder input and the slot of its vector, -1 where there is none."""
        self._look_up()
        return self._keys.matrix(), np.concatenate(self._found)

    def _look_up(self) -> None:
        found = self._store.lookup(self._keys.matrix(self._looked_up))
        self._looked_up += len(found)
        self._found.append(found)
        if self._ready is not None:
            absent = np.flatnonzero(found < 0)
            self._ready(found[: absent[0]] if len(absent) else found)
            if len(absent):
                self._ready = None
