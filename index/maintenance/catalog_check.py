"""Whether a generation says what the catalog says: the same passages, at the same offsets, with their own vectors."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from archive import Archive
from archive.core.errors import ArchiveError
from index.contracts.engines import Ordinals
from index.contracts.recipe import RECIPE
from index.embedding.model import Model, locate
from index.generations.columns import Columns
from index.generations.manifest import Manifest
from index.indexing.catalog_pass import input_keys
from index.vectors.store import VectorStore


def disagreements_with_catalog(
    archive: Archive, manifest: Manifest, columns: Columns, slots: Ordinals | None, store: VectorStore | None
) -> Iterator[str]:
    """Yield what differs between a generation and the catalog it was built from, in sentences.

    Args:
        archive: to read from; of a catalog that has changed since, what has not changed is compared. One that is not
            that catalog at all is told elsewhere and gives nothing.
        manifest: of the generation.
        columns: of the generation.
        slots: of its passages, None when there are none to compare.
        store: of its vectors, likewise.
    """
    if not archive.follows(manifest.change, manifest.token):
        return
    with archive.snapshot() as snapshot:
        changed = frozenset(snapshot.changed(manifest.change))
        ids, spans = bytearray(), array("q")
        for item in snapshot:
            for passage in item.passages if item.article.id not in changed else ():
                ids += passage.id.encode("ascii")
                spans.extend((passage.start, passage.end))
    other = np.isin(columns.article_ids, np.array(sorted(changed), "S16"))[columns.article_of]
    catalog_ids, indexed = np.frombuffer(bytes(ids), "S16"), np.flatnonzero(columns.live_passages & ~other)
    catalog, ours = np.argsort(catalog_ids), indexed[np.argsort(columns.passage_ids[indexed])]
    if not np.array_equal(catalog_ids[catalog], columns.passage_ids[ours]):
        yield "The indexed passages are not those of the catalog."
        return
    wanted = np.frombuffer(spans, np.int64).reshape(-1, 2)[catalog] if len(catalog_ids) else np.empty((0, 2), np.int64)
    wrong = int((wanted != np.column_stack([columns.starts[ours], columns.ends[ours]])).any(axis=1).sum())
    if wrong:
        yield f"{wrong:,} passages lie at other offsets than the catalog says."
    model = None if changed else _model(archive, manifest)
    if model is not None and slots is not None and store is not None:
        covered = slots[ours] >= 0
        yield from _keys(input_keys(archive, model)[catalog][covered], slots[ours][covered], store)


def _model(archive: Archive, manifest: Manifest) -> Model | None:
    """Return the model of the generation, None where this program cannot make the inputs that it was given."""
    if manifest.recipe.vectors != RECIPE.hashes.vectors:
        return None
    try:
        model = locate(archive.settings)
    except ArchiveError:
        return None
    return model if model.fingerprint == manifest.vectors.fingerprint else None


def _keys(wanted: NDArray[np.uint8], slots: Ordinals, store: VectorStore) -> Iterator[str]:
    wrong = int((store.keys_of(slots) != wanted).any(axis=1).sum())
    if wrong:
        yield f"{wrong:,} passages have the vector of another text."
