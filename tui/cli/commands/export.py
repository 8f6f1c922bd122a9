"""``morgue export``: write the passages with their vectors as a Chroma database of its own."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from tui.cli.common import Shared, json_option, on_archive, quiet_option, say
from tui.cli.progress import progress
from tui.cli.signals import Stop, Stopped, Terminated
from tui.formats.json import chroma_export_object, to_line
from tui.formats.report import chroma_export_lines

if TYPE_CHECKING:
    from index import ChromaExport


@click.command("export")
@click.option(
    "--to-chroma",
    "target",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a Chroma database there, a new folder, with the passages as a collection.",
)
@json_option
@quiet_option
@on_archive
def command(shared: Shared, target: Path, as_json: bool, quiet: bool) -> int:
    """Write the passages with their vectors for another program.

    A copy is written, of the index as it is; the archive stays as it is. Ask it by vectors of this archive's model: a
    question in words would be embedded by whatever model the other program has.
    """
    began = perf_counter()
    exported = _exported(shared, target, quiet)
    if as_json:
        click.echo(to_line(chroma_export_object(exported, (perf_counter() - began) * 1000)))
    elif not quiet:
        for line in chroma_export_lines(exported):
            say(line)
    return 0


def _exported(shared: Shared, target: Path, quiet: bool) -> ChromaExport:
    from index import export_to_chroma

    try:
        with Stop(quiet=quiet) as stop, shared.open() as archive, progress(quiet) as bars:
            return export_to_chroma(archive, target, stop.through(bars))
    except (KeyboardInterrupt, Terminated) as error:
        raise Stopped(error, "Stopped; nothing was written.", "the same again") from error
