"""What a build would do, found out without building."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive import Archive
from archive.core.progress import Progress
from archive.folder.layout import Layout
from index.contracts.recipe import RECIPE
from index.contracts.report import BuildReport
from index.embedding.model import locate
from index.embedding.passage_input import rule
from index.indexing.catalog_pass import input_keys
from index.indexing.facts import count_indexed, gather
from index.indexing.plan import Request, make_plan
from index.vectors.epochs import epoch_folder
from index.vectors.store import VectorStore


def estimate_build(
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
    layout, settings, model = Layout(root), rehearsed.settings, locate(rehearsed.settings)
    rehearsed.recut(rule(model), progress)
    request = Request(rebuild or reembed, reembed, settings.engine, settings.vectors)
    facts = gather(rehearsed, layout, model, RECIPE, request).facts
    plan, in_use = make_plan(facts), facts.in_use
    keys = input_keys(rehearsed, model)
    store = epoch_folder(layout.vectors, model.fingerprint, plan.epoch)  # nothing is there where it would be begun
    with VectorStore.open(store, model.dimension, verify=rebuild) as vectors:
        embedded, absent = len(vectors.missing(keys)), int((vectors.lookup(keys) < 0).sum())
    return BuildReport(
        generation=in_use.number if in_use else 0,
        passages=len(keys),
        new=len(keys) - count_indexed(layout, _passages(rehearsed)),
        embedded=embedded,
        reused=len(keys) - absent,
        engine=plan.engine if in_use or len(keys) else "",
        notes=(),
        built=False,
    )


def _passages(rehearsed: Archive) -> NDArray[np.bytes_]:
    """Return the identifier of every passage."""
    with rehearsed.snapshot() as snapshot:
        return np.array([passage.id for item in snapshot for passage in item.passages], "S16")
