"""``morgue backup``: copy the archive, or its catalog, and prove the copy whole."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import click

from tui.cli.common import Shared, json_option, on_archive, quiet_option, say
from tui.cli.progress import progress
from tui.formats.json import backup_object, to_line
from tui.formats.report import backup_lines


@click.command("backup")
@click.argument("target", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@json_option
@quiet_option
@on_archive
def command(shared: Shared, target: Path | None, as_json: bool, quiet: bool) -> int:
    """Copy the archive to DIR, a new folder; without DIR, the catalog into the archive's own backups.

    A copy is consistent while others read and write, and is there only once it was proved whole. Of the copies of the
    catalog the newest three are kept; from one of them everything can be made again, only embedding takes time.
    """
    from index.maintenance.backup import backup, backup_catalog

    began = perf_counter()
    with shared.open() as archive, progress(quiet) as tell:
        report = backup_catalog(archive) if target is None else backup(archive, target, tell)
    if as_json:
        click.echo(to_line(backup_object(report, (perf_counter() - began) * 1000)))
    elif not quiet:
        for line in backup_lines(report):
            say(line)
    return 0
