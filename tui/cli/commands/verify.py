"""``morgue verify``: prove that the archive is whole."""

from __future__ import annotations

import click

from tui.cli.common import Shared, json_option, on_archive, quiet_option, tell_whole
from tui.cli.progress import progress
from tui.formats.json import verify_object
from tui.formats.report import verify_lines


@click.command("verify")
@json_option
@quiet_option
@on_archive
def command(shared: Shared, as_json: bool, quiet: bool) -> int:
    """Prove that the archive is whole: every row, file, offset, digest and vector. Exits 5 when it is not."""
    from index import verify

    with shared.open(unread=True) as archive, progress(quiet) as tell:
        report = verify(archive, tell)
    return tell_whole(report.whole, verify_object(report) if as_json else verify_lines(report), quiet=quiet)
