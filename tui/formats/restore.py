"""What ``morgue restore`` prints: lines for people, an object for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.formats.json import SCHEMA, problem_object
from tui.formats.plural import counted
from tui.formats.remedies import command_line

if TYPE_CHECKING:
    from index.maintenance.restore import RestoreReport
    from tui.formats.json import Json


def restore_lines(report: RestoreReport) -> Iterator[str]:
    """Yield what was put back, what was kept, and what is wrong."""
    yield f"Put back {report.copy}: {counted(report.articles, 'article')}."
    if report.kept is not None:
        yield f"What was in place is kept as {report.kept}."
    yield from (f"Wrong: {problem.what} run: {command_line(problem.remedy)}" for problem in report.problems)
    if report.whole:
        yield "Everything is whole. To take in what came to the sources since that copy: morgue update"


def restore_object(report: RestoreReport) -> Json:
    """Return what ``restore --json`` prints."""
    return {
        "schema": SCHEMA,
        "whole": report.whole,
        "copy": str(report.copy),
        "kept": None if report.kept is None else str(report.kept),
        "articles": report.articles,
        "generation": report.generation,
        "problems": [problem_object(problem) for problem in report.problems],
    }
