"""Chroma as a proposer of candidates; the only module that imports it.

What is known of Chroma 1.5 and shapes this: it overwrites files in place without syncing, checks nothing it reads, and
changes a folder by opening it. So an index is built once in a throw-away folder, never written to again, opened only as
a private copy, and only when this user made it. Its answers are candidates: whoever asks scores them exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np

from archive.core.errors import Action, ArchiveError, Damaged, Remedy
from archive.folder.files import make_private_dir, sync_tree
from index.ann.private_copy import PrivateCopy
from index.ann.trust import is_trusted
from index.contracts.engines import Floats, Ordinals, Scored

_COLLECTION: Final = "passages"
BATCH: Final = 5_000  # Chroma takes 5,461 at most
EF_SEARCH: Final = 200
_HNSW: Final = {"space": "cosine", "sync_threshold": 1000, "ef_search": EF_SEARCH}
_MOST: Final = 10_000


class Untrusted(ArchiveError):
    """The Chroma folder was not made here and is not opened."""

    code = "untrusted"


def build(folder: Path, vectors: Iterable[Floats]) -> int:
    """Index unit vectors in an empty folder that nothing else uses, and make it durable.

    Args:
        folder: made if it does not exist.
        vectors: matrices of shape ``(n, dimension)``; ordinals count their rows from 0.

    Returns:
        How many were indexed.
    """
    make_private_dir(folder)
    client = _client(folder)
    try:
        collection = client.create_collection(_COLLECTION, configuration={"hnsw": _HNSW}, embedding_function=None)
        done = 0
        for batch in _batches(vectors):
            collection.add(ids=[str(number) for number in range(done, done + len(batch))], embeddings=batch)
            done += len(batch)
    finally:
        client.close()
    sync_tree(folder)
    return done


def load() -> None:
    """Load the package, which takes a second, before it is needed."""
    import chromadb  # noqa: F401


class ChromaIndex:
    """Nearest neighbours of one generation, approximately. Safe to share between threads.

    Args:
        folder: of the finished index; it is copied and stays as it is.
        ef: how wide it searches (HNSW's ``ef_search``).

    Raises:
        Untrusted: it was not made here.
        Damaged: it cannot be opened.
        OSError: it cannot be copied.
    """

    def __init__(self, folder: Path, ef: int = EF_SEARCH) -> None:
        self._copy = PrivateCopy(folder)
        try:
            if not is_trusted(self._copy.digest):
                raise Untrusted(f"The Chroma index in {folder} was not made here.", remedy=Remedy(Action.REBUILD))
            self._opened = Opened(self._copy.folder, ef)
        except BaseException:
            self._copy.close()
            raise

    def __len__(self) -> int:
        """Return how many passages it holds."""
        return len(self._opened)

    def nearest(self, query: Floats, limit: int) -> Scored:
        """Return passages near to the unit vector ``query``, best first by Chroma's own figures.

        Raises:
            Damaged: Chroma failed.
        """
        return self._opened.nearest(query, limit)

    def close(self) -> None:
        """Close the index and remove the private copy."""
        self._opened.close()
        self._copy.close()


class Opened:
    """A Chroma folder that is open, in place: for private copies alone.

    Args:
        folder: of the copy; how wide it searches is written there and stays so.
        ef: how wide it searches.
    """

    def __init__(self, folder: Path, ef: int = EF_SEARCH) -> None:
        self._folder = folder
        self._client = _client(folder)
        try:
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            if ef != EF_SEARCH:  # which is read when a collection is opened, not later
                self._collection.modify(configuration={"hnsw": {"ef_search": ef}})
                self._client.close()
                self._client = _client(folder)
                self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            self._size = int(self._collection.count())
        except BaseException as error:
            self._client.close()
            _raise(error, folder)

    def __len__(self) -> int:
        return self._size

    def nearest(self, query: Floats, limit: int) -> Scored:
        """Return candidates, best first; equal figures in ascending order of ordinals."""
        limit = min(limit, self._size, _MOST)
        if limit <= 0:
            return Scored(np.empty(0, np.int64), np.empty(0, np.float32))
        try:
            found = self._collection.query(query_embeddings=[query], n_results=limit, include=["distances"])
        except BaseException as error:
            _raise(error, self._folder)
        ordinals = np.array(found["ids"][0], dtype=np.int64)
        scores = 1 - np.array(found["distances"][0], np.float32)
        order = np.lexsort((ordinals, -scores))
        return Scored(ordinals[order], scores[order])

    def vectors(self, ordinals: Ordinals) -> Floats:
        """Read vectors back, shape ``(len(ordinals), dimension)``.

        Raises:
            Damaged: one is not there.
        """
        ids = [str(ordinal) for ordinal in ordinals.tolist()]
        try:
            found = self._collection.get(ids=ids, include=["embeddings"])
        except BaseException as error:
            _raise(error, self._folder)
        row = {name: at for at, name in enumerate(found["ids"])}
        if len(row) != len(ids) or row.keys() != set(ids):
            raise Damaged(f"Chroma lacks {len(set(ids) - row.keys()):,} of {len(ids):,} passages.")
        return np.asarray(found["embeddings"], np.float32)[[row[name] for name in ids]]

    def close(self) -> None:
        """Close it."""
        self._client.close()


def _raise(error: BaseException, folder: Path) -> NoReturn:
    # Chroma's panics derive from BaseException; only what the user or the interpreter asked for passes as it is
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
        raise error
    raise Damaged(f"The Chroma index in {folder} failed: {error}", remedy=Remedy(Action.REBUILD)) from error


def _client(folder: Path) -> Any:  # noqa: ANN401 - chromadb is imported lazily
    import chromadb
    from chromadb.config import Settings

    try:
        return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
    except BaseException as error:
        _raise(error, folder)


def _batches(vectors: Iterable[Floats]) -> Iterator[Floats]:
    for matrix in vectors:
        for start in range(0, len(matrix), BATCH):
            yield matrix[start : start + BATCH]
