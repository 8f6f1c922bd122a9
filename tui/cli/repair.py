"""``morgue repair``."""

from __future__ import annotations

import click

from tui.cli.common import Shared, json_option, on_archive, quiet_option
from tui.cli.progress import progress
from tui.output.report import repair_lines
from tui.output.values import repair_object, to_line

DAMAGED = 5


@click.command("repair")
@json_option
@quiet_option
@on_archive
def command(shared: Shared, as_json: bool, quiet: bool) -> int:
    """Make the archive whole: from what is sound in it, from its copies, from its sources.

    Nothing that still works is lost first. What cannot be brought back is listed; the exit code is then 5.
    `morgue verify` tells beforehand what there is to mend.
    """
    from index.repair import repair

    with progress(quiet) as tell:
        report = repair(shared.root, tell)
    if as_json:
        click.echo(to_line(repair_object(report)))
    elif not (quiet and report.whole):
        for line in repair_lines(report):
            click.echo(line)
    return 0 if report.whole else DAMAGED
