"""``morgue status``: tell what there is and how far the index is behind."""

from __future__ import annotations

import click

from tui.cli.common import Shared, always_quiet_option, json_option, on_archive, print_lines
from tui.formats.json import status_object, to_line
from tui.formats.report import status_lines


@click.command("status")
@json_option
@always_quiet_option
@on_archive
def command(shared: Shared, as_json: bool) -> int:
    """Tell what there is and how far the index is behind."""
    from index import status

    with shared.open() as archive:
        state = status(archive)
    if as_json:
        click.echo(to_line(status_object(state)))
    else:
        print_lines(status_lines(state))
    return 0
