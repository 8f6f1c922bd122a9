"""``morgue restore``: put a copy of the catalog back, index it, and prove both whole."""

from __future__ import annotations

from pathlib import Path

import click

from tui.cli.common import Shared, json_option, on_archive, quiet_option, tell_whole
from tui.cli.progress import progress
from tui.formats.restore import restore_lines, restore_object


@click.command("restore")
@click.argument("copy", type=click.Path(path_type=Path), metavar="COPY")
@json_option
@quiet_option
@on_archive
def command(shared: Shared, copy: Path, as_json: bool, quiet: bool) -> int:
    """Put a copy of the catalog back, index it, and prove both whole. Exits 5 when they are not.

    COPY is a file in the archive's own backups, or its name alone, or a folder that `morgue backup DIR` made. What is
    in place is kept among the backups. What was purged since the copy was made does not come back.
    """
    from index.maintenance.restore import restore

    with progress(quiet) as tell:
        report = restore(shared.root, copy, tell)
    return tell_whole(report.whole, restore_object(report) if as_json else restore_lines(report), quiet=quiet)
