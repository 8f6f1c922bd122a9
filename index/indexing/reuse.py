"""What a new generation can take over from the one in use, decided by fingerprints."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive import Archive
from archive.core.errors import ArchiveError
from archive.folder.files import link_tree
from archive.folder.layout import Layout
from index.analysis import analyzer
from index.contracts.arrays import load
from index.contracts.engines import Ordinals
from index.embedding.model import Model
from index.embedding.passage_input import rule_name
from index.generations.checksums import memory_of
from index.generations.columns import Columns, open_columns
from index.generations.generation import CHROMA, COLUMNS, Generation, open_current
from index.generations.manifest import Manifest
from index.generations.open import SLOTS

MOST_CHANGED: Final = 0.2
MOST_TOMBSTONED: Final = 0.2
MOST_LATER: Final = 0.05
MOST_LATER_ROWS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Base:
    """The generation in use, as far as the next one takes it over.

    Attributes:
        folder: of that generation.
        tombstoned: ordinals of its articles that are out of date, ascending.
        words: whether columns and word index are taken over; else they are written anew, under the same ordinals.
        vectors: whether slots and the Chroma index are taken over; else they are looked up anew.
    """

    folder: Path
    manifest: Manifest
    columns: Columns
    slots: Ordinals
    tombstoned: Ordinals
    words: bool
    vectors: bool


def base_of(archive: Archive, model: Model, engine: str, epoch: int) -> Base | None:
    """Return what can be taken over from the generation in use, None when everything is to be made anew.

    Rows are appended while few articles changed. Where only the words or only the vectors would have to be made anew,
    the other half is taken over if nothing changed and ordinals are those that writing anew would give.
    """
    try:
        with open_current(archive.layout) as generation:
            return _base(archive, generation, model, engine, epoch)
    except (ArchiveError, OSError, ValueError):
        return None


def manifest_in_use(layout: Layout) -> Manifest | None:
    """Return the manifest of the generation in use, None when there is none that can be read."""
    try:
        with open_current(layout) as generation:
            return generation.manifest
    except ArchiveError:
        return None


def is_named(layout: Layout) -> bool:
    """Tell whether ``CURRENT`` names the generation in use, as that was written."""
    try:
        with open_current(layout) as generation:
            return not generation.notes
    except ArchiveError:
        return False


def newest_slot(layout: Layout, before: Manifest | None, model: Model, epoch: int) -> int:
    """Return the newest slot that a generation has in an epoch, -1 without one."""
    if before is None or (before.vectors.fingerprint, before.vectors.epoch) != (model.fingerprint, epoch):
        return -1
    try:
        slots = load(layout.generation(before.number) / SLOTS)
    except (OSError, ValueError):
        return -1
    return int(slots.max(initial=-1))


def already(layout: Layout, before: Manifest | None, passages: NDArray[np.bytes_]) -> int:
    """Count those of the given passages, by identifier, that a generation holds as well."""
    if before is None:
        return 0
    try:
        known = open_columns(layout.generation(before.number) / COLUMNS)
    except ArchiveError:
        return 0
    return int(np.isin(passages, known.passage_ids[known.live_passages]).sum())


def linked_chroma(base: Base | None, folder: Path, rows: int) -> int:
    """Share the Chroma index of ``base`` while few rows came since; return how many it holds, 0 to make one."""
    indexed = base.manifest.vectors.base if base and base.vectors else 0
    if base is None or not indexed or rows - indexed > min(MOST_LATER * rows, MOST_LATER_ROWS):
        return 0
    link_tree(base.folder / CHROMA, folder / CHROMA)
    return indexed


def was_left_out(base: Base | None) -> bool:
    """Tell whether a Chroma index was made of these vectors and missed too much; the next rebuild tries again."""
    return base is not None and base.vectors and base.manifest.vectors.chroma and not base.manifest.vectors.base


def _base(archive: Archive, generation: Generation, model: Model, engine: str, epoch: int) -> Base | None:
    manifest = generation.manifest
    generation.check(memory_of(archive.id, generation.number))
    if generation.notes or generation.bad or manifest.rule != rule_name(model):
        return None
    columns = open_columns(generation.folder / COLUMNS)
    with archive.snapshot() as snapshot:
        changed = snapshot.changed(manifest.change)
    tombstoned = _tombstoned(columns, changed)
    words = (manifest.engine, manifest.analysis) == (engine, analyzer.fingerprint())
    vectors = (manifest.vectors.fingerprint, manifest.vectors.epoch) == (model.fingerprint, epoch)
    slots: Ordinals = load(generation.folder / SLOTS, mapped=False)
    base = Base(generation.folder, manifest, columns, slots, tombstoned, words, vectors)
    if not changed:
        return base if (words and vectors) or ((words or vectors) and _in_order(columns)) else None
    return base if words and vectors and _few(columns, changed, tombstoned) else None


def _tombstoned(columns: Columns, changed: tuple[str, ...]) -> Ordinals:
    known = np.isin(columns.article_ids, np.array(changed, "S16"))
    return np.flatnonzero(known & columns.live_articles)


def _few(columns: Columns, changed: tuple[str, ...], tombstoned: Ordinals) -> bool:
    dead = int((~columns.live_passages).sum()) + len(columns.passages_of(tombstoned))
    return len(changed) <= MOST_CHANGED * columns.articles and dead <= MOST_TOMBSTONED * columns.passages


def _in_order(columns: Columns) -> bool:
    ids = columns.article_ids
    return bool(columns.live_articles.all() and (ids[:-1] < ids[1:]).all())
