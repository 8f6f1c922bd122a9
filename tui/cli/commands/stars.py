"""``morgue stars``: list the articles you starred."""

from __future__ import annotations

import click

from tui.cli.common import Shared, always_quiet_option, json_option, on_archive, print_lines
from tui.cli.exit_codes import DONE, NOTHING_FOUND
from tui.formats.json import to_line


@click.command("stars")
@json_option
@always_quiet_option
@on_archive
def command(shared: Shared, as_json: bool) -> int:
    """List the articles you starred in the terminal UI, in the order of starring. Exits 1 when there are none."""
    from tui.formats.notebook.stars import star_lines, stars_object

    with shared.open() as archive:
        stars = archive.notebook.stars()
    if as_json:
        click.echo(to_line(stars_object(stars)))
    else:
        print_lines(star_lines(stars))
    return DONE if stars else NOTHING_FOUND
