"""``morgue gc``: free space that nothing uses and nobody reads."""

from __future__ import annotations

import click

from tui.cli.common import Shared, json_option, on_archive, quiet_option, say
from tui.formats.json import gc_object, to_line
from tui.formats.report import gc_lines


@click.command("gc")
@click.option("--dry-run", is_flag=True, help="Only tell what would go.")
@json_option
@quiet_option
@on_archive
def command(shared: Shared, dry_run: bool, as_json: bool, quiet: bool) -> int:
    """Free space: indexes and vectors that nothing uses and nobody reads, and what killed runs left.

    Articles and their versions stay, removed ones too.
    """
    from index.maintenance.gc import gc

    with shared.open() as archive:
        report = gc(archive, dry_run=dry_run)
    if as_json:
        click.echo(to_line(gc_object(report, dry_run)))
    elif not quiet:
        for line in gc_lines(report, dry_run):
            say(line)
    return 0
