"""What ``add``, ``update`` and ``rebuild`` have in common: build, report, exit code."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

import click

from archive import Archive, IngestReport
from archive.progress import Progress
from tui.cli.common import say
from tui.cli.progress import progress
from tui.output.report import build_lines, ingest_lines
from tui.output.values import report_object, to_line

if TYPE_CHECKING:
    from index import BuildReport

NEW_REFUSALS = 3
Read = Callable[[Progress | None], IngestReport]
Build = Callable[[Progress | None], "BuildReport | None"]


def run_writing(
    command: str, archive: Archive, read: Read, build: Build, *, as_json: bool, quiet: bool, strict: bool
) -> int:
    """Read, build and report; refusals new since the last run exit 3, with ``strict`` any."""
    began = perf_counter()
    with archive.writing(), progress(quiet) as tell:
        found = read(tell)
        if not (as_json or quiet) and command != "rebuild":
            for line in ingest_lines(found):
                say(line)
        built = build(tell)
    if as_json:
        click.echo(to_line(report_object(command, found, built, (perf_counter() - began) * 1000)))
    elif built is not None and not quiet:
        for line in build_lines(built):
            say(line)
    elif quiet:
        for line in ingest_lines(IngestReport(refusals=found.new_refusals)) if found.new_refusals else ():
            say(line)
    refused = found.refusals if strict else found.new_refusals
    return NEW_REFUSALS if refused else 0
