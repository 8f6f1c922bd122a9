"""One run over sources: what has to be in order before it, the looking itself, and what older rules left to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive.catalog.database import Catalog
from archive.catalog.tables import meta, sources
from archive.core.article import IngestReport, Outdated, Source
from archive.core.cores import usable_cores
from archive.core.derivation import Rules
from archive.core.progress import Progress
from archive.ingest.prefetch import Ahead
from archive.ingest.prepare import Recipe, current_rules
from archive.ingest.rechunk import RULE, recut
from archive.ingest.reprocess import Confirm, Scope, is_agreed, note_current, outdated, reprocess_texts
from archive.ingest.scan import READERS, Ingest, read_refused_again, scope_of
from archive.ingest.upsert import ArticleWriter
from archive.purge.reentry import ReentryCheck
from archive.readers import Limits, Reader, release


@dataclass(frozen=True, slots=True)
class Part:
    """A source to look through, or the part of it below a path."""

    source: Source
    path: Path

    @property
    def scope(self) -> Scope:
        """Return it as the catalog names it."""
        return Scope(self.source.id, scope_of(self.source, self.path))


@dataclass(frozen=True, slots=True)
class Order:
    """How a run is to go.

    Attributes:
        recipe: how drafts become articles.
        limits: of the readers.
        readers: of the formats that can be read.
        exclude: folders not to look into.
        purged: take in again what was purged and lies there.
        jobs: how many processes may read; None for one a core.
        confirm: is asked before more than a few articles are made anew by newer rules; None to leave them.
        progress: told of each few articles.
    """

    recipe: Recipe
    limits: Limits
    readers: Sequence[Reader]
    exclude: Sequence[Path]
    purged: bool = False
    jobs: int | None = None
    confirm: Confirm | None = None
    progress: Progress | None = None


def ingest(catalog: Catalog, parts: Sequence[Part], order: Order) -> IngestReport:
    """Look through parts of the sources: take in what is new or changed, and bring up what older rules made."""
    catalog.bring_up()
    remembered = meta.several(catalog, (READERS, RULE, meta.RULES))
    read_refused_again(catalog, order.limits, order.readers, remembered.get(READERS))
    if remembered.get(RULE) != order.recipe.rule.name:
        recut(catalog, order.recipe.rule, order.progress)
    rules, scopes = current_rules(order.readers), [part.scope for part in parts]
    is_current = remembered.get(meta.RULES) == rules.fingerprint
    waiting = Outdated() if is_current else outdated(catalog, rules, scopes)
    agreed = is_agreed(waiting, order.confirm)
    run_rules = rules if agreed and waiting.articles else None
    ahead = Ahead(order.recipe, order.limits, order.jobs or usable_cores(), order.readers)
    reentry, writer = ReentryCheck(catalog, lift=order.purged), ArticleWriter(order.recipe, rules)
    run = Ingest(catalog, writer, ahead, reentry, order.exclude, run_rules, order.progress)
    try:
        for part in parts:
            run.scan(part.source, part.path)
    finally:
        ahead.close()
        release()
    report = run.report()
    if not agreed:
        return replace(report, waiting=waiting)
    if run_rules is not None:
        report = _with_texts(report, catalog, order, run_rules, scopes)
    if not is_current and {scope.source for scope in scopes if not scope.path} >= _live(catalog):
        note_current(catalog, rules)
    return report


def _live(catalog: Catalog) -> set[str]:
    return {source.id for source in sources.live(catalog)}


def _with_texts(
    report: IngestReport, catalog: Catalog, order: Order, rules: Rules, scopes: Sequence[Scope]
) -> IngestReport:
    done = reprocess_texts(catalog, order.recipe, rules, scopes, order.progress)
    return replace(
        report,
        reprocessed=report.reprocessed + done.articles,
        reprocessed_passages=report.reprocessed_passages + done.passages,
        kept=done.kept,
    )
