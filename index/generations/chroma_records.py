"""The records of a Chroma collection: vectors with the text of a passage and what is known of its article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from archive import Archive
from archive.catalog.rows import TextSlice
from archive.core.errors import Action, Damaged, Remedy
from index.ann.chroma import Metadata, Records
from index.contracts.engines import Ordinals
from index.generations.columns import Columns
from index.vectors.sharing import PassagesByVector
from index.vectors.store import VectorStore

_BATCH: Final = 1_000  # records between two words on how far it is; Chroma writes its graph after as many
_KNOWN: Final = {"title": "title", "outlet": "outlet", "date": "published", "url": "url", "language": "language"}


def records(
    archive: Archive,
    columns: Columns,
    store: VectorStore,
    passages: Ordinals,
    by_vector: PassagesByVector,
    ids: Sequence[str],
) -> Iterator[Records]:
    """Yield a record of each vector, with the text of the first passage that has it.

    Args:
        archive: holds the texts.
        columns: of the generation.
        store: holds the vectors.
        passages: ordinals of those that are meant.
        by_vector: of these, by their places in ``passages``.
        ids: of the records, aligned with the vectors.

    Raises:
        Damaged: a text is not what was written, or is not in the catalog any more.
    """
    for start in range(0, len(by_vector), _BATCH):
        some = slice(start, start + _BATCH)
        ordinals, copies = passages[by_vector.first[some]].tolist(), (by_vector.counts[some] - 1).tolist()
        texts = _texts(archive, [columns.place(ordinal) for ordinal in ordinals])
        yield Records(
            ids=tuple(ids[some]),
            vectors=store.gather(by_vector.slots[some]),
            documents=texts,
            metadata=tuple(_metadata(columns, *pair) for pair in zip(ordinals, copies, strict=True)),
        )


def _texts(archive: Archive, places: Sequence[TextSlice]) -> tuple[str, ...]:
    """Return the texts of passages, every one of them."""
    texts = archive.passage_texts(places)
    found = tuple(text for text in texts if text is not None)
    if len(found) < len(texts):
        what = f"{len(texts) - len(found):,} passages of the index are not in the catalog any more."
        raise Damaged(what, remedy=Remedy(Action.UPDATE))
    return found


def _metadata(columns: Columns, ordinal: int, copies: int) -> Metadata:
    """Return what is known of a passage; Chroma keeps no empty values, so that a key may be absent.

    Args:
        columns: of the generation.
        ordinal: of the passage.
        copies: how many more have the same vector.
    """
    article = int(columns.article_of[ordinal])
    fields = {key: columns.texts[column][article] for key, column in _KNOWN.items()}
    return {
        **{key: value for key, value in fields.items() if value is not None},
        "article": columns.article_id(article),
        "passage": columns.passage_id(ordinal),
        "start": int(columns.starts[ordinal]),
        "end": int(columns.ends[ordinal]),
        "copies": copies,
    }
