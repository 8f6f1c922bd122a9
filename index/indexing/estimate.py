"""What a build would do, found out without building."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive import Archive
from archive.core.progress import Progress
from archive.folder.layout import Layout
from index import lexical
from index.contracts.report import BuildReport
from index.embedding.model import Model, locate
from index.embedding.passage_input import rule
from index.generations.manifest import Manifest
from index.indexing.catalog_pass import input_keys
from index.indexing.reuse import already, manifest_in_use
from index.vectors import epochs
from index.vectors.store import VectorStore


def foresee(
    rehearsed: Archive, root: Path, *, progress: Progress | None = None, rebuild: bool = False, reembed: bool = False
) -> BuildReport:
    """Return what ``build`` would report of an archive, writing nothing there.

    Args:
        rehearsed: a throw-away copy of the archive, see ``archive.dry_run``, as the catalog would be; its passages
            are cut by the model's rule.
        root: the archive itself, whose index and vectors are looked at.
        progress: told of each few articles.
        rebuild: as ``build`` has it.
        reembed: as ``build`` has it.

    Returns:
        ``embedded`` tells how many vectors would be made; ``generation`` is the one in use.

    Raises:
        ArchiveError: the model is not on this machine.
    """
    layout, model = Layout(root), locate(rehearsed.settings)
    before = manifest_in_use(layout)
    rehearsed.recut(rule(model), progress)
    keys = input_keys(rehearsed, model)
    with VectorStore.open(_folder(layout, model, before, rebuild, reembed), model.dimension, verify=rebuild) as store:
        embedded, absent = len(store.missing(keys)), int((store.lookup(keys) < 0).sum())
    chosen = lexical.choose(rehearsed.settings.engine, len(keys), before.engine if before else None)
    return BuildReport(
        generation=before.number if before else 0,
        passages=len(keys),
        new=len(keys) - already(layout, before, _passages(rehearsed)),
        embedded=embedded,
        reused=len(keys) - absent,
        engine=chosen if before or len(keys) else "",
        notes=(),
        built=False,
    )


def _folder(layout: Layout, model: Model, before: Manifest | None, rebuild: bool, reembed: bool) -> Path:
    """Return the folder of the vectors that would be used; one that is not there where they would all be made anew."""
    same = before is not None and before.vectors.fingerprint == model.fingerprint
    in_use = before.vectors.epoch if before is not None and same else None
    found = epochs.foreseen(layout.vectors, model.fingerprint, in_use, rebuild=rebuild or reembed, reembed=reembed)
    number = max((0, *epochs.epochs(layout.vectors, model.fingerprint))) + 1 if found is None else found
    return epochs.epoch_folder(layout.vectors, model.fingerprint, number)


def _passages(rehearsed: Archive) -> NDArray[np.bytes_]:
    """Return the identifier of every passage."""
    with rehearsed.snapshot() as snapshot:
        return np.array([passage.id for item in snapshot for passage in item.passages], "S16")
