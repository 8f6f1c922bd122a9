"""Candidates by meaning from a generation's Chroma index, for as long as it can be used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from archive.core.errors import ArchiveError, Damaged
from archive.core.forking import Lock, process
from archive.core.system_limits import in_words
from index.contracts.engines import Floats, Ordinals, Scored, VectorIndex
from index.vectors.sharing import PassagesByVector

_SPARE: Final = 20
"""Vectors that are asked for beyond those that are wanted: Chroma's figures differ from exact ones in the sixth digit,
and what that sets one place too low should not be missed. Chosen, not measured."""


class Expanded:
    """An index of vectors, each of which is there once, asked for passages, of which many may share a vector.

    Args:
        index: by slot.
        passages: that have the vectors.
    """

    def __init__(self, index: VectorIndex, passages: PassagesByVector) -> None:
        self._index, self._passages = index, passages

    def nearest(self, query: Floats, limit: int) -> Scored:
        """Return every passage that has one of the nearest vectors, best first by the index's own figures."""
        return self._passages.expanded(self._index.nearest(query, limit + _SPARE))

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()


class Proposals:
    """Proposes while an index is open and has not failed; one that failed is not asked or opened again.

    Safe to share between threads.

    Args:
        folder: of the finished index, None where there is none that may be used.
        slots: returns the slot of each passage the index knows of, by ordinal.
        width: how wide it searches (HNSW's ``ef_search``), None for Chroma's usual.

    Attributes:
        failures: in sentences, for whoever asks.
    """

    def __init__(self, folder: Path | None, slots: Callable[[], Ordinals], width: int | None = None) -> None:
        self._folder = folder
        self._slots = slots
        self._width = width
        self._index: VectorIndex | None = None
        self._retired: VectorIndex | None = None
        self._changing = Lock()
        self._process = process()
        self._closed = False
        self.failures: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether there is somebody to propose; a forked process has none of Chroma's threads, and nobody."""
        return self._index is not None and not self._is_forked

    def open(self) -> None:
        """Open a private copy of the index, if there is one and it is neither open nor closed; takes a second."""
        from index.ann.chroma import EF_SEARCH, ChromaIndex

        with self._changing:
            if self._folder is None or self._closed or self.is_open or self.failures or self._is_forked:
                return
            try:
                passages = PassagesByVector(self._slots())
                self._index = Expanded(ChromaIndex(self._folder, self._width or EF_SEARCH), passages)
            except (ArchiveError, OSError, ValueError, MemoryError) as error:
                self._fail(error)

    def nearest(self, query: Floats, limit: int) -> Scored | None:
        """Return passages near to the unit vector ``query``, best first; None when nobody proposes."""
        index = self._index
        if index is None or self._is_forked:
            return None
        try:
            return index.nearest(query, limit)
        except (Damaged, OSError, MemoryError) as error:
            with self._changing:
                if self._index is index:
                    # it is closed at the end: other threads may be asking it
                    self._index, self._retired = None, index
                    self._fail(error)
            return None

    def close(self) -> None:
        """Let go of the index for good."""
        with self._changing:
            self._closed = True
            for index in () if self._is_forked else (self._index, self._retired):
                if index is not None:
                    index.close()
            self._index = self._retired = None

    @property
    def _is_forked(self) -> bool:
        return self._process != process()

    def _fail(self, error: Exception) -> None:
        self.failures = (*self.failures, f"Chroma is not used ({in_words(error)}); meaning is scored without it.")
