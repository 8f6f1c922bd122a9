"""One run over sources: what has to be in order before it, the looking itself, and what older rules left to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from archive.catalog.database import Catalog
from archive.catalog.tables import articles, half_read, meta
from archive.core.article import IngestReport, Source
from archive.core.cores import usable_cores
from archive.core.derivation import Rules
from archive.core.progress import Progress
from archive.ingest.prefetch import Prefetcher
from archive.ingest.prepare import Preparation, current_rules
from archive.ingest.rechunk import RULE, recut
from archive.ingest.reprocess import (
    Confirm,
    Reprocessing,
    Scope,
    all_outdated,
    is_agreed,
    note_current,
    outdated,
)
from archive.ingest.scan import READERS_KEY, Ingest, read_refused_again, scope_of
from archive.ingest.upsert import ArticleWriter
from archive.purge.reentry import ReentryCheck
from archive.readers import Limits, Reader, release


@dataclass(frozen=True, slots=True)
class SourcePart:
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
        preparation: how drafts become articles.
        limits: of the readers.
        readers: of the formats that can be read.
        exclude: folders not to look into.
        purged: take in again what was purged and lies there.
        jobs: how many processes may read; None for one a core.
        confirm: is asked before more than a few articles are made anew by newer rules; None to leave them.
        progress: told of each few articles.
    """

    preparation: Preparation
    limits: Limits
    readers: Sequence[Reader]
    exclude: Sequence[Path]
    purged: bool = False
    jobs: int | None = None
    confirm: Confirm | None = None
    progress: Progress | None = None


def ingest(catalog: Catalog, parts: Sequence[SourcePart], order: Order) -> IngestReport:
    """Look through parts of the sources: take in what is new or changed, and bring up what older rules made."""
    catalog.bring_up()
    marks = [half_read.name(part.source.id) for part in parts]
    remembered = meta.several(catalog, (READERS_KEY, RULE, meta.RULES, *marks))
    read_refused_again(catalog, order.limits, order.readers, remembered.get(READERS_KEY))
    if remembered.get(RULE) != order.preparation.rule.name:
        recut(catalog, order.preparation.rule, order.progress)
    rules = current_rules(order.readers)
    if meta.RULES not in remembered and not articles.is_any(catalog):
        note_current(catalog, rules)
        remembered[meta.RULES] = rules.fingerprint
    prefetcher = Prefetcher(order.preparation, order.limits, order.jobs or usable_cores(), order.readers)
    reentry, writer = ReentryCheck(catalog, lift=order.purged), ArticleWriter(order.preparation, rules)
    run = Ingest(catalog, writer, prefetcher, reentry, order.exclude, order.progress)
    try:
        for part, mark in zip(parts, marks, strict=True):
            run.scan(part.source, part.path)
            if mark in remembered:
                with catalog.transaction() as writing:
                    half_read.end(writing, part.source.id)
        is_noted = remembered.get(meta.RULES) == rules.fingerprint and not run.is_any_back
        return run.report() if is_noted else _bring_up(catalog, run, parts, order, rules)
    finally:
        prefetcher.close()
        release()


def _bring_up(catalog: Catalog, run: Ingest, parts: Sequence[SourcePart], order: Order, rules: Rules) -> IngestReport:
    """Make anew what older rules made of what is there now, if that is agreed; what came back is counted too."""
    scopes = [part.scope for part in parts]
    behind = outdated(catalog, rules, scopes)
    if not is_agreed(behind, order.confirm):
        return replace(run.report(), waiting=behind)
    again = Reprocessing(catalog, order.preparation, rules, order.progress)
    for part in parts if behind.articles else ():
        again.files(part.source, part.scope, run.tools_again())
    report, done = run.report(), again.texts(scopes if behind.articles else ())
    if not all_outdated(catalog, rules).articles:
        note_current(catalog, rules)
    return replace(
        report,
        reprocessed=report.reprocessed + done.articles,
        reprocessed_passages=report.reprocessed_passages + done.passages,
        kept=done.kept,
    )
