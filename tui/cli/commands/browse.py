"""``morgue browse``, and ``morgue`` alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli.common import Shared, on_archive
from tui.cli.terminal_ui import open_ui

if TYPE_CHECKING:
    from tui.session.request import ModeName


@click.command("browse")
@click.argument("query", nargs=-1)
@click.option("--mode", type=click.Choice(("hybrid", "lexical", "semantic")), default="hybrid", show_default=True)
@on_archive
def command(shared: Shared, query: tuple[str, ...], mode: ModeName) -> int:
    """Open the terminal UI, at a question."""
    return open_ui(shared, " ".join(query), mode)
