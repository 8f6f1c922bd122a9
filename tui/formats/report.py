"""What reading and building did, in words; whoever writes the lines makes their facts safe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from tui.formats.facts import ROLES
from tui.formats.plural import counted
from tui.formats.remedies import advised, command_line, refusal_reason

if TYPE_CHECKING:
    from archive import Article, IngestReport, Outdated, Refusal, Step
    from archive.core.article import Unread
    from archive.purge.purge import Purge
    from index import BuildReport, Status, VerifyReport
    from index.indexing.purge import PurgeReport
    from index.maintenance.backup import BackupReport
    from index.maintenance.chroma_export import ChromaExport
    from index.maintenance.gc import GcReport
    from index.maintenance.repair import RepairReport

_MOST: Final = 20  # lines of a list: they fit a terminal with what stands around them; chosen, not measured
_CHECKED: Final = {"chroma": ("vector", " in Chroma"), "files": ("file", " of the index")}


def ingest_lines(report: IngestReport) -> Iterator[str]:
    """Yield what was read."""
    said = _changes(report, (report.unchanged, "unchanged"), (report.missing, "gone from their place"))
    yield f"Articles: {said or 'none found'}."
    yield from reprocessed_lines(report)
    yield from unread_lines(report.unread)
    if report.damaged:
        yield f"Characters not read as they were written: {report.damage:,}, in {counted(report.damaged, 'article')}."
    yield from refusal_lines(report.refusals)


def reprocessed_lines(report: IngestReport) -> Iterator[str]:
    """Yield what newer rules made of what was read before, what they could not, and what is left for now."""
    if report.reprocessed:
        articles, passages = counted(report.reprocessed, "article"), counted(report.reprocessed_passages, "passage")
        yield f"Processed again by newer rules: {articles}, {passages}."
    if report.kept:
        yield f"Kept as read, because the file is gone or cannot be read now: {counted(report.kept, 'article')}."
    yield from waiting_lines(report)


def waiting_lines(report: IngestReport) -> Iterator[str]:
    """Yield what older rules made and is left until a person agrees, if there is any."""
    if report.waiting.articles:
        yield f"{outdated_line(report.waiting)} To process them again: morgue update --yes"


def outdated_line(outdated: Outdated) -> str:
    """Return how much was made by older rules."""
    amount = f"{counted(outdated.articles, 'article')} of {outdated.of:,} ({counted(outdated.passages, 'passage')})"
    return f"Made by older rules: {amount}."


def change_line(report: IngestReport, built: BuildReport | None, vanished: int) -> str:
    """Return in one line what an update changed; ``vanished`` counts the articles that are gone since the last one."""
    refused = (len(report.new_refusals), "newly refused (morgue status lists them)")
    said = _changes(report, (max(vanished, 0), "gone from their place"), (max(-vanished, 0), "back in place"), refused)
    indexed = f"; generation {built.generation}, {built.embedded:,} embedded" if built and built.built else ""
    return f"{said or 'nothing changed'}{indexed}"


def _changes(report: IngestReport, *more: tuple[int, str]) -> str:
    counts = ((report.added, "added"), (report.changed, "changed"), (report.moved, "moved"), *more)
    return ", ".join(f"{count:,} {word}" for count, word in counts if count)


def refusal_lines(refusals: Sequence[Refusal]) -> Iterator[str]:
    """Yield what was refused, and why."""
    if refusals:
        yield f"Refused: {len(refusals):,}."
    for refusal in refusals[:_MOST]:
        record = f" (record {refusal.record})" if refusal.record else ""
        yield f"  {refusal.path}{record}: {refusal_reason(refusal)}"
    if len(refusals) > _MOST:
        yield f"  and {len(refusals) - _MOST:,} more; morgue status --json lists all."


def unread_lines(unread: Sequence[Unread]) -> Iterator[str]:
    """Yield what records state of articles that were taken in, and nobody could read."""
    for one in unread[:_MOST]:
        where = f"{one.path}: {one.field} in {counted(one.records, 'record')}"
        yield f"Not read in {where}, such as “{one.value}”, which cannot be read as the {ROLES[one.role]}."
    if len(unread) > _MOST:
        yield f"  and {len(unread) - _MOST:,} more; --json lists all."


def build_lines(report: BuildReport) -> Iterator[str]:
    """Yield what was built."""
    yield from map(advised, report.notes)
    if not report.built:
        if report.generation:
            yield f"The index is up to date: generation {report.generation}, {counted(report.passages, 'passage')}."
        return
    yield (
        f"Indexed: generation {report.generation}, {counted(report.passages, 'passage')}, {report.new:,} of them new; "
        f"{report.embedded:,} embedded, {report.reused:,} reused; words by {report.engine}."
    )


def title_lines(articles: Sequence[Article]) -> Iterator[str]:
    """Yield the identifiers and titles of the first articles."""
    yield from (f"  {article.id}  {article.title}" for article in articles[:_MOST])
    if len(articles) > _MOST:
        yield f"  and {len(articles) - _MOST:,} more; --json lists all."


def purge_lines(report: PurgeReport) -> Iterator[str]:
    """Yield what was purged, what may still hold it, and what is still to be done."""
    catalog, index = report.catalog, report.index
    versions, passages = counted(catalog.versions, "version"), counted(catalog.passages, "passage")
    yield f"Purged: {counted(len(catalog.articles), 'article')}, {versions}, {passages}; {index.dropped:,} vectors."
    erased = catalog.erased
    if erased.clips:
        yield f"Erased the words of {counted(erased.clips, 'clip')}."
    if erased.marks:
        yield f"Deleted {counted(erased.marks, 'mark')} on it: stars, judgements."
    yield from _left_lines(catalog)
    yield from (f"Removed, because it is damaged: {path}" for path in catalog.copies.removed)
    yield from (f"May still hold it: {path}" for path in (*catalog.copies.strange, *catalog.elsewhere))
    if catalog.copies.strange:
        yield "Not everything is erased until the files in the archive folder are gone that Morgue did not make."
    if index.held:
        numbers = ", ".join(str(number) for number in index.held)
        yield f"Another process still reads generation {numbers}, which holds it. Close it, then run: morgue update"
    yield from map(advised, report.notes)


def foreseen_lines(catalog: Purge) -> Iterator[str]:
    """Yield what a purge would erase, and what it would leave."""
    parts = [counted(catalog.versions, "version"), counted(catalog.passages, "passage")]
    if catalog.erased.clips:
        parts.append(f"the words of {counted(catalog.erased.clips, 'clip')}")
    if catalog.erased.marks:
        parts.append(f"{counted(catalog.erased.marks, 'mark')} on it (stars, judgements)")
    yield f"It would erase for good: {', '.join(parts)}."
    yield from _left_lines(catalog)
    yield from (f"May still hold it afterwards: {path}" for path in (*catalog.copies.strange, *catalog.elsewhere))


def _left_lines(catalog: Purge) -> Iterator[str]:
    if catalog.erased.own:
        yield f"Your own notes and questions stay, whatever they hold: {catalog.erased.own:,}."
        yield "morgue clips and morgue saved list them."
    if catalog.same:
        yield f"The same text stays in: {', '.join(catalog.same[:_MOST])}."


def status_lines(state: Status) -> Iterator[str]:
    """Yield the state of an archive."""
    gone = f", {state.gone:,} of them gone from their place" if state.gone else ""
    yield f"Archive    {state.root}  ({state.id})"
    yield f"Articles   {state.articles:,}{gone}; {counted(state.passages, 'passage')}"
    if state.generation is None:
        yield "Index      none yet; run: morgue update"
    else:
        passages = counted(state.indexed_passages, "passage")
        yield f"Index      generation {state.generation}, {passages}, built {state.built}"
        yield f"           words by {state.engine}, vectors by {state.model}"
        yield f"Meaning    {state.meaning}"
    if state.behind and state.generation is not None:
        yield f"Behind     not indexed as they stand: {counted(state.behind, 'article')}; run: morgue update"
    if state.outdated.articles:
        yield f"Outdated   {outdated_line(state.outdated)} To process them again: morgue update --yes"
    if state.reembedding is not None:
        amount = f"{state.reembedding.vectors:,} vectors are made for {counted(state.reembedding.passages, 'passage')}"
        yield f"Vectors    a new set was begun: {amount}; go on with: morgue rebuild"
    if state.writer is not None:
        yield f"Writer     process {state.writer.pid} on {state.writer.host} is writing, since {state.writer.since}"
    yield "Size       " + ", ".join(f"{name} {size / 1e6:,.1f} MB" for name, size in state.sizes)
    yield from (f"Note       {advised(note)}" for note in state.notes)
    yield from refusal_lines(state.refusals)


def verify_lines(report: VerifyReport) -> Iterator[str]:
    """Yield the outcome of a check."""
    yield f"Checked: {', '.join(_checked(name, count) for name, count in report.checked)}."
    if report.whole:
        yield "Everything is whole."
    for problem in report.problems:
        yield f"{problem.code}: {problem.what} ({problem.file}) run: {command_line(problem.remedy)}"


def _checked(name: str, count: int) -> str:
    noun, rest = _CHECKED.get(name, (name.removesuffix("s"), ""))
    return f"{counted(count, noun)}{rest}"


def dry_run_lines(read: IngestReport | None, built: BuildReport | None) -> Iterator[str]:
    """Yield what a run would have done that wrote nothing; ``read`` is None where it reads no sources."""
    yield "A dry run, nothing is written. It would go like this:"
    if read is not None:
        yield from ingest_lines(read)
    if built is not None:
        total, new = counted(built.passages, "passage"), f"{built.new:,} of them new"
        yield f"To index: {total}, {new}; {built.embedded:,} to embed, {built.reused:,} with a vector already."


def going_on_line(step: Step) -> str:
    """Return what a run says that goes on where another was cut short."""
    return f"Going on: {step.before:,} of {step.before + (step.total or 0):,} vectors were already made."


def kept_line(last: Step | None, *, indexed: bool) -> str:
    """Return what is kept of a run that was stopped after a step, in an archive that was indexed before or not."""
    if last is None:
        return "Stopped before anything was changed."
    if last.phase == "reading":
        return f"Stopped while reading; what was read is kept: {counted(last.done, 'article')} looked at."
    if last.phase == "vectors":
        return "Stopped while indexing vectors in Chroma; the new index is in use without it, the next update makes it."
    kept = "articles and vectors are kept"
    if last.phase == "embedding":
        kept = f"{last.before + last.done:,} of {last.before + (last.total or 0):,} vectors are made and kept"
    return f"Stopped while indexing; {kept}. " + (
        "Searches use what is indexed so far." if indexed else "Nothing can be searched yet."
    )


def gc_lines(report: GcReport, dry_run: bool) -> Iterator[str]:
    """Yield what went, or would go."""
    for item in report.freed:
        yield f"{item.what}: {item.path}, {item.size / 1e6:,.1f} MB"
    yield f"{'Would free' if dry_run else 'Freed'} {report.size / 1e6:,.1f} MB."
    if report.held:
        yield f"Still read by another process: generation {', '.join(map(str, report.held))}; it goes later."


def backup_lines(report: BackupReport) -> Iterator[str]:
    """Yield where a copy lies."""
    yield f"Copied to {report.path}, {report.size / 1e6:,.1f} MB, and proved whole."
    yield from (f"Dropped the older {path.name}." for path in report.dropped)
    if not report.noted:
        yield "The archive cannot be written to, so it does not know of this copy: a purge will not name it."


def chroma_export_lines(export: ChromaExport) -> Iterator[str]:
    """Yield where a Chroma database lies and what it holds."""
    what = f"{counted(export.passages, 'passage')} as {counted(export.records, 'record')} of {export.dimension} numbers"
    where, size = export.path, f"{export.size / 1e6:,.1f} MB"
    yield f"Exported to {where}: collection {export.collection!r}, {what}, {size}."
    yield "Ask it with query_embeddings of this archive's model; query_texts would be embedded by another."


def repair_lines(report: RepairReport) -> Iterator[str]:
    """Yield what a repair did, and what it could not do."""
    yield from report.repaired
    yield from (f"Lost: {sentence}" for sentence in report.lost)
    yield from (f"Still wrong: {problem.what} run: {command_line(problem.remedy)}" for problem in report.problems)
    if report.whole:
        yield "Everything is whole." if report.repaired else "Everything was whole; nothing to repair."
