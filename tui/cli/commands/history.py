"""``morgue history``: list the questions you asked in the terminal UI, or forget them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli.common import Shared, json_option, on_archive, print_lines, results_option, say
from tui.cli.exit_codes import DONE, NOTHING_FOUND
from tui.formats.json import SCHEMA, to_line
from tui.formats.lines import Line

if TYPE_CHECKING:
    from tui.session.history import History


@click.command("history")
@click.option("--clear", is_flag=True, help="Forget them, and the place where you left.")
@json_option
@results_option
@on_archive
def command(shared: Shared, clear: bool, as_json: bool, quiet: bool) -> int:
    """List the questions you asked of the archive in the terminal UI, the last one first.

    They lie in your own folder, never in the archive or a copy of it; MORGUE_HISTORY=off lets none be written. Exits 1
    when there are none.
    """
    from tui.session.history import History

    with shared.open() as archive:
        history = History(archive.id)
    return _cleared(history, as_json, quiet) if clear else _listed(history, as_json)


def _cleared(history: History, as_json: bool, quiet: bool) -> int:
    history.clear()
    if as_json:
        click.echo(to_line({"schema": SCHEMA, "questions": []}))
    elif not quiet:
        say("Forgotten.")
    return DONE


def _listed(history: History, as_json: bool) -> int:
    asked = history.questions()
    if as_json:
        questions = [{"question": one.text, "mode": one.mode, "at": one.at, "found": one.found} for one in asked]
        click.echo(to_line({"schema": SCHEMA, "questions": questions}))
    else:
        print_lines(Line(one.text, f"{one.at[:16].replace('T', ' ')}  {one.mode:<8}  ") for one in asked)
    return DONE if asked else NOTHING_FOUND
