"""What is being added, in words: what was seen beforehand, how far it is, how it ended and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from archive.text.visible import visible_line
from tui.app.notices import against
from tui.formats.plural import counted
from tui.formats.wrapping import fit

if TYPE_CHECKING:
    from tui.writing.ended import Refused, Report
    from tui.writing.folders import Completion
    from tui.writing.job import Job, Target
    from tui.writing.progress import Counts
    from tui.writing.survey import Kind, Survey

PHASES: Final = {
    "reading": "Reading",
    "lexical": "Indexing words",
    "embedding": "Reckoning meanings",
    "vectors": "Indexing meanings",
    "verifying": "Proving the index",
}
_ITEMS: Final = {"reading": "article", "lexical": "article", "embedding": "passage", "vectors": "passage"}
_MOST: Final = 1_000  # refusals that are listed; chosen, not measured: more are looked through elsewhere
_BAR: Final = 30  # cells
_TITLE: Final = 50  # cells of an article's title; chosen, not measured: a notice holds it in two lines


def title(job: Job, *, short: bool = False) -> str:
    """Say what is done to which archive; ``short`` with names alone."""
    name = job.root.name or str(job.root)
    if job.target is not None:
        doing, where = ("Taking", "out of") if job.verb == "remove" else ("Bringing", "back to")
        return visible_line(f"{doing} {quoted(job.target)} {where} {name}")
    path = job.path.name if short and job.path is not None and job.path.name else job.path
    what = f"Adding {path} to" if path is not None else "Updating"
    return visible_line(f"{what} {name}")


def quoted(target: Target) -> str:
    """Return the title of what is taken out or brought back, as far as there is room for it."""
    return f"“{fit(visible_line(target.title), _TITLE)}”"


def moved(job: Job) -> str:
    """Say what became of an article that was taken out or brought back."""
    assert job.target is not None
    how = "was taken out of" if job.verb == "remove" else "is back in"
    return f"{quoted(job.target)} {how} the archive"


def line(job: Job) -> str:
    """Say in one line what is being done and how far it is."""
    if job.ended is not None:
        return ""
    far = job.far
    parts = [_state(job)]
    if far is not None and not job.paused:
        parts += [_done(job), *_pace(job)]
    return f"{title(job, short=True)}: {', '.join(part for part in parts if part)}"


def bar(job: Job) -> str:
    """Draw how much of what is being done is done; the same width whatever it is at."""
    share = job.share
    if share is None:
        return "·" * _BAR
    full = round(share * _BAR)
    return "█" * full + "░" * (_BAR - full)


def far_lines(job: Job) -> Iterator[str]:
    """Yield how far a run is: what it is at, how much of it, at what pace, and what was found so far."""
    yield _state(job)
    yield f"{bar(job)}  {', '.join(part for part in (_done(job), *_pace(job)) if part)}"
    if job.counts is not None:
        yield found(job.counts)


def found(counts: Counts) -> str:
    """Say what was found in the sources so far."""
    named = ("added", "changed", "moved", "unchanged", "refused")
    return ", ".join(f"{getattr(counts, name):,} {name}" for name in named)


def ended_lines(job: Job) -> Iterator[str]:
    """Yield how a run ended, what was refused, and what to do."""
    ended = job.ended
    assert ended is not None
    if ended.report is not None:
        yield from _report_lines(job, ended.report)
        return
    if ended.moved is not None:
        yield f"{moved(job)}."
        return
    if ended.killed_by:
        yield f"It was ended from outside, by {ended.killed_by}. What it had finished is kept."
        yield from _go_on(job)
        return
    yield visible_line(ended.message) or f"It ended with code {ended.code}, and did not say why."
    if job.stops:
        yield from _go_on(job)
    elif ended.run:
        yield visible_line(f"What helps:  {against(ended.run, job.root)}")


def ended_line(job: Job) -> str:
    """Say in one line how a run ended."""
    ended = job.ended
    if ended is not None and ended.report is not None:
        return f"{title(job, short=True)}: done. {_changes(ended.report)}"
    if ended is not None and ended.moved is not None:
        return f"{moved(job)}."
    return f"{title(job, short=True)}: {next(ended_lines(job))}"


def survey_lines(seen: Survey, width: int) -> Iterator[str]:
    """Yield what lies at a path, in so many cells each."""
    state = "" if seen.whole else " so far …"
    if seen.read:
        yield f"To be read: {counted(seen.files, 'file')}, {_size(sum(kind.size for kind in seen.read))}{state}"
        yield from (_kind(kind, width) for kind in seen.read)
    else:
        yield f"Nothing here can be read{state or '.'}"
    if seen.left:
        yield ""
        yield f"Left out: {sum(kind.files for kind in seen.left):,}"
        yield from (_kind(kind, width) for kind in seen.left)
    yield ""
    if seen.read:
        yield "Enter begins. What is in the archive already and unchanged is not read again."


def offer_lines(completion: Completion, most: int) -> Iterator[str]:
    """Yield the ways in which a path may go on, at most so many."""
    for offer in completion.offers[:most]:
        yield f"  {visible_line(offer.name)}{'   an archive' if offer.archive else ''}"
    if len(completion.offers) > most:
        yield "  …"


def time_left(seconds: float) -> str:
    """Say how long something takes, roughly, as nobody knows it exactly."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s left"
    if seconds < 3600:
        return f"{round(seconds / 60)} min left"
    return f"{seconds / 3600:.1f} h left"


