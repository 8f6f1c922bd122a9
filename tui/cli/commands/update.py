"""``morgue update``: look again at every source and index what changed."""

from __future__ import annotations

from collections.abc import Callable

import click

from archive import Archive, IngestReport
from archive.core.progress import Progress
from archive.ingest.reprocess import Confirm
from tui.cli.common import Shared, json_option, on_archive, quiet_option, strict_option
from tui.cli.progress import Form, progress_option
from tui.cli.reprocess import agreed, always, never, yes_option
from tui.cli.resources import Encoders, all_but_one, is_waited_for, step_back
from tui.cli.run import Build, Manner, Work, dry_run_option, jobs_option, run_writing
from tui.formats.remedies import Misuse


@click.command("update")
@click.option("--watch", is_flag=True, help="Go on, and update again as files arrive, until Ctrl-C.")
@dry_run_option
@yes_option
@jobs_option
@progress_option
@json_option
@quiet_option
@strict_option
@on_archive
def command(
    shared: Shared,
    watch: bool,
    dry_run: bool,
    yes: bool,
    jobs: int | None,
    progress: Form,
    as_json: bool,
    quiet: bool,
    strict: bool,
) -> int:
    """Look again at every source and index what changed.

    Changed files get a new version, moved ones stay the same article, vanished ones stay searchable and are marked.
    Articles that an older Morgue read by other rules are processed again; where that is more than a twentieth of them,
    only with --yes or when you agree.
    Unless somebody waits at a terminal, runs niced and on all cores but one. With --watch and --json, each run prints
    one object on a line of its own.
    """
    waited = is_waited_for() and not watch
    if shared.alone and not waited:
        step_back()
    jobs = jobs or (None if waited else all_but_one())
    manner = Manner(as_json, quiet, strict, dry_run, progress)
    if watch and dry_run:
        raise Misuse("A dry run does not watch.", "morgue update --dry-run")
    if dry_run:
        return _dry_run(shared, jobs, always if yes else never, manner)
    encoders = Encoders(jobs)
    if watch:
        from tui.cli.watch import watch as keep_watching

        return keep_watching(shared, encoders, manner, always if yes else never)
    with shared.open() as archive:
        confirm = always if agreed(archive, manner, yes=yes) else never
        from index import Growing

        growing = Growing(archive, encoders)
        work = _work(archive, encoders.threads, confirm, growing.finish, growing.while_reading)
        return run_writing(work, manner)


def _work(
    archive: Archive,
    jobs: int | None,
    confirm: Confirm,
    build: Build,
    through: Callable[[Progress | None], Progress | None] = lambda tell: tell,
) -> Work:
    from index import passage_rule

    rule = passage_rule(archive.settings)

    def read(tell: Progress | None) -> IngestReport:
        return archive.update(rule, through(tell), jobs=jobs, confirm=confirm)

    return Work("update", archive, read, build, again="morgue update")


def _dry_run(shared: Shared, jobs: int | None, confirm: Confirm, manner: Manner) -> int:
    from archive.dry_run import scratch_copy
    from index.indexing.estimate import estimate_build

    shared.open().close()
    with scratch_copy(shared.root) as copy:
        work = _work(copy, jobs, confirm, lambda tell: estimate_build(copy, shared.root, progress=tell))
        return run_writing(work, manner)
