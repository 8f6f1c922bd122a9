"""``morgue rebuild``: make a new index; no vector is computed twice."""

from __future__ import annotations

import click

from archive import Archive, IngestReport
from tui.cli.common import Shared, json_option, on_archive, quiet_option
from tui.cli.progress import Form, progress_option
from tui.cli.resources import Encoders, all_but_one, is_waited_for, step_back
from tui.cli.run import Build, Manner, Work, dry_run_option, jobs_option, run_writing


@click.command("rebuild")
@click.option("--reembed", is_flag=True, help="Compute every vector again; the old index serves until that is done.")
@dry_run_option
@jobs_option
@progress_option
@json_option
@quiet_option
@on_archive
def command(
    shared: Shared, reembed: bool, dry_run: bool, jobs: int | None, progress: Form, as_json: bool, quiet: bool
) -> int:
    """Make a new index from the catalog; no vector is computed twice.

    Searches go on in the old index until the new one is whole. A run that was stopped is continued. Unless
    somebody waits at a terminal, runs niced and on all cores but one.
    """
    waited = is_waited_for()
    if shared.alone and not waited:
        step_back()
    manner = Manner(as_json, quiet, dry_run=dry_run, progress=progress)
    if dry_run:
        return _dry_run(shared, reembed, manner)
    from index import build

    encoders = Encoders(jobs or (None if waited else all_but_one()))
    with shared.open() as archive:
        return run_writing(
            _work(
                archive,
                lambda tell: build(archive, progress=tell, rebuild=True, reembed=reembed, encoder=encoders),
            ),
            manner,
        )


def _work(archive: Archive, build: Build) -> Work:
    return Work("rebuild", archive, lambda tell: IngestReport(), build, again="morgue rebuild")


def _dry_run(shared: Shared, reembed: bool, manner: Manner) -> int:
    from archive.dry_run import scratch_copy
    from index.indexing.estimate import estimate_build

    shared.open().close()
    with scratch_copy(shared.root) as copy:
        work = _work(
            copy,
            lambda tell: estimate_build(copy, shared.root, progress=tell, rebuild=True, reembed=reembed),
        )
        return run_writing(work, manner)
