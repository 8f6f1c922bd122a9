"""``morgue repair``: make the archive whole, from what is sound, its copies and its sources."""

from __future__ import annotations

import click

from tui.cli.common import Shared, json_option, on_archive, quiet_option, tell_whole
from tui.cli.progress import progress
from tui.formats.json import repair_object
from tui.formats.report import repair_lines


@click.command("repair")
@json_option
@quiet_option
@on_archive
def command(shared: Shared, as_json: bool, quiet: bool) -> int:
    """Make the archive whole: from what is sound in it, from its copies, from its sources.

    Nothing that still works is lost first. What cannot be brought back is listed; the exit code is then 5.
    `morgue verify` tells beforehand what there is to mend.
    """
    from index.maintenance.repair import repair

    with progress(quiet) as tell:
        report = repair(shared.root, tell)
    return tell_whole(report.whole, repair_object(report) if as_json else repair_lines(report), quiet=quiet)
