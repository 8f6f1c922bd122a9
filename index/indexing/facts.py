"""Gathering what a build's plan depends on: from the catalog, the generation in use and the vectors on disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive import Archive
from archive.core.errors import ArchiveError
from archive.core.system_limits import raise_limit
from archive.folder.layout import Layout
from index.analysis import analyzer
from index.contracts.arrays import load
from index.contracts.engines import Ordinals
from index.contracts.recipe import Recipe
from index.embedding.model import Model
from index.embedding.passage_input import rule_name
from index.generations.agreement import disagreement
from index.generations.checksums import memory_of
from index.generations.columns import Columns, open_columns
from index.generations.generation import COLUMNS, Generation, manifest_in_use, numbers, open_current
from index.generations.manifest import Manifest
from index.generations.open import SLOTS
from index.indexing.plan import Facts, InUse, Makers, Request, Rows, reasons
from index.vectors import epochs


@dataclass(frozen=True, slots=True)
class Base:
    """The generation in use, opened so that the next one can take rows over.

    Attributes:
        folder: of that generation.
        slots: of each passage's vector.
        outdated: ordinals of its live articles that changed or went since, ascending.
    """

    folder: Path
    manifest: Manifest
    columns: Columns
    slots: Ordinals
    outdated: Ordinals


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a plan depends on, and the generation in use where it may be taken over."""

    facts: Facts
    base: Base | None


def gather(archive: Archive, layout: Layout, model: Model, recipe: Recipe, request: Request) -> Gathered:
    """Return all that a plan depends on; writes nothing in the archive.

    The files of the generation in use are checked only where there is something to do, since that may read them all.

    Args:
        archive: whose catalog is read; its passages are cut by the model's rule.
        layout: of the archive folder whose index and vectors are looked at; in a dry run ``archive`` is a copy.
        model: that the settings name.
        recipe: the numbers of this program.
        request: what is asked.
    """
    facts = _facts(archive, layout, model, recipe, request)
    if facts.in_use is None or not facts.in_use.follows or request.anew or not reasons(facts):
        return Gathered(facts, None)
    try:
        with open_current(layout) as generation:
            base, changed = _opened(archive, generation)
    except (ArchiveError, OSError, ValueError) as error:
        raise_limit(error)
        return Gathered(facts, None)
    return Gathered(facts, None) if base is None else Gathered(replace(facts, rows=_rows(base, changed)), base)


def makers_of(model: Model, recipe: Recipe) -> Makers:
    """Return what this program makes a generation by."""
    return Makers(model.fingerprint, analyzer.fingerprint(), rule_name(model), recipe.hashes)


def makers_in(manifest: Manifest) -> Makers:
    """Return what made a generation."""
    return Makers(manifest.vectors.fingerprint, manifest.analysis, manifest.rule, manifest.recipe)


def count_indexed(layout: Layout, passages: NDArray[np.bytes_]) -> int:
    """Count those of the given passages, by identifier, that the generation in use holds as well."""
    manifest = manifest_in_use(layout)
    if manifest is None:
        return 0
    try:
        columns = open_columns(layout.generation(manifest.number) / COLUMNS)
    except ArchiveError:
        return 0
    return int(np.isin(passages, columns.passage_ids[columns.live_passages]).sum())


def _facts(archive: Archive, layout: Layout, model: Model, recipe: Recipe, request: Request) -> Facts:
    with archive.snapshot() as snapshot:
        change, passages = snapshot.change, snapshot.passages
    return Facts(
        request=request,
        program=makers_of(model, recipe),
        change=change,
        passages=passages,
        epochs=epochs.epochs(layout.vectors, model.fingerprint),
        pending=epochs.pending(layout.vectors, model.fingerprint),
        newest=max(numbers(layout), default=0),
        in_use=_in_use(archive, layout),
    )


def _in_use(archive: Archive, layout: Layout) -> InUse | None:
    try:
        with open_current(layout) as generation:
            manifest, named = generation.manifest, not generation.notes
    except ArchiveError:
        return None
    with archive.snapshot() as snapshot:
        # what is left of a catalog that was mixed with another one may hold the name of a state it is not in
        as_many = snapshot.change != manifest.change or snapshot.kept(manifest.change) == manifest.articles
    return InUse(
        number=manifest.number,
        change=manifest.change,
        token=manifest.token,
        follows=as_many and disagreement(archive, manifest) is None,
        passages=manifest.passages,
        engine=manifest.engine,
        epoch=manifest.vectors.epoch,
        chroma=manifest.vectors.base > 0,
        partial=manifest.vectors.covered is not None,
        named=named,
        makers=makers_in(manifest),
    )


def _opened(archive: Archive, generation: Generation) -> tuple[Base | None, int]:
    """Open a generation whose files are whole; return it and how many articles changed since."""
    manifest = generation.manifest
    generation.check(memory_of(archive.id, generation.number))
    if generation.notes or generation.bad:
        return None, 0
    columns = open_columns(generation.folder / COLUMNS)
    with archive.snapshot() as snapshot:
        changed, kept = snapshot.changed(manifest.change), snapshot.kept(manifest.change)
    outdated = np.flatnonzero(np.isin(columns.article_ids, np.array(changed, "S16")) & columns.live_articles)
    if int(columns.live_articles.sum()) - len(outdated) != kept:  # articles came or went without a change number
        return None, 0
    slots: Ordinals = load(generation.folder / SLOTS, mapped=False)
    return Base(generation.folder, manifest, columns, slots, outdated), len(changed)


def _rows(base: Base, changed: int) -> Rows:
    columns, ids = base.columns, base.columns.article_ids
    return Rows(
        articles=columns.articles,
        passages=columns.passages,
        changed=changed,
        tombstoned=int((~columns.live_passages).sum()) + len(columns.passages_of(base.outdated)),
        in_order=bool(columns.live_articles.all() and (ids[:-1] < ids[1:]).all()),
    )
