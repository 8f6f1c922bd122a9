"""``morgue rebuild``."""

from __future__ import annotations

import click

from archive import IngestReport
from tui.cli.common import Shared, json_option, on_archive, quiet_option
from tui.cli.machine import Encoders, all_but_one, step_back
from tui.cli.writing import Manner, Work, jobs_option, run_writing


@click.command("rebuild")
@click.option("--reembed", is_flag=True, help="Compute every vector again; the old index serves until that is done.")
@jobs_option
@json_option
@quiet_option
@on_archive
def command(shared: Shared, reembed: bool, jobs: int | None, as_json: bool, quiet: bool) -> int:
    """Make a new index from the catalog; no vector is computed twice.

    Searches go on in the old index until the new one is whole. A run that was stopped is gone on with. Runs niced and
    on all cores but one.
    """
    from index import build

    step_back()
    encoders = Encoders(jobs or all_but_one())
    with shared.open() as archive:
        work = Work(
            "rebuild",
            archive,
            lambda tell: IngestReport(),
            lambda tell: build(archive, progress=tell, rebuild=True, reembed=reembed, encoder=encoders),
            again="morgue rebuild",
        )
        return run_writing(work, Manner(as_json, quiet))