def _state(job: Job) -> str:
    if job.paused:
        return "Paused: p goes on"
    if job.stops:
        return "Stopping after this batch" if job.stops == 1 else "Stopping at once"
    return "Beginning" if job.far is None else PHASES.get(job.far.phase, visible_line(job.far.phase))


def _done(job: Job) -> str:
    far = job.far
    if far is None:
        return ""
    noun = _ITEMS.get(far.phase, "")
    if not noun:
        return f"{far.done:,} of {far.total:,}" if far.total is not None else ""
    return f"{far.done:,} of {counted(far.total, noun)}" if far.total is not None else counted(far.done, noun)


def _pace(job: Job) -> Iterator[str]:
    far = job.far
    if far is None or job.paused:
        return
    if far.rate:
        yield f"{far.rate:,.0f} a second" if far.rate >= 1 else f"{far.rate * 60:,.0f} a minute"
    if (left := job.left) is not None and far.done != far.total:
        yield time_left(left)


def _go_on(job: Job) -> Iterator[str]:
    yield "R goes on with it." if job.path is None else "R goes on with what was begun; A adds the same folder again."


def _report_lines(job: Job, report: Report) -> Iterator[str]:
    yield f"Done. {_changes(report)}"
    yield f"The index has {counted(report.passages, 'passage')}, {report.new:,} of them new."
    if report.missing:
        yield f"Gone from their place, and searchable all the same: {counted(report.missing, 'article')}."
    if report.waiting:
        again = against("morgue update --yes", job.root)
        yield visible_line(
            f"Made by older rules: {counted(report.waiting, 'article')}. To process them again:  {again}"
        )
    if report.refusals:
        yield ""
        yield f"Refused: {len(report.refusals):,}"
        yield from (_refused(job, each) for each in report.refusals[:_MOST])
    if len(report.refusals) > _MOST:
        yield visible_line(f"and {len(report.refusals) - _MOST:,} more:  {against('morgue status --json', job.root)}")


def _changes(report: Report) -> str:
    counts = ((report.added, "added"), (report.changed, "changed"), (report.moved, "moved"))
    said = ", ".join(f"{count:,} {word}" for count, word in (*counts, (report.unchanged, "unchanged")) if count)
    refused = f"; {len(report.refusals):,} refused" if report.refusals else ""
    return f"Articles: {said or 'none found'}{refused}."


def _refused(job: Job, each: Refused) -> str:
    record = f" (record {each.record})" if each.record else ""
    reason = each.reason
    if each.code == "purged":  # the reason ends with the command that takes it in again
        before, command, after = reason.partition("morgue add")
        reason = f"{before}{against(f'{command}{after}', job.root)}" if command else reason
    return f"  {visible_line(each.path)}{visible_line(record)}: {visible_line(reason)}"


def _kind(kind: Kind, width: int) -> str:
    first = ", ".join(map(visible_line, kind.first))
    more = ", …" if kind.files > len(kind.first) else ""
    size = _size(kind.size) if kind.size else ""
    return fit(f"  {kind.files:>7,}  {size:>9}  {visible_line(kind.name)}: {first}{more}", width)


def _size(size: int) -> str:
    for unit, bytes_each in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= bytes_each:
            return f"{size / bytes_each:,.1f} {unit}"
    return f"{size} B"
