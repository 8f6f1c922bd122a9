"""``morgue remove``."""

from __future__ import annotations

import click

from tui.cli.common import Shared, json_option, on_archive, quiet_option, say
from tui.cli.progress import progress
from tui.output.counting import counted
from tui.output.values import removal_object, to_line


@click.command("remove")
@click.argument("id")
@click.option("--undo", is_flag=True, help="Bring back what was removed.")
@click.option("--no-index", is_flag=True, help="Index later with update or rebuild.")
@json_option
@quiet_option
@on_archive
def command(
    shared: Shared,
    id: str,  # noqa: A002 - the DESIGN's name
    undo: bool,
    no_index: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Take out an article or a source; --undo brings it back.

    The text is kept, so that nothing is lost by mistake.
    """
    from index import build

    with shared.open() as archive, archive.writing():
        done = archive.restore(id) if undo else archive.remove(id)
        if not no_index:
            with progress(quiet) as tell:
                build(archive, progress=tell)
    if as_json:
        click.echo(to_line(removal_object("restore" if undo else "remove", done)))
    elif not quiet:
        what = "Brought back" if undo else "Removed"
        say(f"{what} {counted(len(done.articles), 'article')}." + ("" if undo else f" Undo: morgue remove {id} --undo"))
    return 0
