"""``morgue rebuild``."""

from __future__ import annotations

import click

from archive import IngestReport
from tui.cli.common import Shared, json_option, on_archive, quiet_option
from tui.cli.writing import run_writing


@click.command("rebuild")
@click.option("--reembed", is_flag=True, help="Compute every vector again; the old index serves until that is done.")
@json_option
@quiet_option
@on_archive
def command(shared: Shared, reembed: bool, as_json: bool, quiet: bool) -> int:
    """Make a new index from the catalog; no vector is computed twice.

    Searches go on in the old index until the new one is whole. A run that was stopped is gone on with.
    """
    from index import build

    with shared.open() as archive:
        return run_writing(
            "rebuild",
            archive,
            lambda tell: IngestReport(),
            lambda tell: build(archive, progress=tell, rebuild=True, reembed=reembed),
            as_json=as_json,
            quiet=quiet,
            strict=False,
        )
