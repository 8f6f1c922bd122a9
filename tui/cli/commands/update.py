"""``morgue update``."""

from __future__ import annotations

import click

from archive import Archive
from tui.cli.common import Shared, json_option, on_archive, quiet_option, strict_option
from tui.cli.resources import Encoders, all_but_one, step_back
from tui.cli.run import Build, Manner, Work, dry_run_option, jobs_option, run_writing
from tui.formats.remedies import Misuse


@click.command("update")
@click.option("--watch", is_flag=True, help="Go on, and update again as files arrive, until Ctrl-C.")
@dry_run_option
@jobs_option
@json_option
@quiet_option
@strict_option
@on_archive
def command(
    shared: Shared, watch: bool, dry_run: bool, jobs: int | None, as_json: bool, quiet: bool, strict: bool
) -> int:
    """Look again at every source and index what changed.

    Changed files get a new version, moved ones stay the same article, vanished ones stay searchable and are marked.
    Runs niced and on all cores but one. With --watch and --json, each run prints one object on a line of its own.
    """
    if shared.alone:
        step_back()
    manner = Manner(as_json, quiet, strict, dry_run)
    if watch and dry_run:
        raise Misuse("A dry run does not watch.", "morgue update --dry-run")
    if dry_run:
        return _rehearse(shared, manner)
    from index import build

    encoders = Encoders(jobs or all_but_one())
    if watch:
        from tui.cli.watch import watch as keep_watching

        return keep_watching(shared, encoders, manner)
    with shared.open() as archive:
        work = _work(archive, encoders.threads, lambda tell: build(archive, progress=tell, encoder=encoders))
        return run_writing(work, manner)


def _work(archive: Archive, jobs: int | None, build: Build) -> Work:
    from index import passage_rule

    rule = passage_rule(archive.settings)
    return Work("update", archive, lambda tell: archive.update(rule, tell, jobs=jobs), build, again="morgue update")


def _rehearse(shared: Shared, manner: Manner) -> int:
    from archive.dry_run import rehearsal
    from index.indexing.estimate import estimate_build

    shared.open().close()
    with rehearsal(shared.root) as copy:
        return run_writing(
            _work(copy, all_but_one(), lambda tell: estimate_build(copy, shared.root, progress=tell)), manner
        )
