"""``morgue browse``, and ``morgue`` alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli.common import Shared, on_archive

if TYPE_CHECKING:
    from index.searcher import Searcher
    from tui.asking import ModeName


@click.command("browse")
@click.argument("query", nargs=-1)
@click.option("--mode", type=click.Choice(("hybrid", "lexical", "semantic")), default="hybrid", show_default=True)
@on_archive
def command(shared: Shared, query: tuple[str, ...], mode: ModeName) -> int:
    """Open the terminal UI, at a question."""
    return open_ui(shared, " ".join(query), mode)


def open_ui(shared: Shared, query: str, mode: ModeName) -> int:
    """Run the terminal UI on the archive that is meant."""
    from tui.app import MorgueApp

    root = shared.root

    def opener() -> Searcher:
        from index.searcher import Searcher

        return Searcher.open(root, on_message=app.tell)

    app = MorgueApp(opener, query, mode)
    app.run()
    return app.return_code or 0
