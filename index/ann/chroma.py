"""Chroma as a proposer of candidates; the only module that imports it.

What is known of Chroma 1.5 and shapes this: it overwrites files in place without syncing, checks nothing it reads, and
changes a folder by opening it. Of many equal vectors its graph makes an island from which it does not find back. So an
index holds each vector once, is built once in a throw-away folder, never written to again, opened only as a private
copy, and only when this user made it. Its answers are candidates: whoever asks scores them exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

import numpy as np

from archive.core.errors import Action, ArchiveError, Damaged, Remedy
from archive.core.system_limits import raise_limit
from archive.folder.files import make_private_dir, sync_tree
from index.ann.private_copy import PrivateCopy
from index.ann.trust import is_trusted
from index.contracts.engines import Floats, Ordinals, Scored

EF_SEARCH: Final = 200  # twice the hundred candidates that are asked for; wider where it was measured to miss some
_COLLECTION: Final = "vectors"
# Records after which Chroma writes its graph, which it does after a whole batch at the earliest: so one costs no time
# (20,000 vectors: 12.0 s, and 13.2 with its own 1,000). What stays unwritten is put in anew at each opening, and comes
# out otherwise (1.5.9), so that what was measured would not hold.
_SYNC: Final = 1
_MOST: Final = 10_000  # candidates of one question; beyond, sorting them costs more than scoring everything

Metadata: TypeAlias = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Records:
    """Some records of a collection, aligned.

    Attributes:
        ids: each once in a collection.
        vectors: unit vectors, shape ``(len(ids), dimension)``.
        documents: the text of each; none at all keeps vectors alone.
        metadata: what is known of each, likewise.
    """

    ids: tuple[str, ...]
    vectors: Floats
    documents: tuple[str, ...]
    metadata: tuple[Metadata, ...]


class Untrusted(ArchiveError):
    """The Chroma folder was not made here and is not opened."""

    code = "untrusted"


def build(
    folder: Path,
    records: Iterable[Records],
    done: Callable[[int], None] = lambda count: None,
    collection: str = _COLLECTION,
) -> int:
    """Write a collection to an empty folder that nothing else uses, and make it durable.

    Args:
        folder: made if it does not exist.
        records: at most 5,461 at once, which is the most that Chroma takes.
        done: told after each batch how many were written.
        collection: name of the collection.

    Returns:
        How many records were written.

    Raises:
        Damaged: Chroma failed.
    """
    make_private_dir(folder)
    client, count = _client(folder), 0
    hnsw = {"space": "cosine", "sync_threshold": _SYNC, "ef_search": EF_SEARCH}
    try:
        created = client.create_collection(collection, configuration={"hnsw": hnsw}, embedding_function=None)
        for batch in records:
            created.add(
                ids=list(batch.ids),
                embeddings=batch.vectors,
                documents=list(batch.documents) or None,
                metadatas=[dict(metadata) for metadata in batch.metadata] or None,
            )
            count += len(batch.ids)
            done(count)
    finally:
        client.close()
    sync_tree(folder)
    return count


def load() -> None:
    """Load the package, which takes a second, before it is needed."""
    import chromadb  # noqa: F401


class ChromaIndex:
    """Nearest vectors of one generation by slot, approximately. Safe to share between threads.

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
        """Return how many vectors it holds."""
        return len(self._opened)

    def nearest(self, query: Floats, limit: int) -> Scored:
        """Return the slots of vectors near to the unit vector ``query``, best first by Chroma's own figures.

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
        """Return candidates by slot, best first; equal figures in ascending order of slots."""
        limit = min(limit, self._size, _MOST)
        if limit <= 0:
            return Scored(np.empty(0, np.int64), np.empty(0, np.float32))
        try:
            answer = self._collection.query(query_embeddings=[query], n_results=limit, include=["distances"])
        except BaseException as error:
            _raise(error, self._folder)
        slots = np.array(answer["ids"][0], dtype=np.int64)
        scores = 1 - np.array(answer["distances"][0], np.float32)
        order = np.lexsort((slots, -scores))
        return Scored(slots[order], scores[order])

    def vectors(self, slots: Ordinals) -> Floats:
        """Read vectors back, shape ``(len(slots), dimension)``.

        Raises:
            Damaged: one is not there.
        """
        ids = [str(slot) for slot in slots.tolist()]
        try:
            answer = self._collection.get(ids=ids, include=["embeddings"])
        except BaseException as error:
            _raise(error, self._folder)
        row = {name: number for number, name in enumerate(answer["ids"])}
        if len(row) != len(ids) or row.keys() != set(ids):
            raise Damaged(f"Chroma lacks {len(set(ids) - row.keys()):,} of {len(ids):,} vectors.")
        return np.asarray(answer["embeddings"], np.float32)[[row[name] for name in ids]]

    def close(self) -> None:
        """Close it."""
        self._client.close()


def _raise(error: BaseException, folder: Path) -> NoReturn:
    # Chroma's panics derive from BaseException; only what the user or the interpreter asked for passes as it is, and
    # what the system refused. Any other error may come of damaged bytes: Chroma checks nothing that it reads.
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
        raise error
    raise_limit(error)
    raise Damaged(f"The Chroma index in {folder} failed: {error}", remedy=Remedy(Action.REBUILD)) from error


def _client(folder: Path) -> Any:  # noqa: ANN401 - chromadb is imported lazily
    import chromadb
    from chromadb.config import Settings

    try:
        return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
    except BaseException as error:
        _raise(error, folder)
