"""``morgue browse``, and ``morgue`` alone: open the terminal UI, at a question."""

from __future__ import annotations

import click

from tui.cli.common import Shared, on_archive
from tui.cli.terminal_ui import open_ui
from tui.session.request import MODES, ModeName


@click.command("browse")
@click.argument("query", nargs=-1)
@click.option("--mode", type=click.Choice(MODES), help=f"Without it {MODES[0]}, or that in which you left.")
@on_archive
def command(shared: Shared, query: tuple[str, ...], mode: ModeName | None) -> int:
    """Open the terminal UI, at a question."""
    return open_ui(shared, " ".join(query), mode)
